import type { Account } from '@orderflow/shared/accounts';
import { fieldsOf, Unreadable } from '../../convert/index.ts';
import type { Notice, Polled } from '../api.ts';
import { idInPath } from '../id-in-path.ts';

export const pageSize = 100;

/**
 * A merchant's orders by `last_updated_after` and `last_updated_before`, which "use exclusive conditions", oldest first; the next
 * page by its number in `links.next` (https://developers.merchants.zalando.com/docs/orders-api-get-orders.html). 40 such calls a
 * minute are allowed, 2000 of others: a page only names its orders.
 */
export const polled = {
  topic: 'orders',
  everyMinutes: 10,
  overlapMinutes: 10,
  mostWindowMinutes: 24 * 60,
  path({ from, to }: { readonly from: string; readonly to: string }, page: string | undefined, { store }: Account) {
    const query = new URLSearchParams({ last_updated_after: from, last_updated_before: to, sort: 'modified_at', 'page[size]': String(pageSize) });
    if (page !== undefined) query.set('page[number]', page);
    return `/merchants/${idInPath(store)}/orders?${query.toString()}`;
  },
  read(payload: unknown) {
    const answer = fieldsOf(payload);
    const items = answer.raw('data');
    if (!Array.isArray(items)) throw new Unreadable('type', answer.path('data'), 'must be a list');
    const link = answer.child('links')?.text('next');
    if (link === undefined || items.length === 0) return { items };
    const next = /[?&]page(?:\[|%5B)number(?:\]|%5D)=(\d+)/i.exec(link)?.[1];
    if (next === undefined) throw new Unreadable('page', '$.links.next', 'names no page');
    return { items, next };
  },
  names: (order: unknown): Notice => ({ topic: 'orders', ids: [fieldsOf(order).id('id')] }),
} satisfies Polled;
