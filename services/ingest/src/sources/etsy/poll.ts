import type { Account } from '@orderflow/shared/accounts';
import { fieldsOf, Unreadable } from '../../convert/index.ts';
import type { Polled } from '../api.ts';
import { idInPath } from '../id-in-path.ts';

export const pageSize = 100;

/** Whole seconds since 1970. */
const seconds = (time: string, round: (value: number) => number): string => String(round(Date.parse(time) / 1_000));

/**
 * Receipts of the shop by the time of their last change, `limit` and `offset` (https://developers.etsy.com/documentation/reference#operation/getShopReceipts):
 * "with all Shop Receipt fields for each resource", so each is whole. Ascending, so that what changes meanwhile comes at the end.
 */
export const polled = {
  topic: 'receipts',
  everyMinutes: 10,
  overlapMinutes: 10,
  mostWindowMinutes: 24 * 60,
  path({ from, to }: { readonly from: string; readonly to: string }, page: string | undefined, { store }: Account) {
    const query = new URLSearchParams({
      min_last_modified: seconds(from, Math.floor), max_last_modified: seconds(to, Math.ceil), sort_on: 'updated', sort_order: 'asc', limit: String(pageSize), offset: page ?? '0',
    });
    return `/v3/application/shops/${idInPath(store)}/receipts?${query.toString()}`;
  },
  read(payload: unknown, page?: string) {
    const answer = fieldsOf(payload);
    const items = answer.raw('results');
    if (!Array.isArray(items)) throw new Unreadable('type', answer.path('results'), 'must be a list');
    const next = Number(page ?? '0') + items.length;
    return items.length > 0 && next < (answer.integer('count') ?? 0) ? { items, next: String(next) } : { items };
  },
} satisfies Polled;
