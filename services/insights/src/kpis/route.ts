import Big from 'big.js';
import * as z from 'zod/mini';
import { filters, told } from '../api/filters.ts';
import { route } from '../api/route.ts';
import type { DaySums } from '../sums/day-sums.ts';
import { periodKinds, periodsOf } from '../sums/periods.ts';
import { readDays, type EuroRates } from '../sums/read-days.ts';
import { kpis } from './kpis.ts';
import { kpiReport, NoRate, type KpiReport, type Rates } from './report.ts';

/** Nine of ten returns have come by then (UCI Online Retail: 66 days). */
export const matureAfterDays = 66;
/** What is in no currency: answers and comments that name no order. */
const none = 'XXX';

/** Rates between two currencies by way of the euro, as the European Central Bank publishes them. */
export const ratesOf = (perEuro: EuroRates): Rates => (from, to, day) => {
  const [own, other] = [perEuro.get(`${day} ${from}`), perEuro.get(`${day} ${to}`)];
  return own === undefined || other === undefined ? undefined : new Big(other).div(own).toString();
};

const value = z.nullable(z.union([z.number(), z.string()]));
const kpi = z.strictObject({ value, unit: z.enum(['money', 'share', 'per year', 'days', 'points']), n: z.number(), formula: z.string(), caveats: z.array(z.string()), before: value, change: z.nullable(z.number()) });
const period = z.strictObject({ from: z.string(), to: z.string() });
const answer = z.strictObject({
  period: z.strictObject({ kind: z.enum(periodKinds), from: z.string(), to: z.string() }),
  before: period,
  /** Each currency by itself. */
  currencies: z.array(z.strictObject({ currency: z.string(), kpis: z.record(z.string(), kpi) })),
  /** All of them in the reporting currency, by the rates of their days; without KPIs where a rate is not known. */
  reporting: z.strictObject({ currency: z.string(), kpis: z.optional(z.record(z.string(), kpi)), missing: z.optional(z.string()) }),
});
type Kpis = KpiReport['kpis'];

/** Every currency's KPIs, and all in the reporting one. */
export function kpisByCurrency(rows: readonly DaySums[], reporting: { readonly currency: string; readonly perEuro: EuroRates }, periods: ReturnType<typeof periodsOf>, today: string) {
  const of = (some: readonly DaySums[], currency: string): Kpis => kpiReport(some, periods, currency, today, matureAfterDays, ratesOf(reporting.perEuro)).kpis;
  const currencies = [...new Set(rows.map((row) => row.currency))].filter((one) => one !== none).sort();
  const converted = (): { kpis?: Kpis; missing?: string } => {
    try {
      return { kpis: of(rows, reporting.currency) };
    } catch (error) {
      if (error instanceof NoRate) return { missing: error.message };
      throw error;
    }
  };
  return { currencies: currencies.map((currency) => ({ currency, kpis: of(rows.filter((row) => row.currency === currency), currency) })), reporting: { currency: reporting.currency, ...converted() } };
}

export const kpisRoute = route({
  path: '/kpis',
  summary: 'Every KPI of a period beside the one before',
  description: `Each with its formula, what it counts and what to beware of. ${Object.entries(kpis).map(([name]) => name).join(', ')}.`,
  query: z.strictObject({ period: filters.period, day: filters.day, currency: filters.currency, source: filters.source, format: filters.format }),
  answer,
  async read({ period: kind, day, currency, source }, { warehouse, today }) {
    const periods = periodsOf(kind, day ?? today);
    const { rows, reportingCurrency, perEuro } = await readDays(warehouse, { from: periods.before.from, to: periods.current.to }, today);
    const asked = rows.filter((row) => (source === undefined || row.source === source) && (currency === undefined || row.currency === currency));
    return { period: { kind, ...told(periods.current) }, before: told(periods.before), ...kpisByCurrency(asked, { currency: reportingCurrency, perEuro }, periods, today) };
  },
  table: ({ currencies, reporting }) =>
    [...currencies.map(({ currency, kpis: of }) => [currency, of] as const), [`all in ${reporting.currency}`, reporting.kpis ?? {}] as const]
      .flatMap(([currency, of]) => Object.entries(of).map(([name, { value: is, unit, n, before, change, formula, caveats }]) => ({ currency, kpi: name, value: is, unit, n, before, change, formula, caveats: caveats.join('; ') }))),
});
