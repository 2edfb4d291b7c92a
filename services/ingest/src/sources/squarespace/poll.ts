import { fieldsOf, Unreadable } from '../../convert/index.ts';
import type { Polled } from '../api.ts';

const orders = '/1.0/commerce/orders';

/**
 * Orders by the time of their last change, 50 a page: the net under the notices, of which Squarespace may lose some. A
 * page is named by its cursor alone, a window by both of its ends; never both
 * (https://developers.squarespace.com/commerce-apis/retrieve-all-orders).
 */
export const polled = {
  topic: 'orders',
  everyMinutes: 1,
  overlapMinutes: 5,
  mostWindowMinutes: 24 * 60,
  path({ from, to }: { readonly from: string; readonly to: string }, page?: string) {
    const query = page === undefined ? { modifiedAfter: from, modifiedBefore: to } : { cursor: page };
    return `${orders}?${new URLSearchParams(query).toString()}`;
  },
  read(payload: unknown) {
    const fields = fieldsOf(payload);
    const items = fields.raw('result');
    if (!Array.isArray(items)) throw new Unreadable('type', fields.path('result'), 'must be a list');
    const pagination = fields.child('pagination');
    if (pagination?.flag('hasNextPage') !== true) return { items };
    return { items, next: pagination.id('nextPageCursor') };
  },
} satisfies Polled;
