import type { Account } from '@orderflow/shared/accounts';
import { fieldsOf, Unreadable } from '../../convert/index.ts';
import type { Polled } from '../api.ts';
import { idInPath } from '../id-in-path.ts';

export const pageSize = 200;

/**
 * A site's orders by the time of their last change, oldest first, whole: "To return up to 200 orders, use the limit parameter"; "The
 * sum of the offset and limit parameters cannot be greater than 10000", so that a window is short
 * (https://developer.salesforce.com/docs/commerce/commerce-api/references/orders?meta=getOrders).
 */
export const polled = {
  topic: 'orders',
  everyMinutes: 5,
  overlapMinutes: 10,
  mostWindowMinutes: 6 * 60,
  path({ from, to }: { readonly from: string; readonly to: string }, page: string | undefined, { store }: Account) {
    const [organization, site = ''] = (store ?? '').split(':');
    const query = new URLSearchParams({
      siteId: site, lastModifiedDateFrom: from, lastModifiedDateTo: to, sortBy: 'last_modified_date', sortOrder: 'asc', limit: String(pageSize), offset: page ?? '0',
    });
    return `/checkout/orders/v1/organizations/${idInPath(organization)}/orders?${query.toString()}`;
  },
  read(payload: unknown, page?: string) {
    const answer = fieldsOf(payload);
    // a page without orders may have no list
    const items = answer.raw('data') ?? [];
    if (!Array.isArray(items)) throw new Unreadable('type', answer.path('data'), 'must be a list');
    const next = Number(page ?? '0') + items.length;
    return items.length > 0 && next < (answer.integer('total') ?? 0) ? { items, next: String(next) } : { items };
  },
} satisfies Polled;
