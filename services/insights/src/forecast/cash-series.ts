import { addDays, daysIn } from '../sums/periods.ts';
import type { DailySeries } from './series.ts';

export const flows = ['inflow', 'refund', 'outflow', 'net', 'sales'] as const;
export type Flow = (typeof flows)[number];

/** What is forecast: `total`, `source:NAME` or `product:KEY`, of one currency and flow. */
export interface NamedSeries {
  readonly series: string;
  readonly currency: string;
  readonly flow: Flow;
  readonly name: string | null;
  readonly daily: DailySeries;
}

/** An amount that moved on a day. `rate`: what it is worth in the reporting currency; null where no rate is known. */
export interface CashRow {
  readonly day: string;
  readonly source: string;
  readonly currency: string;
  readonly flow: 'payment' | 'refund' | 'fee' | 'cost';
  readonly amount: number;
  readonly rate: number | null;
}

type Sums = Map<string, Map<string, number>>;
const key = (series: string, currency: string, flow: Flow): string => JSON.stringify([series, currency, flow]);

/**
 * Series of cash flow out of what moved: each source's and the total of each currency, and `all` of them in the reporting one,
 * which is left out where a rate is missing: a sum without some is no sum.
 * @param until first day that is not known yet: no series ends before it
 */
export function cashSeries(rows: readonly CashRow[], reporting: string, until: string): NamedSeries[] {
  const sums: Sums = new Map();
  const add = (series: string, currency: string, flow: Flow, day: string, amount: number): void => {
    const of = sums.get(key(series, currency, flow)) ?? new Map<string, number>();
    of.set(day, (of.get(day) ?? 0) + amount);
    sums.set(key(series, currency, flow), of);
  };
  const convertible = new Set(rows.map(({ currency }) => currency)).size > 1 && rows.every(({ rate }) => rate !== null);
  for (const { day, source, currency, flow, amount, rate } of rows) {
    const worth: [string, string, number][] = [['total', currency, amount], [`source:${source}`, currency, amount], ...(convertible ? [['all', reporting, amount * (rate ?? 0)] as [string, string, number]] : [])];
    for (const [series, of, value] of worth) {
      add(series, of, flow === 'payment' ? 'inflow' : 'outflow', day, value);
      if (flow === 'refund') add(series, of, 'refund', day, value);
      add(series, of, 'net', day, flow === 'payment' ? value : -value);
    }
  }
  return [...sums.entries()].map(([name, byDay]) => {
    const [series, currency, flow] = JSON.parse(name) as [string, string, Flow];
    return { series, currency, flow, name: null, daily: dailyOf(byDay, until) };
  });
}

/** All days from the first with anything to the last before `until`. */
export function dailyOf(byDay: ReadonlyMap<string, number>, until: string): DailySeries {
  const from = [...byDay.keys()].sort()[0] ?? until;
  return { from, values: Array.from({ length: Math.max(0, daysIn({ from, to: until })) }, (_, at) => byDay.get(addDays(from, at)) ?? 0) };
}
