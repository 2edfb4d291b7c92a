import { readFileSync } from 'node:fs';
import { silentLog } from '@orderflow/shared/lambda';
import { MemoryNotifier } from '@orderflow/shared/notices';
import { handle as api } from '../../services/insights/src/api/handle.ts';
import { routes } from '../../services/insights/src/api/routes.ts';
import { handle as forecast } from '../../services/insights/src/forecast/handle.ts';
import { handle as geography } from '../../services/insights/src/geography/handle.ts';
import { placesWith } from '../../services/insights/src/geography/place-of.ts';
import { regionsFrom } from '../../services/insights/src/geography/regions.ts';
import { handle as kpis } from '../../services/insights/src/kpis/handle.ts';
import { handle as products } from '../../services/insights/src/products/handle.ts';
import { handle as publish } from '../../services/insights/src/publish/handle.ts';
import { handle as returns } from '../../services/insights/src/returns/handle.ts';
import { handle as segments } from '../../services/insights/src/segments/handle.ts';
import { addDays } from '../../services/insights/src/sums/periods.ts';
import { startMigrated, type MigratedWarehouse } from '../local/redshift/migrated.ts';
import { refresh, refreshOf } from '../local/redshift/refreshed.ts';

type Say = (line: string) => void;
type Figures = Record<string, number>;

const [orders, linesOfAnOrder, days, today] = [300_000, 4, 365, '2026-11-22'];
const placeOf = placesWith(regionsFrom(readFileSync('services/insights/regions/regions.json.gz')));
const clock = (): number => Date.parse(`${today}T12:00:00Z`);

/** Whole numbers up to a million, out of digits. */
const numbers = `(SELECT a.d + 10 * b.d + 100 * c.d + 1000 * e.d + 10000 * f.d + 100000 * g.d AS n FROM ${['a', 'b', 'c', 'e', 'f', 'g'].map((name) => `(SELECT 0 AS d ${[1, 2, 3, 4, 5, 6, 7, 8, 9].map((d) => `UNION ALL SELECT ${d}`).join(' ')}) ${name}`).join(' CROSS JOIN ')})`;
/** A year of orders: five currencies, forty thousand customers, two thousand products, every twelfth order comes back; Sundays have none. */
const fill = [
  `CREATE TEMP TABLE numbered AS SELECT n, DATEADD(second, CAST(n % 80000 AS INTEGER), DATEADD(day, CAST(n % ${days} AS INTEGER), CAST('${addDays(today, -days)}' AS TIMESTAMP))) AS placed FROM ${numbers} made WHERE n < ${orders}`,
  `INSERT INTO orders (order_key, source, account, order_id, order_date_time, currency, total_order_value, shipping, customer_key, gps_latitude, gps_longitude, is_test, status, payment_status, payment_method, payment_provider, payment_fee, payment_settles_at, ship_country, batch_id)
SELECT 'k' || n, 's' || n % 6, 'default', CAST(n AS VARCHAR(20)), placed, CASE WHEN n % 11 = 0 THEN 'USD' WHEN n % 13 = 0 THEN 'GBP' ELSE 'EUR' END, 60 + n % 90, 4, CASE WHEN n % 5 = 0 THEN NULL ELSE 'c' || (n * 79) % 40000 END,
  CAST(47.3 + (n % 700) / 100.0 AS DECIMAL(9,6)), CAST(6.1 + (n % 310) / 50.0 AS DECIMAL(9,6)), FALSE, 'COMPLETED', 'PAID', 'card', CASE WHEN n % 3 = 0 THEN 'stripe' ELSE 'adyen' END, 1.2, DATEADD(day, CAST(2 + n % 5 AS INTEGER), placed), CASE WHEN n % 4 = 0 THEN 'AT' ELSE 'DE' END, 'bench'
FROM numbered WHERE DATE_PART(dow, placed) <> 0`,
  ...Array.from({ length: linesOfAnOrder }, (_, line) => `INSERT INTO order_product (order_key, line_id, source, account, line_class, product_key, name, quantity, unit_price, price_charged, discount, unit_cost, currency, order_date_time, batch_id)
SELECT order_key, '${line}', source, account, 'product', 'p' || (CAST(order_id AS BIGINT) * ${line * 31 + 17} + ${line}) % 2000, 'Thing', 1 + CAST(order_id AS BIGINT) % 3, 14.5, 14.5 * (1 + CAST(order_id AS BIGINT) % 3), 0, 8.25, currency, order_date_time, 'bench' FROM orders`),
  `INSERT INTO order_status_history (order_key, status_group, sequence, status, occurred_at, batch_id) SELECT order_key, 'fulfilment', '1', 'SHIPPED', DATEADD(day, 1, order_date_time), 'bench' FROM orders`,
  `INSERT INTO returns (return_key, source, account, return_id, order_key, customer_key, return_date, reason_category, currency, refund_amount, request_accepted, refund_status, decided_at, is_test, batch_id)
SELECT 'r' || order_id, source, account, order_id, order_key, customer_key, DATEADD(day, CAST(5 + CAST(order_id AS BIGINT) % 30 AS INTEGER), order_date_time), CASE WHEN CAST(order_id AS BIGINT) % 2 = 0 THEN 'damaged' ELSE 'changed_mind' END, currency, 14.5, TRUE, 'PAID', DATEADD(day, CAST(6 + CAST(order_id AS BIGINT) % 30 AS INTEGER), order_date_time), FALSE, 'bench'
FROM orders WHERE CAST(order_id AS BIGINT) % 12 = 5`,
  `INSERT INTO return_line (return_key, line_id, order_key, source, account, line_class, product_key, quantity_returned, refund_amount, currency, return_date, batch_id)
SELECT return_key, '0', order_key, source, account, 'product', 'p' || (CAST(return_id AS BIGINT) * 17) % 2000, 1, 14.5, currency, return_date, 'bench' FROM returns`,
  "INSERT INTO load_batch (batch_id, chunk, chunks, committed_at) VALUES ('bench', 1, 1, GETDATE())",
];

async function made(local: MigratedWarehouse, days_: number, times: Figures): Promise<void> {
  const deps = { ...refreshOf(local), clock, log: silentLog };
  const on = (name: string) => ({ requestId: `${name}-${performance.now()}` });
  const each: Readonly<Record<string, () => Promise<unknown>>> = {
    forecast: () => forecast({ today, days: days_ }, deps, on('forecast')), products: () => products({ today }, { ...deps, leadDays: 14 }, on('products')), segments: () => segments({ today, days: days_ }, deps, on('segments')),
    returns: () => returns({ today }, deps, on('returns')), geography: () => geography({ today }, deps, on('geography')), kpis: () => kpis({ today }, { ...deps, stage: 'bench', staff: new MemoryNotifier(), targets: [{ kpi: 'unitReturnRate', most: 0.9, period: 'trailing30', currency: 'EUR', slack: 0.02, leastN: 1 }] }, on('kpis')),
    publish: () => publish({ run: on('run').requestId, today, startedAt: new Date(clock()).toISOString(), days: days_, insights: [] }, deps, on('publish')),
  };
  for (const [name, make] of Object.entries(each)) {
    const begun = performance.now();
    await make();
    times[`${name} seconds`] = (performance.now() - begun) / 1_000;
  }
}

/**
 * A refresh of everything over a year of a million order lines on the local warehouse, one of an ordinary hour after it (two
 * days touched), and the answers of the API: seconds and milliseconds.
 */
export async function insights(_: string, say: Say): Promise<Figures> {
  const started = await startMigrated();
  let statements = 0;
  const { warehouse, reader } = started;
  const local: MigratedWarehouse = {
    ...started,
    warehouse: {
      transaction(sqls, ...more) {
        statements += sqls.length;
        return warehouse.transaction(sqls, ...more);
      },
      query: (...given) => warehouse.query(...given),
    },
    reader: {
      rows(...given) {
        statements++;
        return reader.rows(...given);
      },
    },
  };
  const figures: Figures = {};
  const timed = async (name: string, work: () => Promise<unknown>): Promise<void> => {
    const begun = performance.now();
    await work();
    figures[name] = (performance.now() - begun) / 1_000;
    say(`${name} ${figures[name].toFixed(1)}`);
  };
  try {
    await timed('filling seconds', () => local.warehouse.transaction(fill, {}, 'bench').then((result) => {
      if (result.outcome === 'failed') throw new Error(result.reason);
    }));
    // as COPY does by itself on Redshift (STATUPDATE)
    for (const table of ['orders', 'order_product', 'order_status_history', 'returns', 'return_line']) await local.warehouse.query(`ANALYZE ${table}`);
    const [[lines]] = (await local.warehouse.query('SELECT COUNT(*) FROM order_product')) as [[number]];
    figures['order lines'] = lines;
    let spans: readonly unknown[] = [];
    await timed('sums of all days seconds', async () => {
      spans = await refresh(local, {}, placeOf);
    });
    say(`${spans.length} spans`);
    await timed('all insights seconds', () => made(local, days, figures));
    figures['full refresh seconds'] = (figures['sums of all days seconds'] ?? 0) + (figures['all insights seconds'] ?? 0);
    await local.warehouse.query(`UPDATE orders SET batch_id = 'later' WHERE order_date_time >= CAST('${addDays(today, -2)}' AS TIMESTAMP)`);
    await local.warehouse.query("INSERT INTO load_batch (batch_id, chunk, chunks, committed_at) VALUES ('later', 1, 1, GETDATE())");
    const hour: Figures = {};
    statements = 0;
    await timed('ordinary refresh seconds', async () => {
      await refresh(local, {}, placeOf);
      await made(local, 2, hour);
    });
    figures['statements of it'] = statements;
    for (const { path } of routes) {
      const begun = performance.now();
      const { statusCode } = await api({ rawPath: `/api${path}`, queryStringParameters: path.endsWith('what-if') ? { currency: 'EUR' } : {} }, { routes, warehouse: local.reader, messagesOf: () => Promise.resolve({ sent: 0, skipped: 0, unknown: 0 }), version: 'bench', clock, log: silentLog });
      if (statusCode !== 200) throw new Error(`${path} answers ${statusCode}`);
      figures[`GET ${path} ms`] = performance.now() - begun;
    }
  } finally {
    await local.close();
  }
  return Object.fromEntries(Object.entries(figures).map(([name, value]) => [name, Number(value.toFixed(value < 10 ? 2 : 0))]));
}
