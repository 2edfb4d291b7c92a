import { exactText, fieldsOf, moneyOfUnits, Unreadable, type Exact, type Fields } from '../../convert/index.ts';
import {
  always, country, currency, decimal, each, first, forEach, inside, joined, needed, ofOuter, orderChanged, orderCreated, returnRequested, seconds, text, then, together,
  type Make, type OrderMap, type Read,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

/** `{ amount, divisor }`: 1250 of 100 is 12.50. The divisor is a power of ten. */
const scaleOf = (money: Fields): number => {
  const divisor = money.text('divisor') ?? '100';
  if (!/^10{0,9}$/.test(divisor)) throw new Unreadable('amount', money.path('divisor'), 'must be a power of ten');
  return divisor.length - 1;
};
const amount = (path: string): Read<number> => inside(path, Object.assign((one: Fields, scope: { readonly currency: string }) => {
  const found = one.text('amount');
  return found === undefined ? undefined : moneyOfUnits(found, scaleOf(one), scope.currency, one.path('amount')).minor;
}, { at: 'amount' }));
const unit = (path: string): Read<string> => inside(path, Object.assign((one: Fields) => {
  const units: Exact | undefined = one.integer('amount') === undefined ? undefined : { units: BigInt(one.id('amount')), scale: scaleOf(one) };
  return units && exactText(units);
}, { at: 'amount' }));

const id = text('receipt_id');
const placedAt = seconds('create_timestamp', 'created_timestamp');
const changedAt = seconds('update_timestamp', 'updated_timestamp', 'create_timestamp', 'created_timestamp');

/** Examples write states with a capital, the list of states without. */
const state = then(text('status'), (word) => word.toLowerCase());
const states = <T extends string>(table: Readonly<Record<string, T>>): Read<T> => then(state, (word) => (Object.hasOwn(table, word) ? table[word] : undefined));
const flag = <T extends string>(name: string, yes: T, no: T): Read<T> => (receipt) => {
  const said = receipt.flag(name);
  return said === undefined ? undefined : said ? yes : no;
};

/** https://developers.etsy.com/documentation/reference#operation/getShopReceipt */
const receipt: OrderMap = {
  id,
  number: id,
  placedAt,
  version: changedAt,
  status: states({
    'open': 'NEW', 'payment processing': 'NEW', 'paid': 'CONFIRMED', 'completed': 'COMPLETED', 'canceled': 'CANCELLED', 'fully refunded': 'COMPLETED', 'partially refunded': 'COMPLETED',
  }),
  currency: currency('grandtotal.currency_code'),
  total: amount('grandtotal'),
  // the sum of the listings' prices, before coupons
  subtotal: amount('total_price'),
  discount: amount('discount_amt'),
  tax: amount('total_tax_cost'),
  shipping: amount('total_shipping_cost'),
  payment: {
    status: first<'PAID' | 'PENDING' | 'REFUNDED' | 'PARTIALLY_REFUNDED' | 'VOIDED'>(
      states({ 'fully refunded': 'REFUNDED', 'partially refunded': 'PARTIALLY_REFUNDED', 'canceled': 'VOIDED' }), flag('is_paid', 'PAID', 'PENDING'),
    ),
    method: text('payment_method'),
  },
  fulfilment: { status: first<'CANCELLED' | 'SHIPPED' | 'UNFULFILLED'>(states({ canceled: 'CANCELLED' }), flag('is_shipped', 'SHIPPED', 'UNFULFILLED')) },
  customer: {
    id: text('buyer_user_id'),
    name: text('name'),
    email: text('buyer_email'),
    line: joined('first_line', 'second_line'),
    city: text('city'),
    state: text('state'),
    postalCode: text('zip'),
    country: country('country_iso'),
  },
  lines: {
    of: each('transactions'),
    // "one transaction per listing purchased"
    map: { id: text('transaction_id'), productId: text('listing_id', 'product_id'), sku: text('sku'), name: text('title'), quantity: decimal('quantity'), unitPrice: unit('price') },
  },
  more: (one, scope) => {
    const wrapping = amount('gift_wrap_price')(one, scope) ?? 0;
    return wrapping === 0 ? [] : [{ id: 'gift-wrap', name: 'Gift wrapping', quantity: 1, unitPrice: needed(unit('gift_wrap_price'), one, scope), total: wrapping, class: 'fee' }];
  },
  comment: joined('message_from_buyer', 'gift_message'),
};

/** Where the last parcel is. */
const tracking: Make = (fields, context, outer) => {
  const at = fields.list('shipments').findLastIndex((parcel) => parcel.text('tracking_code') !== undefined);
  if (at < 0) return [];
  return orderChanged({ orderId: id, at: changedAt, tracking: { carrier: text(`shipments.${at}.carrier_name`), number: text(`shipments.${at}.tracking_code`) } })(fields, context, outer);
};

const refundedAt = seconds('created_timestamp');
const refund = returnRequested({
  id: (one, scope) => `${needed(ofOuter(id), one, scope)}-${needed(text('created_timestamp'), one, scope)}`,
  orderId: ofOuter(id),
  requestedAt: refundedAt,
  decided: always('APPROVED'),
  reason: text('reason'),
  comment: text('note_from_issuer'),
  currency: first(currency('amount.currency_code'), ofOuter(currency('grandtotal.currency_code'))),
  amount: amount('amount'),
  customerId: ofOuter(text('buyer_user_id')),
});

/** A receipt as the API returns it, with where it is and what was paid back. */
export const toEvents = (payload: unknown, context: AskedContext): Items =>
  together(orderCreated(receipt), tracking, forEach(each('refunds'), refund))(fieldsOf(payload), { ...context, route: 'order.created' });
