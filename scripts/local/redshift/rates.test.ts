import { readFileSync } from 'node:fs';
import Big from 'big.js';
import fc from 'fast-check';
import { sequenceOf } from '@orderflow/shared/events';
import type { Fact } from '@orderflow/shared/facts';
import { handle as migrate } from '../../../services/warehouse/src/migrate/handle.ts';
import { orderFact, returnFact } from '../../../services/warehouse/src/rows/given.ts';
import { startMigrated, type MigratedWarehouse } from './migrated.ts';

let local: MigratedWarehouse;
let settings = 0;
beforeAll(async () => (local = await startMigrated()), 30_000);
afterAll(() => local.close());

const published = (day: string, rates: Record<string, string>, sequence = 1): Fact => ({
  fact: 'rates.published', source: 'ecb', account: 'default', key: `ecb:default:EUR:${day}`, sequence: sequenceOf(sequence), partitionkey: day, recordedAt: '2026-11-22T17:00:00.000Z', events: [],
  payload: { day, base: 'EUR', by: 'European Central Bank', rates: Object.entries(rates).map(([currency, rate]) => ({ currency, rate })) },
});
const loadFacts = (...facts: Fact[]): Promise<void> => local.load(facts);
const line = (total: number) => ({ lines: [{ id: '1', productId: 'p', quantity: 1, unitPrice: String(total / 100), total }], total });
const order = (number: number, currency: string, placedAt: string, total: number) => orderFact(number, 1, { currency, placedAt, ...line(total) });
const inReporting = (): Promise<unknown[][]> => local.warehouse.query(
  `SELECT TO_CHAR(order_date, 'YYYY-MM-DD'), currency, CAST(amount AS VARCHAR), reporting_currency, CAST(amount_reporting AS VARCHAR), TO_CHAR(rate_date, 'YYYY-MM-DD'), rate_age_days, not_converted
   FROM sales_by_day_reporting WHERE account = 'default' ORDER BY 1, 2`);
/** What is laid beside each other has as many rows, and sums, as what it was made of. */
const sameSums = async (view: string): Promise<void> => {
  const of = (name: string) => local.warehouse.query(`SELECT COUNT(*), CAST(COALESCE(SUM(amount), 0) AS DECIMAL(18,4)) FROM ${name}`);
  expect(await of(`${view}_reporting`)).toEqual(await of(view));
};

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
    await sameSums('sales_by_day');
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
    // half of the way is not the way: no day is named where nothing was converted
    expect(rows.find(([, currency]) => currency === 'XAF')).toEqual(['2026-11-20', 'XAF', '7.0000', 'JPY', null, null, null, 'no rate of XAF on this day or before']);
    await migrate({ RequestType: 'Update' }, local.migration, { requestId: 'back' });
  });

  it('say which rates were used, and use none where the currency is the same', async () => {
    expect(await local.warehouse.query(
      `SELECT currency, CAST(own_per_euro AS VARCHAR), CAST(reporting_per_euro AS VARCHAR) FROM sales_by_day_reporting
       WHERE account = 'default' AND order_date IN (CAST('2026-11-19' AS DATE), CAST('2026-11-20' AS DATE)) ORDER BY 1`,
    )).toEqual([['EUR', null, null], ['USD', '1.160200000', '1.000000000'], ['XAF', null, '1.000000000']]);
  });

  it('are there, once each, whatever stands in the settings and among the rates', async () => {
    const { warehouse, migration } = local;
    const run = async (...statements: string[]): Promise<void> => expect(await warehouse.transaction(statements, {}, `settings-${++settings}`)).toEqual({ outcome: 'committed' });
    const before = await inReporting();
    await run("INSERT INTO setting (name, value) VALUES ('reporting_currency', 'EUR')"); // nothing enforces the key
    expect(await inReporting()).toEqual(before);
    await run('DELETE FROM setting');
    expect(await inReporting()).toEqual(before);
    await run(`INSERT INTO fx_rate (rate_date, base, currency, rate) VALUES (CAST('2026-11-19' AS DATE), 'EUR', 'EUR', 2), (CAST('2026-11-22' AS DATE), 'EUR', 'USD', 0),
      (CAST('2026-11-22' AS DATE), 'EUR', 'USD', NULL), (CAST('2026-11-22' AS DATE), 'USD', 'EUR', 0.5), (CAST('2026-11-22' AS DATE), 'USD', 'USD', 3), (CAST('2026-11-19' AS DATE), 'GBP', 'USD', 1.3)`);
    expect(await inReporting()).toEqual(before);
    await run("DELETE FROM fx_rate WHERE base <> 'EUR' OR currency = 'EUR' OR rate IS NULL OR rate = 0");
    await migrate({ RequestType: 'Update' }, migration, { requestId: 'set-again' });
    expect(await warehouse.query('SELECT name, value FROM setting')).toEqual([['reporting_currency', 'EUR']]);
  });

  it('hold for refunds as well, also for those of which amount or currency is unknown', async () => {
    const lines = [{ lineId: '1', productId: 'p1', quantity: 2, amount: 2000 }];
    const returned = (number: number, change: { currency?: string; lines?: object[] }): Fact => {
      const fact = returnFact(number);
      const { currency: _, ...bare } = fact.payload.return;
      return { ...fact, payload: { ...fact.payload, refund: { status: 'DUE', amount: 2000 }, return: { ...bare, requestedAt: '2026-11-22T08:00:00Z', lines, ...change } } } as Fact;
    };
    await loadFacts(
      returned(1, { currency: 'EUR' }), returned(2, { currency: 'USD' }), returned(3, { currency: 'XAF' }), returned(4, {}),
      returned(5, { currency: 'PLN', lines: [{ lineId: '1', productId: 'p1', quantity: 1 }] }),
    );
    expect(await local.warehouse.query(
      `SELECT currency, CAST(amount AS VARCHAR), CAST(amount_reporting AS VARCHAR), CAST(own_per_euro AS VARCHAR), TO_CHAR(rate_date, 'YYYY-MM-DD'), rate_age_days, not_converted
       FROM refunds_by_day_reporting ORDER BY COALESCE(currency, 'none')`,
    )).toEqual([
      ['EUR', '20.0000', '20.0000', null, '2026-11-22', 0, null],
      ['PLN', null, null, null, null, null, 'no amount is known'],
      ['USD', '20.0000', '12.5000', '1.600000000', '2026-11-20', 2, null],
      ['XAF', '2000.0000', null, null, null, null, 'no rate of XAF on this day or before'],
      [null, '20.0000', null, null, null, null, 'no currency is known'],
    ]);
    await sameSums('refunds_by_day');
  });

  it('are exact to the fourth decimal, half away from zero, whatever the amounts and rates', async () => {
    const money = fc.integer({ min: -900_000_000, max: 900_000_000 });
    const worth = fc.tuple(fc.integer({ min: 100, max: 99_999 }), fc.constantFrom(1, 100, 10_000)).map(([value, scale]) => new Big(value).div(scale).toFixed());
    const cases = fc.sample(fc.record({ total: money, usd: worth, gbp: worth }), 60);
    const dayOf = (at: number): string => new Date(Date.UTC(2020, 0, 1 + at)).toISOString().slice(0, 10);
    await loadFacts(...cases.flatMap(({ total, usd, gbp }, at) => [
      published(dayOf(at), { USD: usd, GBP: gbp }), orderFact(100 + at, 1, { account: 'exact', currency: 'USD', placedAt: `${dayOf(at)}T12:00:00Z`, ...line(total) }),
    ]));
    await migrate({ RequestType: 'Update' }, { ...local.migration, settings: { reporting_currency: 'GBP' } }, { requestId: 'exact' });
    const told = await local.warehouse.query("SELECT TO_CHAR(order_date, 'YYYY-MM-DD'), CAST(amount_reporting AS VARCHAR) FROM sales_by_day_reporting WHERE account = 'exact' ORDER BY 1");
    const exact = Big();
    exact.DP = 40; // so that a quotient which is no half does not look like one
    expect(told).toEqual(cases.map(({ total, usd, gbp }, at) => [dayOf(at), new exact(total).div(100).times(gbp).div(usd).round(4, exact.roundHalfUp).toFixed(4)]));
  });

  // the local database keeps more digits than Redshift: this is its rule
  // (https://docs.aws.amazon.com/redshift/latest/dg/r_numeric_computations201.html)
  it('leave Redshift nine decimals of a quotient to round', () => {
    const quotients = [...readFileSync('services/warehouse/schema/008_rates.sql', 'utf8').matchAll(/AS DECIMAL\((\d+),(\d+)\)\) \/ own_per_euro/g)];
    expect(quotients).toHaveLength(2);
    for (const [, precision, scale] of quotients) {
      const [of, by] = [{ precision: Number(precision), scale: Number(scale) }, { precision: 18, scale: 9 }];
      const decimals = Math.max(4, of.scale + by.precision - by.scale + 1);
      const digits = of.precision - of.scale + by.scale + decimals;
      expect(digits > 38 ? Math.max(38 + decimals - digits, Math.min(4, of.scale)) : decimals).toBeGreaterThanOrEqual(9);
    }
  });
});
