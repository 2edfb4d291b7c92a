import * as z from 'zod/mini';
import { route } from '../api/route.ts';
import { ordersByCurrency, returnsByOutcome } from './queries.ts';

const answer = z.strictObject({
  orders: z.array(z.strictObject({ currency: z.string(), orders: z.number(), units: z.number(), grossSales: z.string() })),
  /** Currency null: the source named none. */
  returns: z.array(z.strictObject({ currency: z.nullable(z.string()), outcome: z.string(), returns: z.number(), refunded: z.string() })),
});

export const overviewRoute = route({
  path: '/overview',
  summary: 'What there is in all',
  description: 'Orders, units and gross sales per currency, of all days; returns and refunds by decision.',
  query: z.strictObject({}),
  answer,
  async read(_, { warehouse }) {
    const [orders, returns] = await Promise.all([warehouse.rows(ordersByCurrency), warehouse.rows(returnsByOutcome)]);
    return {
      orders: orders.map((row) => ({ currency: String(row['currency']), orders: Number(row['orders']), units: Number(row['units']), grossSales: String(row['gross_sales']) })),
      returns: returns.map((row) => ({ currency: row['currency'] === null ? null : String(row['currency']), outcome: String(row['outcome']), returns: Number(row['returns']), refunded: String(row['refunded']) })),
    };
  },
});
