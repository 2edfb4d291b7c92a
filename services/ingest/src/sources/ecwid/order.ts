import type { OrderLine } from '@orderflow/shared/events';
import { fieldsOf, type Fields } from '../../convert/index.ts';
import {
  accountCurrency, always, country, decimal, each, first, forEach, known, major, needed, ofOuter, orderChanged, orderCreated, price, returnRequested, seconds, sumOf, text, then, time,
  together, word, type Make, type OrderMap, type Read, type Scope,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

const id = text('id', 'vendorOrderNumber', 'orderNumber');
const changedAt = first(seconds('updateTimestamp'), time('updateDate'), seconds('createTimestamp'), time('createDate'));
const numbered = (path: string): Read<string> => then(text(path), (number) => (number === '0' ? undefined : number));
/** "Name and address of the person entered in shipping information"; the bill's may be switched off. */
const person = (name: string): Read<string> => text(`shippingPerson.${name}`, `billingPerson.${name}`);

/** The sum of some amounts; none where there is none. */
const summed = (...reads: readonly Read<number>[]): Read<number> => (one, scope) => {
  const found = reads.map((read) => read(one, scope)).filter((value) => value !== undefined);
  return found.length === 0 ? undefined : found.reduce((all, value) => all + value, 0);
};

/** Fees beside the products. */
function fees(order: Fields, scope: Scope): readonly OrderLine[] {
  const line = (lineId: string, name: string | undefined, amount: number | undefined): OrderLine[] =>
    amount === undefined || amount === 0 ? [] : [{ id: lineId, ...(name !== undefined && { name }), quantity: 1, unitPrice: needed(price(always(amount)), order, scope), total: amount, class: 'fee' }];
  return [
    ...line('handling', text('handlingFee.name')(order, scope), major('handlingFee.value')(order, scope)),
    ...each('customSurcharges')(order).flatMap((one, at) => line(`surcharge-${at + 1}`, text('description', 'id')(one, scope), major('total', 'value')(one, scope))),
  ];
}

const cancelled = { CANCELLED: 'CANCELLED' } as const;

/** https://docs.ecwid.com/api-reference/rest-api/orders/get-order : decimal numbers, Unix seconds. */
const order: OrderMap = {
  id,
  number: text('vendorOrderNumber', 'id', 'orderNumber'),
  placedAt: first(seconds('createTimestamp'), time('createDate')),
  version: changedAt,
  status: first<'NEW' | 'PROCESSING' | 'COMPLETED' | 'CANCELLED' | 'UNKNOWN'>(known('paymentStatus', cancelled), word('fulfillmentStatus', {
    AWAITING_PROCESSING: 'NEW', PROCESSING: 'PROCESSING', READY_FOR_PICKUP: 'PROCESSING', OUT_FOR_DELIVERY: 'PROCESSING', SHIPPED: 'COMPLETED', DELIVERED: 'COMPLETED', RETURNED: 'COMPLETED', WILL_NOT_DELIVER: 'CANCELLED',
  }, 'UNKNOWN')),
  currency: accountCurrency,
  // a gift card is a way to pay
  total: first(major('totalBeforeGiftCardRedemption'), major('total')),
  subtotal: major('subtotal'),
  discount: summed(major('discount'), major('couponDiscount')),
  tax: major('tax'),
  shipping: major('shippingOption.shippingRate'),
  payment: {
    status: word('paymentStatus', {
      AWAITING_PAYMENT: 'PENDING', INCOMPLETE: 'PENDING', PAID: 'PAID', REFUNDED: 'REFUNDED', PARTIALLY_REFUNDED: 'PARTIALLY_REFUNDED', CANCELLED: 'VOIDED',
    }, 'UNKNOWN'),
    method: text('paymentMethod', 'paymentModule'),
    reference: text('externalTransactionId'),
  },
  fulfilment: {
    status: first<'UNFULFILLED' | 'PACKED' | 'SHIPPED' | 'OUT_FOR_DELIVERY' | 'DELIVERED' | 'CANCELLED' | 'UNKNOWN'>(known('paymentStatus', cancelled), word('fulfillmentStatus', {
      AWAITING_PROCESSING: 'UNFULFILLED', PROCESSING: 'UNFULFILLED', READY_FOR_PICKUP: 'PACKED', SHIPPED: 'SHIPPED', OUT_FOR_DELIVERY: 'OUT_FOR_DELIVERY', DELIVERED: 'DELIVERED', WILL_NOT_DELIVER: 'CANCELLED',
    }, 'UNKNOWN')),
  },
  customer: {
    id: numbered('customerId'),
    name: text('billingPerson.name', 'shippingPerson.name'),
    email: text('email'),
    phone: person('phone'),
    // "address line 1 and address line 2, separated by '\n'"
    line: then(person('street'), (street) => street.replace(/\s*\n\s*/g, ' ')),
    city: person('city'),
    state: person('stateOrProvinceCode'),
    postalCode: person('postalCode'),
    country: country('shippingPerson.countryCode', 'billingPerson.countryCode'),
  },
  lines: {
    of: each('items'),
    map: {
      id: text('id'), productId: numbered('productId'), sku: text('sku'), name: text('name'), category: numbered('categoryId'), quantity: decimal('quantity'), unitPrice: decimal('price'),
      discount: summed(sumOf('discounts', major('total')), major('couponAmount')), tax: major('tax'), unitCost: decimal('costPrice'),
    },
  },
  more: fees,
  comment: text('orderComments'),
};

/** Where the parcel is. */
const tracking: Make = (fields, context, outer) =>
  fields.text('trackingNumber') === undefined ? [] : orderChanged({
    orderId: id, at: changedAt, tracking: { carrier: text('shippingOption.shippingCarrierName'), number: text('trackingNumber'), url: text('shippingOption.trackingUrl', 'trackingUrl') },
  })(fields, context, outer);

const refundedAt = time('date');
const refund = returnRequested({
  id: (one, scope) => `${needed(ofOuter(id), one, scope)}-${Date.parse(needed(refundedAt, one, scope)) / 1000}`,
  orderId: ofOuter(id),
  requestedAt: refundedAt,
  decided: always('APPROVED'),
  comment: text('reason'),
  currency: accountCurrency,
  amount: major('amount'),
});

/** An order as the API returns it, with where it is and what was paid back. */
export const toEvents = (payload: unknown, context: AskedContext): Items =>
  together(orderCreated(order), tracking, forEach(each('refunds'), refund))(fieldsOf(payload), { ...context, route: 'order.created' });
