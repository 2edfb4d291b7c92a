import { fieldsOf, Unreadable } from '../../convert/index.ts';
import type { Notice, Polled } from '../api.ts';

export const pageSize = 200;

const dayMs = 86_400_000;
const day = (ms: number): string => new Date(ms).toISOString().replace(/^(\d{4})-(\d{2})-(\d{2}).*$/, '$2/$3/$1');

/**
 * Sales orders by the day of their last change, "a field name, an operator, and a value" joined by AND
 * (https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/section_1545222128.html); a page only has their ids. Days are those
 * of the account, wherever it is: one more is asked for at either end.
 */
export const polled = {
  topic: 'orders',
  everyMinutes: 60,
  overlapMinutes: 60,
  mostWindowMinutes: 7 * 24 * 60,
  path({ from, to }: { readonly from: string; readonly to: string }, page: string | undefined) {
    const q = `lastModifiedDate ON_OR_AFTER "${day(Date.parse(from) - dayMs)}" AND lastModifiedDate ON_OR_BEFORE "${day(Date.parse(to) + dayMs)}"`;
    return `/record/v1/salesOrder?${new URLSearchParams({ q, limit: String(pageSize), offset: page ?? '0' }).toString()}`;
  },
  read(payload: unknown, page?: string) {
    const answer = fieldsOf(payload);
    const items = answer.raw('items');
    if (!Array.isArray(items)) throw new Unreadable('type', answer.path('items'), 'must be a list');
    return answer.flag('hasMore') === true && items.length > 0 ? { items, next: String(Number(page ?? '0') + items.length) } : { items };
  },
  names: (order: unknown): Notice => ({ topic: 'orders', ids: [fieldsOf(order).id('id')] }),
} satisfies Polled;
