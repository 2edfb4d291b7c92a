import type { Row, WarehouseReader } from '@orderflow/shared/aws';
import type { DaySums } from './day-sums.ts';
import { addDays, type Period } from './periods.ts';
import { stockDays } from './stock-days.ts';

const sums = [
  'orders', 'units', 'gross', 'discounts', 'shipping', 'cost', 'units_with_cost', 'returned_orders', 'returned_units', 'returned_value', 'cohort_orders', 'cohort_units', 'cohort_value', 'shipped', 'accurate', 'perfect',
  'surveys_sent', 'surveys', 'satisfied', 'nps_answers', 'promoters', 'detractors', 'good', 'bad',
];
/** With what a euro was worth on the day, in the row's currency and in the reporting one; null where no rate is known. */
const daysSql = `SELECT TO_CHAR(s.day, 'YYYY-MM-DD') AS day, s.source, s.account, s.currency, g.currency AS reporting_currency, MAX(own.rate) AS own_per_euro, MAX(reporting.rate) AS reporting_per_euro,
  ${sums.map((name) => `COALESCE(SUM(s.${name}), 0) AS ${name}`).join(', ')}
FROM day_sum s CROSS JOIN reporting_currency g
LEFT JOIN fx_rate_span own ON own.currency = s.currency AND s.day >= own.valid_from AND (own.valid_to IS NULL OR s.day < own.valid_to)
LEFT JOIN fx_rate_span reporting ON reporting.currency = g.currency AND s.day >= reporting.valid_from AND (reporting.valid_to IS NULL OR s.day < reporting.valid_to)
WHERE s.day >= CAST(:from_day AS DATE) AND s.day < CAST(:to_day AS DATE) AND s.measured <> 'stock'
GROUP BY TO_CHAR(s.day, 'YYYY-MM-DD'), s.source, s.account, s.currency, g.currency`;
const stockSql = `SELECT day, source, account, currency, SUM(stock_change) AS stock_change
FROM (
  SELECT CASE WHEN day < CAST(:from_day AS DATE) THEN NULL ELSE TO_CHAR(day, 'YYYY-MM-DD') END AS day, source, account, currency, stock_change
  FROM day_sum WHERE measured = 'stock' AND day < CAST(:to_day AS DATE)
) changed
GROUP BY day, source, account, currency`;

const nothing: Omit<DaySums, 'day' | 'source' | 'account' | 'currency'> = {
  orders: 0, units: 0, gross: '0', discounts: '0', shipping: '0', cost: '0', unitsWithCost: 0, returnedOrders: 0, returnedUnits: 0, returnedValue: '0', cohortOrders: 0, cohortUnits: 0, cohortValue: '0',
  shipped: 0, accurate: 0, perfect: 0, surveysSent: 0, surveys: 0, satisfied: 0, npsAnswers: 0, promoters: 0, detractors: 0, good: 0, bad: 0, stock: null,
};
const camel = (name: string): string => name.replaceAll(/_([a-z])/g, (_, letter: string) => letter.toUpperCase());

/** A row's figures under their names; money stays text, the rest are counts. */
const figures = (row: Row): Partial<DaySums> =>
  Object.fromEntries(Object.entries(row).flatMap(([column, value]) => {
    const name = camel(column) as keyof typeof nothing;
    if (!(name in nothing)) return [];
    const money = name === 'stock' || typeof nothing[name] === 'string';
    return [[name, money ? String(value ?? 0) : Number(value ?? 0)]];
  }));

/** What a euro is worth on a day, by currency: `2026-11-16 USD` → decimal text. */
export type EuroRates = ReadonlyMap<string, string>;
export interface Days {
  readonly rows: readonly DaySums[];
  readonly reportingCurrency: string;
  readonly perEuro: EuroRates;
}

/**
 * The sums of the days of a period, one row a day, source, account and currency; two statements, however many orders.
 * @param today last day whose stock is told: what is there now is not there tomorrow yet
 */
export async function readDays(warehouse: WarehouseReader, { from, to }: Period, today: string): Promise<Days> {
  const ask = (sql: string): Promise<Row[]> => warehouse.rows(sql, { from_day: from, to_day: to });
  const [read, stock] = await Promise.all([daysSql, stockSql].map(ask)) as [Row[], Row[]];
  const known = { from, to: to > addDays(today, 1) ? addDays(today, 1) : to };
  const days = new Map<string, DaySums>();
  const perEuro = new Map<string, string>();
  for (const row of [...read, ...stockDays(stock, known)] as Row[]) {
    const [day, source, account, currency] = ['day', 'source', 'account', 'currency'].map((name) => String(row[name] ?? '')) as [string, string, string, string];
    const key = JSON.stringify([day, source, account, currency]);
    days.set(key, { ...(days.get(key) ?? { ...nothing, day, source, account, currency }), ...figures(row) });
    for (const [of, rate] of [[currency, row['own_per_euro']], [String(row['reporting_currency']), row['reporting_per_euro']]] as const) {
      if (rate !== null && rate !== undefined) perEuro.set(`${day} ${of}`, String(rate));
    }
  }
  const reportingCurrency = String(read[0]?.['reporting_currency'] ?? 'EUR');
  return { rows: [...days.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one), reportingCurrency, perEuro };
}
