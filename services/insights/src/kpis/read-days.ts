import type { Row, WarehouseReader } from '@orderflow/shared/aws';
import { cohortsSql, commentsSql, returnsSql, salesSql, shippedSql, surveysSql } from './day-queries.ts';
import type { DaySums } from './day-sums.ts';
import type { Period } from './periods.ts';

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
    return [[name, typeof nothing[name] === 'string' ? String(value ?? 0) : Number(value ?? 0)]];
  }));

/** All that can be counted of the days of a period, one row a day, source, account and currency; six statements. */
export async function readDays(warehouse: WarehouseReader, { from, to }: Period): Promise<DaySums[]> {
  const read = await Promise.all([salesSql, returnsSql, cohortsSql, shippedSql, surveysSql, commentsSql].map((sql) => warehouse.rows(sql, { from_day: from, to_day: to })));
  const days = new Map<string, DaySums>();
  for (const row of read.flat()) {
    const [day, source, account, currency] = ['day', 'source', 'account', 'currency'].map((name) => String(row[name] ?? '')) as [string, string, string, string];
    const key = JSON.stringify([day, source, account, currency]);
    days.set(key, { ...(days.get(key) ?? { ...nothing, day, source, account, currency }), ...figures(row) });
  }
  return [...days.entries()].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, one]) => one);
}
