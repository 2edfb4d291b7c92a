import type { Row, WarehouseReader } from '@orderflow/shared/aws';
import { cohortsSql, commentsSql, returnsSql, salesSql, shippedSql, stockSql, surveysSql } from './day-queries.ts';
import type { DaySums } from './day-sums.ts';
import { addDays, type Period } from './periods.ts';
import { stockDays } from './stock-days.ts';

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

/**
 * All that can be counted of the days of a period, one row a day, source, account and currency; seven statements.
 * @param today last day whose stock is told: what is there now is not there tomorrow yet
 */
export async function readDays(warehouse: WarehouseReader, { from, to }: Period, today: string): Promise<DaySums[]> {
  const ask = (sql: string): Promise<Row[]> => warehouse.rows(sql, { from_day: from, to_day: to });
  const [stock, ...read] = await Promise.all([stockSql, salesSql, returnsSql, cohortsSql, shippedSql, surveysSql, commentsSql].map(ask));
  const known = { from, to: to > addDays(today, 1) ? addDays(today, 1) : to };
  const days = new Map<string, DaySums>();
  for (const row of [...read.flat(), ...stockDays(stock ?? [], known)] as Row[]) {
    const [day, source, account, currency] = ['day', 'source', 'account', 'currency'].map((name) => String(row[name] ?? '')) as [string, string, string, string];
    const key = JSON.stringify([day, source, account, currency]);
    days.set(key, { ...(days.get(key) ?? { ...nothing, day, source, account, currency }), ...figures(row) });
  }
  return [...days.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
