import { globSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { cutStatements } from '../../../services/warehouse/src/migrate/migration.ts';
import { integrityChecks } from '../../../services/warehouse/src/reconcile/integrity.ts';
import { sqlOf } from '../../validate/warehouse-sql.ts';
import { startRedshift, type LocalRedshift } from '../redshift.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'orderflow-queries-'));
let redshift: LocalRedshift;
const call = async (operation: string, input: object): Promise<Record<string, unknown>> => {
  const answer = await redshift.handle({
    service: 'redshift-data', operation, method: 'POST', path: '/', query: new URLSearchParams(), headers: {},
    body: Buffer.from(JSON.stringify({ WorkgroupName: 'orderflow-local', Database: 'orderflow', WaitTimeSeconds: 20, ...input })), accessKeyId: 'local',
  });
  return JSON.parse(answer.body.toString()) as Record<string, unknown>;
};
/** What went wrong with a statement, its parameters all `1`, but for days. */
const faultOf = async (Sql: string): Promise<string | undefined> => {
  const names = new Set([...Sql.replace(/'[^']*'/g, '').matchAll(/(?<![:\w]):(\w+)/g)].map(([, name = '']) => name));
  const taken = await call('ExecuteStatement', { Sql, ...(names.size > 0 && { Parameters: [...names].map((name) => ({ name, value: /^(since|today|.*_day)$/.test(name) ? '2026-01-01' : '1' })) }) });
  const { Status, Error: error, message } = taken['Id'] === undefined ? taken : await call('DescribeStatement', { Id: taken['Id'] });
  return Status === 'FINISHED' ? undefined : ((error ?? message) as string);
};

beforeAll(async () => {
  redshift = await startRedshift({ dataDir, s3: { get: () => Promise.reject(new Error('no files here')) } });
  for (const file of readdirSync('services/warehouse/schema').sort()) {
    for (const statement of cutStatements(readFileSync(`services/warehouse/schema/${file}`, 'utf8'))) {
      const fault = await faultOf(statement);
      if (fault !== undefined) throw new Error(`${file}: ${statement.slice(0, 80)}: ${fault}`);
    }
  }
  await faultOf('CREATE TABLE schema_migration (version INTEGER, checksum VARCHAR(64))');
}, 60_000);
afterAll(async () => {
  await redshift.close();
  rmSync(dataDir, { recursive: true, force: true });
});

it('runs every query of the product', async () => {
  const files = globSync(['services/*/src/**/*.ts', 'scripts/start/**/*.ts'], { exclude: ['**/*.test.ts', '**/node_modules/**'] });
  const written = files.flatMap((file) => sqlOf(file, readFileSync(file, 'utf8')).map(({ sql }) => sql)).filter((sql) => /^\s*(SELECT|WITH)/.test(sql) && !/\bx\b/.test(sql));
  const asked = [...written, ...integrityChecks.map(({ sql }) => sql)];
  const views = [...readFileSync('services/warehouse/schema/006_views.sql', 'utf8').matchAll(/CREATE OR REPLACE VIEW (\w+)/g)].map(([, name]) => `SELECT * FROM ${name}`);
  expect([written.length > 8, views.length > 5]).toEqual([true, true]);
  for (const sql of [...asked, ...views]) expect([sql, await faultOf(sql)]).toEqual([sql, undefined]);
}, 30_000);

it.each([
  "SELECT DATE_TRUNC('week', order_date_time) AS week, COUNT(*), MEDIAN(total_order_value), STDDEV(total_order_value), AVG(line_count) FROM orders GROUP BY 1 ORDER BY 1",
  'SELECT DATEDIFF(day, order_date_time, delivered_at) AS days, PERCENTILE_CONT(0.9) WITHIN GROUP (ORDER BY total_order_value) FROM orders GROUP BY 1',
  'SELECT product_key, RANK() OVER (ORDER BY SUM(quantity) DESC), RATIO_TO_REPORT(SUM(quantity)) OVER () FROM order_product GROUP BY product_key',
  'SELECT LAG(amount) OVER (PARTITION BY currency ORDER BY order_date), SUM(amount) OVER (PARTITION BY source ORDER BY order_date ROWS BETWEEN 6 PRECEDING AND CURRENT ROW) FROM sales_by_day',
  "SELECT EXTRACT(dow FROM order_date_time), DATE_PART(month, order_date_time), TO_CHAR(order_date_time, 'IYYY-IW'), LAST_DAY(order_date_time), TRUNC(order_date_time) FROM orders",
  'SELECT a.product_key, b.product_key, COUNT(*) FROM order_product a JOIN order_product b ON a.order_key = b.order_key AND a.product_key < b.product_key GROUP BY 1, 2 HAVING COUNT(*) > 3',
  'SELECT customer_key, NTILE(5) OVER (ORDER BY MAX(order_date_time)), NTILE(5) OVER (ORDER BY COUNT(*)) FROM orders GROUP BY customer_key',
  "WITH RECURSIVE days (day) AS (SELECT CAST('2026-01-01' AS DATE) UNION ALL SELECT CAST(DATEADD(day, 1, day) AS DATE) FROM days WHERE day < '2026-02-01') SELECT day FROM days",
  'SELECT currency, SUM(total_order_value) FROM orders GROUP BY ROLLUP (currency)',
  'SELECT NVL(SUM(refund_amount), 0)::DECIMAL(18,2) / NULLIF(COUNT(*), 0) FROM return_line',
  "SELECT DATEADD(day, -30, GETDATE()), CURRENT_DATE - 30, ROUND(2.5::FLOAT8, 1), LOG(100), REGEXP_SUBSTR('a-1', '[0-9]+'), SPLIT_PART('a:b', ':', 2), LPAD('1', 3, '0'), TO_DATE('20260101', 'YYYYMMDD'), STRPOS('ab', 'b')",
  "SELECT LISTAGG(DISTINCT currency, ', ') WITHIN GROUP (ORDER BY currency), COUNT(DISTINCT customer_key), APPROXIMATE COUNT(DISTINCT customer_key) FROM orders",
  "SELECT DATEDIFF('month', order_date_time, GETDATE()), MONTHS_BETWEEN(GETDATE(), order_date_time), NVL2(currency, 1, 0), DECODE(status, 'NEW', 1, NULL, 2, 3) FROM orders",
])('runs what an analyst writes: %s', async (sql) => expect(await faultOf(sql)).toBeUndefined());
