import type { OrderLine } from '@orderflow/shared/events';
import { fieldsOf, type Fields } from '../../convert/index.ts';
import {
  always, country, currency, decimal, difference, each, first, forEach, joined, known, major, needed, ofOuter, orderChanged, orderCreated, price, returnRequested, sumOf, text, then,
  time, together, word, type Make, type OrderMap, type Read, type Scope,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';
import { productPages } from './calls.ts';
import { fulfilments, payments, paymentsByStatus, refunds, statuses } from './states.ts';

/** Names for something that is not there: `0` of a guest, or of a product that is in no catalogue. */
const numbered = (...paths: readonly string[]): Read<string> => then(text(...paths), (id) => (id === '0' ? undefined : id));
const some = <T extends number | string>(read: Read<T>): Read<T> => then(read, (value) => (Number(value) === 0 ? undefined : value));

const id = text('first.id');
const changedAt = time(['first.date_modified', 'first.date_created']);
/** The currency "the shopper pays in"; `currency_code` is the one that prices were shown in. */
const paidIn = currency('first.default_currency_code', 'first.currency_code');

/** With tax, and after every discount; older orders do not say it, and tell their discounts one by one. */
const lineTotal: Read<number> = first(some(major('discounted_total_inc_tax')), difference(major('total_inc_tax'), sumOf('applied_discounts', major('amount'))));

const address = (name: string): Read<string> => text(`addresses.0.${name}`, `first.billing_address.${name}`);

/** Handling, wrapping and fees are in the total and in no product. */
function besides(order: Fields, scope: Scope): readonly OrderLine[] {
  const line = (lineId: string, name: string, amount: number): OrderLine[] =>
    amount === 0 ? [] : [{ id: lineId, name, quantity: 1, unitPrice: needed(price(always(amount)), order, scope), total: amount, class: 'fee' }];
  const cost = (name: string): number => major(`first.${name}_cost_inc_tax`)(order, scope) ?? 0;
  const fees = each('first.fees')(order).flatMap((fee, at) =>
    line(`fee-${fee.text('id') ?? at + 1}`, text('display_name_merchant', 'display_name_customer', 'type')(fee, scope) ?? 'Fee', major('cost_inc_tax')(fee, scope) ?? 0));
  return [...line('handling', 'Handling', cost('handling')), ...line('wrapping', 'Gift wrapping', cost('wrapping')), ...fees];
}

/** https://developer.bigcommerce.com/docs/rest-management/orders and …/orders/order-products: decimal text, mostly with four digits. */
const order: OrderMap = {
  id,
  number: id,
  placedAt: time('first.date_created'),
  version: changedAt,
  status: word('first.status_id', statuses, 'UNKNOWN'),
  currency: paidIn,
  total: major('first.total_inc_tax'),
  subtotal: major('first.subtotal_inc_tax'),
  discount: (one, scope) => (major('first.discount_amount')(one, scope) ?? 0) + (major('first.coupon_discount')(one, scope) ?? 0),
  tax: major('first.total_tax'),
  shipping: major('first.shipping_cost_inc_tax'),
  payment: {
    status: first<'PAID' | 'PENDING' | 'FAILED' | 'REFUNDED' | 'PARTIALLY_REFUNDED' | 'VOIDED' | 'UNKNOWN'>(
      known('first.status_id', refunds), known('first.payment_status', payments), (one, scope) => (text('first.payment_status')(one, scope) === undefined ? known('first.status_id', paymentsByStatus)(one, scope) : undefined),
    ),
    method: text('first.payment_method'),
    reference: text('first.payment_provider_id'),
  },
  fulfilment: { status: word('first.status_id', fulfilments, 'UNKNOWN') },
  customer: {
    id: numbered('first.customer_id'),
    name: first(joined('first.billing_address.first_name', 'first.billing_address.last_name'), joined('addresses.0.first_name', 'addresses.0.last_name')),
    email: text('first.billing_address.email', 'addresses.0.email'),
    phone: text('first.billing_address.phone', 'addresses.0.phone'),
    line: first(joined('addresses.0.street_1', 'addresses.0.street_2'), joined('first.billing_address.street_1', 'first.billing_address.street_2')),
    city: address('city'),
    state: address('state'),
    postalCode: address('zip'),
    country: country('addresses.0.country_iso2', 'first.billing_address.country_iso2'),
  },
  lines: {
    of: (one) => productPages.flatMap((page) => one.list(page)),
    map: {
      id: text('id'), productId: numbered('product_id'), sku: text('sku'), name: text('name'), quantity: decimal('quantity'), unitPrice: decimal('price_inc_tax'),
      discount: difference(major('total_inc_tax'), lineTotal), tax: major('total_tax'), total: lineTotal, unitCost: some(decimal('base_cost_price')),
      class: known('type', { giftcertificate: 'giftCard' }),
    },
  },
  more: besides,
  comment: text('first.customer_message'),
};

/** Where the last parcel is. */
const tracking: Make = (fields, context, outer) => {
  const at = fields.list('shipments').findLastIndex((one) => one.text('tracking_number') !== undefined || one.text('tracking_link') !== undefined);
  if (at < 0) return [];
  const parcel = (...names: readonly string[]): Read<string> => text(...names.map((name) => `shipments.${at}.${name}`));
  const carrier = parcel('shipping_provider_display_name', 'tracking_carrier', 'shipping_provider');
  return orderChanged({ orderId: id, at: changedAt, tracking: { carrier, number: parcel('tracking_number'), url: parcel('tracking_link', 'generated_tracking_link') } })(fields, context, outer);
};

const taken = each('payments');
/** A refund that no payment provider took has not been made. */
const declined = (refund: Fields): boolean => taken(refund).length > 0 && taken(refund).every((one) => one.flag('is_declined') === true);

/** https://developer.bigcommerce.com/docs/rest-management/orders/payment-actions#get-refunds-for-order : numbers. */
const refund = returnRequested({
  id: text('id'),
  orderId: ofOuter(id),
  requestedAt: time('created'),
  decided: (one) => (declined(one) ? 'REJECTED' : 'APPROVED'),
  comment: (one, scope) => text('reason')(one, scope) ?? each('items')(one).map((item) => item.text('reason')).find((reason) => reason !== undefined),
  currency: ofOuter(paidIn),
  amount: major('total_amount'),
  lines: {
    of: (one) => one.list('items').filter((item) => item.text('item_type') === 'PRODUCT'),
    map: { lineId: text('item_id'), quantity: decimal('quantity'), amount: major('requested_amount') },
  },
});

/** An order as its calls are joined (calls.ts), with where it is and what was paid back. */
export const toEvents = (payload: unknown, context: AskedContext): Items =>
  together(orderCreated(order), tracking, forEach(each('refunds.data'), refund))(fieldsOf(payload), { ...context, route: 'order.created' });
