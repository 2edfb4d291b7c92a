import type { FulfilmentStatus, OrderLine, OrderStatus, PaymentStatus } from '@orderflow/shared/events';
import { fieldsOf, present } from '../../convert/index.ts';
import {
  country, currency, decimal, difference, each, first, joined, known, major, needed, orderChanged, orderCreated, text, then, time, together, word, type Make, type OrderMap, type Read, type Scope,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

const id = text('orderNo');
const changedAt = time(['lastModified', 'creationDate']);
/** An order that was replaced is counted as the one that replaced it. */
const gone = known('status', { cancelled: 'CANCELLED', replaced: 'CANCELLED' });
const confirmed: Read<OrderStatus> = (order) => (order.text('status') === 'new' && order.text('confirmationStatus') === 'confirmed' ? 'CONFIRMED' : undefined);
const payment: Read<PaymentStatus> = first<PaymentStatus>(
  known('paymentStatus', { paid: 'PAID' }), then(gone, () => 'VOIDED'), word<PaymentStatus>('paymentStatus', { part_paid: 'PENDING', not_paid: 'PENDING' }, 'UNKNOWN'),
);
const fulfilment: Read<FulfilmentStatus> = first<FulfilmentStatus>(
  gone, word<FulfilmentStatus>('shippingStatus', { not_shipped: 'UNFULFILLED', part_shipped: 'PARTIAL', shipped: 'SHIPPED' }, 'UNKNOWN'),
);
/** An order may go to several addresses: the first counts. */
const address = (name: string): readonly [string, string] => [`shipments.0.shippingAddress.${name}`, `billingAddress.${name}`];

const giftCertificates = (order: Parameters<Read<string>>[0], scope: Scope): readonly OrderLine[] =>
  order.list('giftCertificateItems').map((one) => {
    const total = needed(major('amount'), one, scope);
    return present({ id: one.id('giftCertificateItemId'), name: 'Gift certificate', quantity: 1, unitPrice: needed(decimal('amount'), one, scope), total, class: 'giftCard' as const });
  });

/** Amounts are numbers, with or without the tax as the site's `taxation` has it; `price` is that of all pieces, before any discount. */
const order: OrderMap = {
  id,
  number: id,
  placedAt: time('creationDate'),
  version: changedAt,
  status: first<OrderStatus>(confirmed, word<OrderStatus>('status', { new: 'NEW', open: 'CONFIRMED', completed: 'COMPLETED', cancelled: 'CANCELLED', replaced: 'CANCELLED' }, 'UNKNOWN')),
  currency: currency('currency'),
  total: major('orderTotal'),
  subtotal: major('productSubTotal'),
  discount: difference(major('productSubTotal'), major('productTotal')),
  tax: major('taxTotal'),
  shipping: major('shippingTotal'),
  payment: { status: payment, method: text('paymentInstruments.0.paymentMethodId'), reference: text('paymentInstruments.0.paymentInstrumentId') },
  fulfilment: { status: fulfilment },
  customer: {
    id: text('customerInfo.customerNo', 'customerInfo.customerId'),
    name: first(joined('customerInfo.firstName', 'customerInfo.lastName'), text('customerName', 'customerInfo.customerName'), joined('billingAddress.firstName', 'billingAddress.lastName')),
    email: text('customerInfo.email'),
    phone: text('customerInfo.phone', ...address('phone')),
    line: first(joined('shipments.0.shippingAddress.address1', 'shipments.0.shippingAddress.address2'), joined('billingAddress.address1', 'billingAddress.address2')),
    city: text(...address('city')),
    state: text(...address('stateCode')),
    postalCode: text(...address('postalCode')),
    country: country(...address('countryCode')),
  },
  lines: {
    of: each('productItems'),
    map: {
      id: text('itemId'), productId: text('productId'), sku: text('productId'), name: text('productName', 'itemText'), quantity: decimal('quantity'), unitPrice: decimal('basePrice'),
      discount: difference(major('price'), major('priceAfterItemDiscount', 'price')), tax: major('tax'), total: major('priceAfterItemDiscount', 'price'),
    },
  },
  more: giftCertificates,
  comment: text('shipments.0.giftMessage'),
};

const tracking: Make = (fields, context, outer) =>
  fields.list('shipments').some((one) => one.text('trackingNumber') !== undefined)
    ? orderChanged({ orderId: id, at: changedAt, tracking: { carrier: text('shipments.0.shippingMethod.name'), number: (one) => one.list('shipments').map((parcel) => parcel.text('trackingNumber')).findLast((number) => number !== undefined) } })(fields, context, outer)
    : [];

/** Not placed yet (`created`), or never (`failed`): no order of ours. */
const placed = (status: string | undefined): boolean => status !== 'created' && status !== 'failed';

/** An order as the list holds it. */
export function toEvents(payload: unknown, context: AskedContext): Items {
  const fields = fieldsOf(payload);
  return placed(fields.text('status')) ? together(orderCreated(order), tracking)(fields, { ...context, route: 'order.created' }) : [];
}
