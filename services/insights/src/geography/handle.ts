import type { Row } from '@orderflow/shared/aws';
import type { Invocation, Log } from '@orderflow/shared/lambda';
import { any } from '../api/filters.ts';
import type { Refresh } from '../results/deps.ts';
import { refreshingOf } from '../results/due.ts';
import { replaceRows } from '../results/replace.ts';
import { leastShown } from '../segments/suppress.ts';
import { addDays } from '../sums/periods.ts';
import { placesSql } from './queries.ts';
import { standings } from './standing.ts';

export interface Geography extends Refresh {
  readonly log: Log;
}

const spanDays = 90;
const columns = ['as_of', 'currency', 'country', 'region', 'orders', 'customers', 'value', 'orders_before', 'growth_low', 'growth_high', 'sales', 'returned_orders', 'return_low', 'return_high', 'returns'];
const nameOf = (row: Row): string => JSON.stringify([row['currency'], row['country'], row['region'] ?? null]);

/** How countries, and regions of countries, stand against each other in the last 90 days; those of fewer than five customers are not told. */
export async function handle(event: unknown, deps: Geography, { requestId }: Pick<Invocation, 'requestId'>): Promise<{ places: number }> {
  const { today } = refreshingOf(event);
  const read = (level: 'country' | 'region', from: number, to: number): Promise<Row[]> =>
    deps.reader.rows(placesSql(level), { from_day: addDays(today, from), to_day: addDays(today, to), source: any, currency: any, country: any });
  const rows = (await Promise.all((['country', 'region'] as const).map(async (level) => {
    const [now, before] = await Promise.all([read(level, 1 - spanDays, 1), read(level, 1 - 2 * spanDays, 1 - spanDays)]);
    const earlier = new Map(before.map((row) => [nameOf(row), Number(row['orders'])]));
    const known = now.filter((row) => row['country'] !== null && (level === 'country' || row['region'] !== null));
    // countries are compared with each other, and regions with those of their country
    return [...Map.groupBy(known, (row) => (level === 'country' ? String(row['currency']) : JSON.stringify([row['currency'], row['country']]))).values()]
      .flatMap((of) => standings(of.map((row) => ({ row, orders: Number(row['orders']), ordersBefore: earlier.get(nameOf(row)) ?? 0, returned: Number(row['returned']) }))))
      .filter(({ row }) => Number(row['customers']) >= leastShown)
      .map(({ row, orders, ordersBefore, returned, growth, sales, returnRate, returns }) => ({
        as_of: today, currency: String(row['currency']), country: String(row['country']), region: level === 'country' ? null : String(row['region']), orders, customers: Number(row['customers']), value: String(row['value']),
        orders_before: ordersBefore, growth_low: growth.low, growth_high: growth.high, sales, returned_orders: returned, return_low: returnRate.low, return_high: returnRate.high, returns,
      }));
  }))).flat();
  await replaceRows({ table: 'region_standing', columns, rows }, requestId, deps);
  deps.log.info('INSIGHTS_MADE', { insight: 'geography', places: rows.length });
  return { places: rows.length };
}
