import { fieldsOf, Unreadable } from '../../convert/index.ts';
import type { Polled } from '../api.ts';

export const pageSize = 100;

/**
 * Orders by the time of their last change, `updatedAt.gte` and `updatedAt.lte`, oldest first; a page by `limit` (100 at most) and
 * `offset` (https://developer.allegro.pl/documentation/#operation/getListOfOrdersUsingGET). A page holds the orders whole.
 */
export const polled = {
  topic: 'orders',
  everyMinutes: 5,
  overlapMinutes: 10,
  // an offset goes up to 10 000
  mostWindowMinutes: 12 * 60,
  path({ from, to }: { readonly from: string; readonly to: string }, page: string | undefined) {
    const query = new URLSearchParams({ 'updatedAt.gte': from, 'updatedAt.lte': to, 'sort': 'updatedAt', 'limit': String(pageSize), 'offset': page ?? '0' });
    return `/order/checkout-forms?${query.toString()}`;
  },
  read(payload: unknown, page?: string) {
    const answer = fieldsOf(payload);
    const items = answer.raw('checkoutForms');
    if (!Array.isArray(items)) throw new Unreadable('type', answer.path('checkoutForms'), 'must be a list');
    const next = Number(page ?? '0') + items.length;
    return items.length > 0 && next < (answer.integer('totalCount') ?? 0) ? { items, next: String(next) } : { items };
  },
} satisfies Polled;
