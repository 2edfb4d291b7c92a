import type Big from 'big.js';
import type { Sums } from '../sums/day-sums.ts';

/** One figure as it is shown: with what it counts, how many that were, and what to beware of. */
export interface Kpi {
  /** Decimal text in major units for money, else a number; null: nothing to divide by. */
  readonly value: string | number | null;
  readonly unit: 'money' | 'share' | 'per year' | 'days' | 'points';
  /** What it was taken from: orders, units, answers or days. */
  readonly n: number;
  readonly formula: string;
  readonly caveats: readonly string[];
}

export interface KpiSettings {
  /** Days in the period: turnover is annualised. */
  readonly days: number;
  /** Days since the period's last order day; returns of younger cohorts are still to come. */
  readonly age: number;
  /** Days after which nine of ten returns have come. */
  readonly matureAfterDays: number;
}

const share = (part: number, whole: number): number | null => (whole === 0 ? null : part / whole);
const shareOf = (part: Big, whole: Big): number | null => (whole.eq(0) ? null : part.div(whole).toNumber());
const percent = (value: number): string => `${Math.round(100 * value)} %`;

type Definition = (sums: Sums, settings: KpiSettings) => Kpi;
const netSales = ({ gross, discounts, returnedValue }: Sums): Big => gross.minus(discounts).minus(returnedValue);
const money = (pick: (sums: Sums) => Big, formula: string, caveats: (sums: Sums) => readonly string[] = () => []): Definition =>
  (sums) => ({ value: pick(sums).toFixed(4), unit: 'money', n: sums.orders, formula, caveats: caveats(sums) });

const immature = ({ age, matureAfterDays }: KpiSettings): readonly string[] =>
  age < matureAfterDays ? [`the youngest orders are ${age} days old, and nine of ten returns come within ${matureAfterDays}: more are to come`] : [];
const rate = (pick: (sums: Sums) => number | null, n: (sums: Sums) => number, formula: string, caveats: (settings: KpiSettings) => readonly string[] = () => []): Definition =>
  (sums, settings) => ({ value: pick(sums), unit: 'share', n: n(sums), formula, caveats: caveats(settings) });

const orders = ({ orders: n }: Sums): number => n;
const units = ({ units: n }: Sums): number => n;

const costKnown = ({ unitsWithCost, units: all }: Sums): readonly string[] => (unitsWithCost < all ? [`cost known of ${percent(unitsWithCost / all)} of the units`] : []);
const turns: Definition = (sums, { days }) => {
  const { cost, meanStock, stockDays } = sums;
  const value = meanStock === null || meanStock.lte(0) || days === 0 ? null : cost.div(meanStock).times(365).div(days).toNumber();
  return { value, unit: 'per year', n: stockDays, formula: 'cost of goods sold ÷ mean of daily stock at cost × 365 ÷ days', caveats: [...costKnown(sums), ...(stockDays < days ? [`stock known on ${stockDays} of ${days} days`] : [])] };
};

/**
 * The KPIs and their definitions. Currencies are never mixed: sums are of one, or converted before. Gift cards are
 * liabilities and no sales; tests, cancelled and unpaid orders never count.
 */
export const kpis = {
  grossSales: money(({ gross }) => gross, 'Σ price × quantity of goods, on the day of the order; without tax and shipping'),
  netSales: money(netSales, 'gross − discounts − returns on the day of the return; without tax and shipping'),
  totalRevenue: money((sums) => netSales(sums).plus(sums.shipping), 'net sales + shipping charged; without tax'),
  unitReturnRate: rate(({ returnedUnits, units: sold }) => share(returnedUnits, sold), units, 'units that came back in the period ÷ units sold in it'),
  orderReturnRate: rate(({ returnedOrders, orders: placed }) => share(returnedOrders, placed), orders, 'orders of which something came back in the period ÷ orders placed in it'),
  valueReturnRate: rate(({ returnedValue, gross }) => shareOf(returnedValue, gross), orders, 'value that came back in the period ÷ gross sales of it'),
  unitReturnRateOfCohort: rate(({ cohortUnits, units: sold }) => share(cohortUnits, sold), units, 'of the units sold in the period: share that has come back since', immature),
  orderReturnRateOfCohort: rate(({ cohortOrders, orders: placed }) => share(cohortOrders, placed), orders, 'of the orders placed in the period: share of which something has come back since', immature),
  valueReturnRateOfCohort: rate(({ cohortValue, gross }) => shareOf(cohortValue, gross), orders, 'of the gross sales of the period: share that has come back since', immature),
  inventoryTurnover: turns,
  daysOfInventory: (sums, settings) => {
    const { value, n, caveats } = turns(sums, settings);
    return { value: typeof value === 'number' && value > 0 ? 365 / value : null, unit: 'days', n, formula: '365 ÷ inventory turnover', caveats };
  },
  orderAccuracy: rate(({ accurate, shipped }) => share(accurate, shipped), ({ shipped }) => shipped, 'orders shipped with the right goods in the right number ÷ orders shipped'),
  perfectOrder: rate(({ perfect, shipped }) => share(perfect, shipped), ({ shipped }) => shipped, 'orders delivered in full, on time and undamaged ÷ orders shipped (SCOR, without its documents, which nobody tells us of); one failed line fails the order'),
  customerSatisfaction: (sums) => ({
    value: share(sums.satisfied, sums.surveys), unit: 'share', n: sums.surveys, formula: 'answers of 4 and 5 ÷ answers to surveys',
    caveats: sums.surveysSent > 0 ? [`${percent(Math.min(1, sums.surveys / sums.surveysSent))} of ${sums.surveysSent} surveys were answered`] : [],
  }),
  netPromoterScore: (sums) => ({
    value: sums.npsAnswers === 0 ? null : (100 * (sums.promoters - sums.detractors)) / sums.npsAnswers, unit: 'points', n: sums.npsAnswers, formula: '100 × (answers of 9 and 10 − answers of 0 to 6) ÷ answers', caveats: [],
  }),
  goodComments: (sums) => ({ value: share(sums.good, sums.good + sums.bad), unit: 'share', n: sums.good + sums.bad, formula: 'comments read as Good ÷ comments read', caveats: ['read by the language model; this is not customer satisfaction'] }),
} as const satisfies Readonly<Record<string, Definition>>;
export type KpiName = keyof typeof kpis;

/** All of them over the same sums. */
export const kpisOf = (sums: Sums, settings: KpiSettings): Readonly<Record<KpiName, Kpi>> =>
  Object.fromEntries(Object.entries(kpis).map(([name, define]) => [name, (define)(sums, settings)])) as Record<KpiName, Kpi>;
