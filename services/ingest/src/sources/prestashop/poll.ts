import type { Account } from '@orderflow/shared/accounts';
import { fieldsOf, Unreadable } from '../../convert/index.ts';
import type { Notice, Polled } from '../api.ts';
import { shopTime } from './zone.ts';

export const pageSize = 50;

/**
 * Orders by `date_upd`, with `date=1`, without which a filter of dates finds nothing; a page by `limit`, "offset" and how many
 * (https://devdocs.prestashop-project.org/9/webservice/tutorials/advanced-use/additional-list-parameters/). Times are the
 * shop's own clock: a window reaches back further than the hour that is told twice in autumn. A page only names its orders.
 */
export const polled = {
  topic: 'orders',
  everyMinutes: 15,
  overlapMinutes: 75,
  mostWindowMinutes: 24 * 60,
  path({ from, to }: { readonly from: string; readonly to: string }, page: string | undefined, account: Account) {
    const query = new URLSearchParams({
      'output_format': 'JSON', 'display': '[id,date_upd]', 'date': '1', 'filter[date_upd]': `[${shopTime(from, account)},${shopTime(to, account)}]`,
      'sort': '[date_upd_ASC,id_ASC]', 'limit': `${page ?? '0'},${pageSize}`,
    });
    return `/orders?${query.toString()}`;
  },
  read(payload: unknown, page?: string) {
    // no order at all is an empty list without a name
    if (Array.isArray(payload) && payload.length === 0) return { items: [] };
    const answer = fieldsOf(payload);
    const items = answer.raw('orders');
    if (!Array.isArray(items)) throw new Unreadable('type', answer.path('orders'), 'must be a list');
    return items.length < pageSize ? { items } : { items, next: String(Number(page ?? '0') + items.length) };
  },
  names: (order: unknown): Notice => ({ topic: 'orders', ids: [fieldsOf(order).id('id')] }),
} satisfies Polled;
