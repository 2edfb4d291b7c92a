import type { Account } from '@orderflow/shared/accounts';
import { fieldsOf, Unreadable } from '../../convert/index.ts';
import type { Notice, Polled } from '../api.ts';

const hour = 3_600_000;
const pageSize = 50;

/** As the vendor's examples write times, on the full hour. */
const hourly = (time: string, round: (hours: number) => number): string =>
  new Date(round(Date.parse(time) / hour) * hour).toISOString().replace('Z', '-00:00');

/**
 * A seller's orders by the time of their last change, 50 a page. The vendor "uses up to the hour and drops minutes, seconds and
 * milliseconds", so a window begins and ends on full hours. A page only names its orders, each of which is fetched with its shipment.
 */
export const polled = {
  topic: 'orders',
  everyMinutes: 30,
  overlapMinutes: 30,
  mostWindowMinutes: 24 * 60,
  path({ from, to }: { readonly from: string; readonly to: string }, page: string | undefined, { store }: Account) {
    const query = new URLSearchParams({
      'seller': store ?? '', 'order.date_last_updated.from': hourly(from, Math.floor), 'order.date_last_updated.to': hourly(to, (hours) => Math.floor(hours) + 1), 'sort': 'date_asc',
      'offset': page ?? '0', 'limit': String(pageSize),
    });
    return `/orders/search?${query.toString()}`;
  },
  read(payload: unknown, page?: string) {
    const answer = fieldsOf(payload);
    const items = answer.raw('results');
    if (!Array.isArray(items)) throw new Unreadable('type', answer.path('results'), 'must be a list');
    const next = Number(page ?? '0') + items.length;
    return items.length > 0 && next < (answer.child('paging')?.integer('total') ?? 0) ? { items, next: String(next) } : { items };
  },
  names: (order: unknown): Notice => ({ topic: 'orders_v2', ids: [fieldsOf(order).id('id')] }),
} satisfies Polled;
