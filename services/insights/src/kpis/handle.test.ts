import type { Row } from '@orderflow/shared/aws';
import { salesSql } from './day-queries.ts';
import { handle } from './handle.ts';

const sale = (day: string, currency: string, gross: string): Row => ({ day, source: 'shopify', account: 'default', currency, orders: 1, units: 1, gross, discounts: '0', shipping: '0', cost: '0', units_with_cost: 0 });

async function ask(queryStringParameters?: Record<string, string>, sales: readonly Row[] = [sale('2026-11-17', 'EUR', '30'), sale('2026-11-09', 'EUR', '20'), sale('2026-11-17', 'USD', '5')]) {
  const asked: object[] = [];
  const rows = (sql: string, parameters: object = {}): Promise<Row[]> => {
    asked.push(parameters);
    return Promise.resolve(sql === salesSql ? [...sales] : []);
  };
  const { statusCode, body } = await handle({ queryStringParameters }, { clock: () => Date.parse('2026-11-18T10:00:00Z'), warehouse: { rows } });
  return { statusCode, asked, body: JSON.parse(body) as Record<string, unknown> & { currencies?: { currency: string; kpis: Record<string, object> }[] } };
}

it('answers with every KPI, currency by currency, beside the period before', async () => {
  const { statusCode, body, asked } = await ask({ period: 'week', day: '2026-11-17' });
  expect(statusCode).toBe(200);
  expect(body).toMatchObject({ period: { kind: 'week', from: '2026-11-16', to: '2026-11-23' }, before: { from: '2026-11-09', to: '2026-11-16' } });
  expect(body.currencies?.map(({ currency, kpis }) => [currency, kpis['grossSales']])).toEqual([
    ['EUR', expect.objectContaining({ value: '30.0000', before: '20.0000', change: 0.5, n: 1 })], ['USD', expect.objectContaining({ value: '5.0000', before: '0.0000', change: null })],
  ]);
  expect(new Set(asked.map((one) => JSON.stringify(one)))).toEqual(new Set([JSON.stringify({ from_day: '2026-11-09', to_day: '2026-11-23' })]));
  expect(asked).toHaveLength(7);
});

it('looks at the 30 days up to today without a filter, and at one currency or source with one', async () => {
  expect((await ask()).body['period']).toEqual({ kind: 'trailing30', from: '2026-10-20', to: '2026-11-19' });
  expect((await ask({ currency: 'USD' })).body.currencies?.map(({ currency }) => currency)).toEqual(['USD']);
  expect((await ask({ source: 'square' })).body.currencies).toEqual([]);
});

it.each([[{ period: 'year' }, 'period'], [{ day: '2026-02-30' }, 'day'], [{ currency: 'euro' }, 'currency'], [{ sorce: 'x' }, 'sorce']])('names the filter that is wrong: %j', async (filters, field) => {
  expect(await ask(filters as unknown as Record<string, string>)).toMatchObject({ statusCode: 400, asked: [], body: { error: 'bad-filter', field } });
});
