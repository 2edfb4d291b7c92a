import Big from 'big.js';
import { sumOf, worthNothing, type DaySums } from '../sums/day-sums.ts';
import { kpisOf, type Kpi, type KpiName } from './kpis.ts';
import { addDays, daysIn, within, type Period } from '../sums/periods.ts';

/** A KPI beside the same of the period before. */
export interface ComparedKpi extends Kpi {
  readonly before: Kpi['value'];
  /** Relative change; null: nothing to compare with. */
  readonly change: number | null;
}

export interface KpiReport {
  readonly period: Period;
  readonly before: Period;
  /** Currency that all is in. */
  readonly currency: string;
  readonly kpis: Readonly<Record<KpiName, ComparedKpi>>;
}

/** Rate from one currency to another on a day; undefined: none is known. */
export type Rates = (from: string, to: string, day: string) => string | undefined;

/** No rate is known of a day, so that nothing can be said in the currency that was asked for. */
export class NoRate extends Error {
  constructor(from: string, to: string, day: string) {
    super(`no rate from ${from} to ${to} is known of ${day}: fetch-rates brings them`);
    this.name = 'NoRate';
  }
}

function changeOf(now: Kpi['value'], before: Kpi['value']): number | null {
  if (now === null || before === null || Number(before) === 0) return null;
  return new Big(now).minus(before).div(new Big(before).abs()).toNumber();
}

const ageOf = ({ to }: Period, today: string): number => Math.max(0, daysIn({ from: addDays(to, -1), to: today }));

/**
 * All KPIs of a period, compared with the one before.
 * @param rows of one or more sources; those of other days are left out
 * @param currency rows of another are converted by the rate of their day
 * @param today a period that goes on counts up to here
 * @throws NoRate
 */
export function kpiReport(
  rows: readonly DaySums[], { current, before }: { readonly current: Period; readonly before: Period }, currency: string, today: string, matureAfterDays: number, rates: Rates = () => undefined,
): KpiReport {
  const convert = (row: DaySums): Big => {
    if (row.currency === currency || worthNothing(row)) return new Big(1);
    const known = rates(row.currency, currency, row.day);
    if (known === undefined) throw new NoRate(row.currency, currency, row.day);
    return new Big(known);
  };
  const of = (period: Period) => {
    const counted = { from: period.from, to: period.to > addDays(today, 1) ? addDays(today, 1) : period.to };
    return kpisOf(sumOf(rows.filter(({ day }) => within(counted, day)), convert), { days: daysIn(counted), age: ageOf(counted, today), matureAfterDays });
  };
  const [now, earlier] = [of(current), of(before)];
  const compared = Object.entries(now).map(([name, kpi]) => {
    const { value } = earlier[name as KpiName];
    return [name, { ...kpi, before: value, change: changeOf(kpi.value, value) } satisfies ComparedKpi];
  });
  return { period: current, before, currency, kpis: Object.fromEntries(compared) as Record<KpiName, ComparedKpi> };
}
