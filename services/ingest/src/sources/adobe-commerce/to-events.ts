import type { Fields } from '../../convert/index.ts';
import {
  country, currency, decimal, difference, eventsOf, first, joined, known, major, needed, orderChanged, orderCreated, picked, providerIn, returnRequested, text, then, time, together, word, type Make,
  type OrderMap, type Read,
} from '../../map/index.ts';
import { bought, credited, discount, shipped, tax, total, unitCost, unitPrice } from './items.ts';

/** Times are UTC, and written without a zone. */
const utc = (...paths: readonly string[]): Read<string> => time(paths, 'utc');
const changedAt = utc('updated_at', 'created_at');
const id = text('entity_id');
const absolute = (read: Read<number>): Read<number> => then(read, (amount) => Math.abs(amount));

/** Where it is sent; where nothing is sent, who pays. */
const address = (order: Fields): Fields | undefined => {
  const addresses = order.list('addresses');
  const ofType = (type: string): Fields | undefined => addresses.find((one) => one.text('address_type') === type);
  const assigned = order.child('extension_attributes')?.list('shipping_assignments')[0]?.child('shipping')?.child('address');
  return ofType('shipping') ?? assigned ?? ofType('billing') ?? order.child('billing_address');
};
const there = (...paths: readonly string[]): Read<string> => picked(address, text(...paths));
/** Lines of a street, in a list or below each other. */
const street: Read<string> = picked(address, (one) => {
  const raw = one.raw('street');
  const lines = Array.isArray(raw) ? raw.filter((line) => typeof line === 'string') : (one.text('street') ?? '').split('\n');
  return lines.join(' ').trim() || undefined;
});

const amountOf = (order: Fields, name: string): number => Number(order.decimal(name) ?? '0');
/** What was paid and given back counts; where nothing was, the state. */
const payment: OrderMap['payment']['status'] = (order) => {
  const [refunded, paid, due] = [amountOf(order, 'total_refunded'), amountOf(order, 'total_paid'), amountOf(order, 'grand_total')];
  if (refunded > 0) return refunded >= paid ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  if (order.text('state') === 'canceled') return 'VOIDED';
  if (order.decimal('grand_total') !== undefined && paid >= due) return 'PAID';
  return ['new', 'pending_payment', 'payment_review'].includes(order.text('state') ?? '') ? 'PENDING' : 'UNKNOWN';
};

/** https://developer.adobe.com/commerce/webapi/rest/quick-reference/ (salesOrderRepositoryV1), without taxes in prices. */
const order: OrderMap = {
  id,
  number: text('increment_id', 'real_order_id'),
  placedAt: utc('created_at'),
  version: changedAt,
  status: word('state', {
    new: 'NEW', pending_payment: 'NEW', payment_review: 'NEW', processing: 'PROCESSING', holded: 'PROCESSING', complete: 'COMPLETED', closed: 'COMPLETED', canceled: 'CANCELLED',
  }, 'UNKNOWN'),
  currency: currency('order_currency_code'),
  total: major('grand_total'),
  subtotal: major('subtotal'),
  discount: absolute(major('discount_amount')),
  tax: major('tax_amount'),
  shipping: major('shipping_amount'),
  payment: {
    status: payment,
    method: text('payment.method'),
    provider: providerIn(text('payment.method')),
    // an action is named behind the id: `-capture`
    reference: then(text('payment.last_trans_id'), (reference) => reference.replace(/-(capture|auth|authorization|refund|void)$/, '')),
  },
  fulfilment: { status: first<'CANCELLED' | 'SHIPPED' | 'PARTIAL' | 'UNFULFILLED'>(known('state', { canceled: 'CANCELLED', complete: 'SHIPPED', closed: 'SHIPPED' }), shipped) },
  customer: {
    id: text('customer_id'),
    name: first(joined('customer_firstname', 'customer_lastname'), picked(address, joined('firstname', 'lastname'))),
    email: first(text('customer_email'), there('email')),
    phone: there('telephone'),
    line: street,
    city: there('city'),
    state: there('region_code', 'region'),
    postalCode: there('postcode'),
    country: picked(address, country('country_id')),
  },
  lines: {
    of: bought,
    map: { id: text('item_id'), productId: text('product_id'), sku: text('sku'), name: text('name'), quantity: decimal('qty_ordered'), unitPrice, discount, tax, total, unitCost },
  },
  comment: text('customer_note'),
};

/** Where parcels are, is an event of its own. */
const tracking: Make = (fields, context, outer) => {
  const numbers = fields.raw('tracking_numbers');
  const last: unknown = Array.isArray(numbers) ? numbers.at(-1) : undefined;
  if (typeof last !== 'string' || last === '') return [];
  return orderChanged({ orderId: id, at: changedAt, tracking: { number: () => last } })(fields, context, outer);
};

const comments = (name: string): Read<string> => (memo) => memo.list(name).map((one) => one.text('comment')).filter((words) => words !== undefined).join('; ') || undefined;

/** What is paid back: a credit memo, with the order's own id in it. */
const memo = returnRequested({
  id: text('entity_id', 'increment_id'),
  orderId: (fields, scope) => needed(text('order_id'), fields, scope),
  requestedAt: utc('created_at'),
  version: changedAt,
  // 1: open, 2: refunded, 3: cancelled
  decided: word('state', { '1': 'PENDING', '2': 'APPROVED', '3': 'REJECTED' }, 'PENDING', 'APPROVED'),
  comment: first(text('customer_note'), comments('comments')),
  currency: currency('order_currency_code'),
  amount: major('grand_total'),
  lines: {
    of: credited,
    map: { id: text('entity_id', 'order_item_id'), lineId: text('order_item_id'), productId: text('product_id'), sku: text('sku'), name: text('name'), quantity: decimal('qty'), total: difference(major('row_total'), major('discount_amount')) },
  },
});

/** What was saved → canonical events. */
export const toEvents = eventsOf({ 'order.created': together(orderCreated(order), tracking), 'return.requested': memo });
