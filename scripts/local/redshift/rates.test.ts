import { sequenceOf } from '@orderflow/shared/events';
import type { Fact } from '@orderflow/shared/facts';
import { silentLog, silentMeter } from '@orderflow/shared/lambda';
import { landFacts } from '../../../services/warehouse/src/landed/land.ts';
import { memoryLease } from '../../../services/warehouse/src/load/lease.ts';
import { handle as load } from '../../../services/warehouse/src/load-facts/handle.ts';
import { handle as migrate } from '../../../services/warehouse/src/migrate/handle.ts';
import { orderFact, returnFact } from '../../../services/warehouse/src/rows/given.ts';
import { startMigrated, type MigratedWarehouse } from './migrated.ts';

let local: MigratedWarehouse;
beforeAll(async () => (local = await startMigrated()), 30_000);
afterAll(() => local.close());

const published = (day: string, rates: Record<string, string>, sequence = 1): Fact => ({
  fact: 'rates.published', source: 'ecb', account: 'default', key: `ecb:default:EUR:${day}`, sequence: sequenceOf(sequence), partitionkey: day, recordedAt: '2026-11-22T17:00:00.000Z', events: [],
  payload: { day, base: 'EUR', by: 'European Central Bank', rates: Object.entries(rates).map(([currency, rate]) => ({ currency, rate })) },
});
let landed = 0;
async function loadFacts(...facts: Fact[]): Promise<void> {
  const { staging, warehouse } = local;
  await landFacts(staging, `shardId-0-${String(++landed).padStart(4, '0')}`, facts, Date.now());
  await load({}, {
    staging, warehouse, copyRole: 'default', lease: memoryLease(), log: silentLog, meter: silentMeter, clock: Date.now, newId: () => 'id',
    store: { forget: () => Promise.resolve('forgotten'), get: () => Promise.resolve(undefined), release: () => Promise.resolve('released') },
    quarantine: { put: ({ message }) => Promise.reject(new Error(message)) }, quarantineBucket: 'quarantine', pause: () => Promise.resolve(), batchesPerLoad: 50, rowsPerLoad: 100_000, intervalMs: 0,
  }, { requestId: `load-${landed}`, remainingMs: () => 300_000 });
}
const line = (total: number) => ({ lines: [{ id: '1', productId: 'p', quantity: 1, unitPrice: String(total / 100), total }], total });
const order = (number: number, currency: string, placedAt: string, total: number) => orderFact(number, 1, { currency, placedAt, ...line(total) });
const inReporting = (): Promise<unknown[][]> => local.warehouse.query(
  `SELECT TO_CHAR(order_date, 'YYYY-MM-DD'), currency, CAST(amount AS VARCHAR), reporting_currency, CAST(amount_reporting AS VARCHAR), TO_CHAR(rate_date, 'YYYY-MM-DD'), rate_age_days, not_converted
   FROM sales_by_day_reporting ORDER BY 1, 2`);

describe('sales in the reporting currency', () => {
  it('take the rate of their day, carry the last one on and say how old it is, and name what cannot be converted', async () => {
    await loadFacts(
      published('2026-11-19', { USD: '1.1602', JPY: '180.11' }), published('2026-11-20', { USD: '1.25', JPY: '182' }),
      order(1, 'EUR', '2026-11-20T10:00:00Z', 1234), order(2, 'USD', '2026-11-19T10:00:00Z', 10_000), order(3, 'USD', '2026-11-22T23:59:59Z', 10_000),
      order(4, 'USD', '2026-11-18T10:00:00Z', 500), order(5, 'XAF', '2026-11-20T10:00:00Z', 7),
    );
    expect(await inReporting()).toEqual([
      ['2026-11-18', 'USD', '5.0000', 'EUR', null, null, null, 'no rate of USD on this day or before'],
      ['2026-11-19', 'USD', '100.0000', 'EUR', '86.1920', '2026-11-19', 0, null], // 100 / 1.1602 = 86.19203…
      ['2026-11-20', 'EUR', '12.3400', 'EUR', '12.3400', '2026-11-20', 0, null],
      ['2026-11-20', 'XAF', '7.0000', 'EUR', null, null, null, 'no rate of XAF on this day or before'],
      ['2026-11-22', 'USD', '100.0000', 'EUR', '80.0000', '2026-11-20', 2, null], // a Sunday: Friday's
    ]);
    const [[rows, sum] = []] = await local.warehouse.query('SELECT COUNT(*), CAST(SUM(amount) AS VARCHAR) FROM sales_by_day_reporting');
    expect([[rows, sum]]).toEqual(await local.warehouse.query('SELECT COUNT(*), CAST(SUM(amount) AS VARCHAR) FROM sales_by_day'));
  });

  it('take a corrected rate, and no stale one', async () => {
    await loadFacts(published('2026-11-20', { USD: '1.6' }, 3));
    await loadFacts(published('2026-11-20', { USD: '1.25' }, 2));
    expect((await inReporting()).at(-1)).toEqual(['2026-11-22', 'USD', '100.0000', 'EUR', '62.5000', '2026-11-20', 2, null]);
    expect(await local.warehouse.query('SELECT COUNT(*) FROM fx_rate')).toEqual([[4]]);
  });

  it('cross the euro where neither is it, once the stage says so', async () => {
    await migrate({ RequestType: 'Update' }, { ...local.migration, settings: { reporting_currency: 'JPY' } }, { requestId: 'changed' });
    const rows = await inReporting();
    expect(rows.find(([day]) => day === '2026-11-19')).toEqual(['2026-11-19', 'USD', '100.0000', 'JPY', '15524.0476', '2026-11-19', 0, null]); // 100 × 180.11 / 1.1602
    expect(rows.find(([, currency]) => currency === 'EUR')).toEqual(['2026-11-20', 'EUR', '12.3400', 'JPY', '2245.8800', '2026-11-20', 0, null]);
    await migrate({ RequestType: 'Update' }, local.migration, { requestId: 'back' });
  });

  it('hold for refunds as well', async () => {
    await loadFacts(returnFact(1)); // 20.00 EUR
    expect(await local.warehouse.query('SELECT currency, CAST(amount AS VARCHAR), CAST(amount_reporting AS VARCHAR), rate_age_days, not_converted FROM refunds_by_day_reporting'))
      .toEqual([['EUR', '20.0000', '20.0000', 0, null]]);
  });
});
