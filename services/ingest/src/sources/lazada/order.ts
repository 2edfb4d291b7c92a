import { fieldsOf, Unreadable, type Fields } from '../../convert/index.ts';
import { always, currency, decimal, difference, each, latest, major, orderCreated, text, time, type OrderMap, type Read } from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

const rows = each('data');
const all = (some: readonly Fields[], ...words: readonly string[]): boolean => some.length > 0 && some.every((row) => words.includes(row.text('status') ?? ''));

/** A row that was cancelled is not sold, unless nothing of the order is. */
const sold = (order: Fields): readonly Fields[] => {
  const kept = rows(order).filter((row) => !all([row], 'canceled'));
  return kept.length === 0 ? rows(order) : kept;
};
const sum = (read: Read<number>): Read<number> => (order, scope) => sold(order).reduce((total, row) => total + (read(row, scope) ?? 0), 0);

const waiting = ['unpaid', 'pending', 'topack'];
const packed = ['packed', 'repacked', 'toship', 'ready_to_ship_pending', 'ready_to_ship'];

/** https://open.lazada.com/apps/doc/api?path=%2Forder%2Fitems%2Fget : a row for each unit; the order has no words of its own. */
const order: OrderMap = {
  id: text('data.0.order_id'),
  number: text('data.0.order_id'),
  placedAt: time('data.0.created_at'),
  version: latest((one) => [...rows(one)], time('updated_at')),
  status: (one) => {
    if (all(rows(one), 'canceled')) return 'CANCELLED';
    if (all(sold(one), 'delivered', 'returned')) return 'COMPLETED';
    if (all(sold(one), 'unpaid', 'pending')) return 'NEW';
    return all(sold(one), ...waiting, ...packed, 'shipped', 'delivered', 'returned', 'failed') ? 'PROCESSING' : 'UNKNOWN';
  },
  currency: currency('data.0.currency'),
  total: (one, scope) => (sum(major('paid_price'))(one, scope) ?? 0) + (sum(major('shipping_amount'))(one, scope) ?? 0),
  tax: sum(major('tax_amount')),
  shipping: sum(major('shipping_amount')),
  payment: { status: (one) => (sold(one).some((row) => row.text('status') === 'unpaid') ? 'PENDING' : 'UNKNOWN') },
  fulfilment: {
    status: (one) => {
      if (all(rows(one), 'canceled')) return 'CANCELLED';
      if (all(sold(one), 'delivered', 'returned')) return 'DELIVERED';
      if (all(sold(one), 'shipped', 'delivered', 'returned')) return 'SHIPPED';
      if (all(sold(one), ...packed)) return 'PACKED';
      return all(sold(one), ...waiting) ? 'UNFULFILLED' : 'UNKNOWN';
    },
  },
  customer: { id: text('data.0.buyer_id') },
  lines: {
    of: sold,
    oneRowPerUnit: true,
    map: {
      id: text('order_item_id'), productId: text('product_id'), sku: text('sku'), name: text('name'), quantity: always('1'), unitPrice: decimal('item_price'),
      discount: difference(major('item_price'), major('paid_price')),
    },
  },
};

/** The rows of an order as the API returns them; what it refuses comes with 200, too, and a code. */
export function toEvents(payload: unknown, context: AskedContext): Items {
  const answer = fieldsOf(payload);
  if (answer.text('code') !== '0') throw new Unreadable('vendor', answer.path('code'), 'is not that of an answer');
  return orderCreated(order)(answer, { ...context, route: 'order.created' });
}
