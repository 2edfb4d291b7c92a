import type { Row } from '@orderflow/shared/aws';
import { handle } from './handle.ts';
import { ordersByCurrency, returnsByOutcome } from './queries.ts';

const answers = new Map<string, Row[]>([
  [ordersByCurrency, [{ currency: 'EUR', orders: 2, units: 3, gross_sales: '59.9700' }]],
  [returnsByOutcome, [{ currency: null, outcome: 'APPROVED', returns: 1, refunded: '0' }]],
]);

it('answers with counts and money per currency', async () => {
  const answer = await handle(undefined, { warehouse: { rows: async (sql) => answers.get(sql) ?? [] } });
  expect(answer.statusCode).toBe(200);
  expect(JSON.parse(answer.body)).toEqual({
    orders: [{ currency: 'EUR', orders: 2, units: 3, grossSales: '59.9700' }],
    returns: [{ currency: null, outcome: 'APPROVED', returns: 1, refunded: '0' }],
  });
});

it('says nothing where there is nothing', async () => {
  const answer = await handle(undefined, { warehouse: { rows: async () => [] } });
  expect(JSON.parse(answer.body)).toEqual({ orders: [], returns: [] });
});
