import type { Row } from '@orderflow/shared/aws';
import Big from 'big.js';
import type { DaySums } from './day-sums.ts';
import { addDays, type Period } from './periods.ts';

/** Stock at cost at the end of a day. */
export type StockDay = Pick<DaySums, 'day' | 'source' | 'account' | 'currency'> & { readonly stock: string };

/**
 * Stock at the end of every day out of its changes. A day without a count has the stock of the day before; before the first
 * count ever nothing is known.
 * @param changes rows of `stock_change`; `day` null: all before the period
 * @param period days after the last one that has been are not told
 */
export function stockDays(changes: readonly Row[], { from, to }: Period): StockDay[] {
  const kept = new Map<string, { readonly of: Omit<StockDay, 'day' | 'stock'>; readonly byDay: Map<string, Big>; before: Big | undefined }>();
  for (const row of changes) {
    const of = { source: String(row['source'] ?? ''), account: String(row['account'] ?? ''), currency: String(row['currency'] ?? '') };
    const one = kept.get(JSON.stringify(of)) ?? { of, byDay: new Map<string, Big>(), before: undefined };
    const change = new Big(String(row['stock_change'] ?? 0));
    if (row['day'] === null) one.before = (one.before ?? new Big(0)).plus(change);
    else one.byDay.set(String(row['day']), (one.byDay.get(String(row['day'])) ?? new Big(0)).plus(change));
    kept.set(JSON.stringify(of), one);
  }
  return [...kept.values()].flatMap(({ of, byDay, before }) => {
    const days: StockDay[] = [];
    let stock = before;
    for (let day = from; day < to; day = addDays(day, 1)) {
      const change = byDay.get(day);
      if (change !== undefined) stock = (stock ?? new Big(0)).plus(change);
      if (stock !== undefined) days.push({ day, ...of, stock: stock.toFixed(4) });
    }
    return days;
  });
}
