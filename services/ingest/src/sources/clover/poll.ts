import type { Account } from '@orderflow/shared/accounts';
import { fieldsOf, Unreadable } from '../../convert/index.ts';
import type { Notice, Polled } from '../api.ts';
import { idInPath } from '../id-in-path.ts';

export const pageSize = 100;

const orders = ({ store }: Account): string => `/v3/merchants/${idInPath(store)}/orders`;
const expand = 'lineItems,lineItems.discounts,discounts,serviceCharge,payments,refunds,customers';

export const orderPath = ({ ids: [id] }: Notice, account: Account): string => `${orders(account)}/${idInPath(id)}?${new URLSearchParams({ expand }).toString()}`;

/**
 * Orders by the time of their last change. A page only names its orders, for lists leave out what is nested deeper; each is fetched.
 * Lists tell no total: a full page is followed by another.
 */
export const polled = {
  topic: 'orders',
  everyMinutes: 10,
  overlapMinutes: 10,
  mostWindowMinutes: 24 * 60,
  path({ from, to }: { readonly from: string; readonly to: string }, page: string | undefined, account: Account) {
    const query = new URLSearchParams([
      ['filter', `modifiedTime>=${Date.parse(from)}`], ['filter', `modifiedTime<=${Date.parse(to)}`], ['orderBy', 'modifiedTime ASC'], ['limit', String(pageSize)], ['offset', page ?? '0'],
    ]);
    return `${orders(account)}?${query.toString()}`;
  },
  read(payload: unknown, page?: string) {
    const answer = fieldsOf(payload);
    const items = answer.raw('elements');
    if (!Array.isArray(items)) throw new Unreadable('type', answer.path('elements'), 'must be a list');
    return items.length < pageSize ? { items } : { items, next: String(Number(page ?? '0') + items.length) };
  },
  names: (order: unknown): Notice => ({ topic: 'orders', ids: [fieldsOf(order).id('id')] }),
} satisfies Polled;
