import { cohortsSql, commentsSql, prepareStatements, returnsSql, salesSql, shippedSql, stockSql, surveysSql } from './day-queries.ts';
import { cashSql, customerSql, productSql, reasonSql } from './entity-queries.ts';

const scope = ['day', 'source', 'account', 'currency'];
/** What fills each table, and the columns that it gives. */
const parts: readonly { readonly table: string; readonly measured?: string; readonly columns: readonly string[]; readonly sql: string }[] = [
  { table: 'day_sum', measured: 'sales', columns: ['orders', 'units', 'gross', 'discounts', 'shipping', 'cost', 'units_with_cost'], sql: salesSql() },
  { table: 'day_sum', measured: 'returns', columns: ['returned_orders', 'returned_units', 'returned_value'], sql: returnsSql() },
  { table: 'day_sum', measured: 'cohorts', columns: ['cohort_orders', 'cohort_units', 'cohort_value'], sql: cohortsSql() },
  { table: 'day_sum', measured: 'shipped', columns: ['shipped', 'accurate', 'perfect'], sql: shippedSql() },
  { table: 'day_sum', measured: 'surveys', columns: ['surveys_sent', 'surveys', 'satisfied', 'nps_answers', 'promoters', 'detractors'], sql: surveysSql },
  { table: 'day_sum', measured: 'comments', columns: ['good', 'bad'], sql: commentsSql },
  { table: 'day_sum', measured: 'stock', columns: ['stock_change'], sql: stockSql },
  {
    table: 'product_day', sql: productSql(),
    columns: ['product_key', 'country', 'name', 'units', 'gross', 'discounts', 'cost', 'units_with_cost', 'net_with_cost', 'returned_units', 'returned_value', 'cohort_units', 'cohort_value'],
  },
  { table: 'reason_day', columns: ['product_key', 'reason', 'returns', 'units', 'value'], sql: reasonSql() },
  { table: 'customer_day', columns: ['customer_key', 'country', 'region', 'h3_cell', 'h3_coarse', 'orders', 'units', 'value', 'returned_orders', 'returned_value'], sql: customerSql() },
  { table: 'cash_day', columns: ['flow', 'method', 'settles_on', 'amount', 'units_without_cost'], sql: cashSql() },
];
const summed = [...new Set(parts.map(({ table }) => table))];
const ofSpan = 'day >= CAST(:from_day AS DATE) AND day < CAST(:to_day AS DATE)';

/**
 * One transaction that sums a span of days anew and takes them off the queue: as often as it runs, the sums are the same.
 * Parameters: `from_day`, `to_day` (not within), `run`. A span that is summed by two at once is summed by one after the other.
 */
export const sumStatements: readonly string[] = [
  'LOCK day_sum',
  ...prepareStatements,
  ...summed.map((table) => `DELETE FROM ${table} WHERE ${ofSpan}`),
  ...parts.map(({ table, measured, columns, sql }) => {
    const [into, from] = measured === undefined ? [columns, columns] : [['measured', ...columns], [`'${measured}'`, ...columns]];
    return `INSERT INTO ${table} (${[...scope, ...into].join(', ')}) SELECT ${[...scope, ...from].join(', ')} FROM (${sql}) summed`;
  }),
  `DELETE FROM changed_day WHERE run_id = :run AND ${ofSpan}`,
];
