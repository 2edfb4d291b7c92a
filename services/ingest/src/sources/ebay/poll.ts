import { fieldsOf, Unreadable } from '../../convert/index.ts';
import type { Notice, Polled } from '../api.ts';

const pageSize = 50;

/**
 * Orders by their last modification, "expressed as a starting timestamp, with or without an ending timestamp (in brackets)", of
 * the last 90 days (https://developer.ebay.com/api-docs/sell/fulfillment/resources/order/methods/getOrders). A page's `next` is an
 * address, which is not asked: its offset is counted. Cancellation requests stand in getOrder alone, so a page only names its orders.
 */
export const polled = {
  topic: 'orders',
  everyMinutes: 5,
  overlapMinutes: 10,
  mostWindowMinutes: 24 * 60,
  path({ from, to }: { readonly from: string; readonly to: string }, page?: string) {
    const query = new URLSearchParams({ filter: `lastmodifieddate:[${from}..${to}]`, limit: String(pageSize), offset: page ?? '0' });
    return `/sell/fulfillment/v1/order?${query.toString()}`;
  },
  read(payload: unknown, page?: string) {
    const answer = fieldsOf(payload);
    const items = answer.raw('orders');
    if (!Array.isArray(items)) throw new Unreadable('type', answer.path('orders'), 'must be a list');
    return answer.text('next') === undefined || items.length === 0 ? { items } : { items, next: String(Number(page ?? '0') + items.length) };
  },
  names: (order: unknown): Notice => ({ topic: 'orders', ids: [fieldsOf(order).id('orderId')] }),
} satisfies Polled;
