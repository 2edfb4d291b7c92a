import type { LineClass, PaymentStatus } from '@orderflow/shared/events';
import { fieldsOf, type Fields } from '../../convert/index.ts';
import {
  always, country, currency, decimal, each, first, forEach, joined, known, latest, major, ofOuter, orderCreated, paymentChanged, returnRequested, text, time, together, word,
  type LineMap, type OrderMap, type Read,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

const refunds = each('_embedded.refunds');
const chargebacks = each('_embedded.chargebacks');
const amount = (name: string): Read<number> => major(`${name}.value`);
const money = currency('amount.currency');

/** What went back counts before the state, which stays `paid`. */
const status: Read<PaymentStatus> = (payment, scope) => {
  const back = (amount('amountRefunded')(payment, scope) ?? 0) + (amount('amountChargedBack')(payment, scope) ?? 0);
  if (back > 0) return back < (amount('amount')(payment, scope) ?? 0) ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
  return word('status', { open: 'PENDING', pending: 'PENDING', authorized: 'PENDING', paid: 'PAID', failed: 'FAILED', expired: 'FAILED', canceled: 'VOIDED' }, 'UNKNOWN')(payment, scope);
};

const reached: Read<string> = (payment, scope) =>
  ['paidAt', 'authorizedAt', 'canceledAt', 'expiredAt', 'failedAt', 'createdAt'].map((name) => time(name)(payment, scope))
    .reduce((best, one) => (best === undefined || (one !== undefined && Date.parse(one) > Date.parse(best)) ? one : best), undefined);
/** A payment has no time of its last change: the latest of its states and of what went back. */
const changedAt: Read<string> = Object.assign(latest((payment: Fields) => [payment, ...refunds(payment), ...chargebacks(payment)], reached), { at: 'createdAt' });

const classes: Readonly<Record<string, LineClass>> = { discount: 'discount', shipping_fee: 'postage', store_credit: 'giftCard', gift_card: 'giftCard', surcharge: 'fee', tip: 'fee' };

const category: Read<string> = (item) => {
  const words = item.raw('categories');
  return Array.isArray(words) && typeof words[0] === 'string' ? words[0] : undefined;
};

/** totalAmount = quantity × unitPrice − discountAmount, VAT included. */
const line: LineMap = {
  sku: text('sku'), name: text('description'), quantity: decimal('quantity'), unitPrice: decimal('unitPrice.value'), discount: amount('discountAmount'), tax: amount('vatAmount'), total: amount('totalAmount'),
  class: known('type', classes), category,
};

const tax: Read<number> = (payment, scope) => {
  const said = payment.list('lines').map((one) => amount('vatAmount')(one, scope)).filter((one) => one !== undefined);
  return said.length === 0 ? undefined : said.reduce((sum, one) => sum + one, 0);
};

/** The shop's own notes, if they are an object: text and lists may stand there, too. */
const noted = (...names: readonly string[]): Read<string> => (payment, scope) => {
  const notes = payment.raw('metadata');
  return typeof notes === 'object' && notes !== null && !Array.isArray(notes) ? text(...names.map((name) => `metadata.${name}`))(payment, scope) : undefined;
};
const shopsOrder = noted('order_id', 'orderId', 'order_number');
const address = (name: string): string[] => [`shippingAddress.${name}`, `billingAddress.${name}`];

/** https://docs.mollie.com/reference/get-payment : decimal texts with a currency. */
const order: OrderMap = {
  id: text('id'),
  number: first(shopsOrder, text('id')),
  placedAt: time('createdAt'),
  version: changedAt,
  status: word('status', { open: 'NEW', pending: 'NEW', authorized: 'NEW', paid: 'CONFIRMED', failed: 'NEW', expired: 'CANCELLED', canceled: 'CANCELLED' }, 'UNKNOWN'),
  test: (payment) => (payment.text('mode') === 'test' ? true : undefined),
  currency: money,
  total: amount('amount'),
  tax,
  payment: { status, method: text('method'), provider: always('mollie'), reference: text('id') },
  fulfilment: { status: word('status', { expired: 'CANCELLED', canceled: 'CANCELLED' }, 'UNFULFILLED') },
  customer: {
    id: text('customerId'),
    name: first(joined('billingAddress.givenName', 'billingAddress.familyName'), joined('shippingAddress.givenName', 'shippingAddress.familyName')),
    email: text('billingAddress.email', 'shippingAddress.email'),
    phone: text('billingAddress.phone', 'shippingAddress.phone'),
    line: first(joined('shippingAddress.streetAndNumber', 'shippingAddress.streetAdditional'), joined('billingAddress.streetAndNumber', 'billingAddress.streetAdditional')),
    city: text(...address('city')),
    state: text(...address('region')),
    postalCode: text(...address('postalCode')),
    country: country(...address('country')),
  },
  lines: { of: each('lines'), map: line },
  comment: noted('comment'),
};

const refund = forEach(refunds, returnRequested({
  id: text('id'),
  orderId: ofOuter(text('id')),
  requestedAt: time('createdAt'),
  decided: word('status', { refunded: 'APPROVED', queued: 'PENDING', pending: 'PENDING', processing: 'PENDING', failed: 'REJECTED', canceled: 'REJECTED' }, 'PENDING'),
  comment: text('description'),
  currency: money,
  amount: amount('amount'),
}));

/** The payment as a sale, and what went back of it. Always as a new one: whether it is, the store knows. */
const sold = together(orderCreated(order), refund);

/** The payment as that of another shop's order. */
const paid = paymentChanged({ reference: text('id'), status, at: changedAt, currency: money, amount: amount('amount'), orderId: shopsOrder });

export const asked = (payload: unknown, context: AskedContext): Items =>
  (context.account.role === 'payments' ? paid : sold)(fieldsOf(payload), { ...context, route: context.account.role === 'payments' ? 'payment.changed' : 'order.created' });
