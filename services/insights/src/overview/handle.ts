import type { WarehouseReader } from '@orderflow/shared/aws';
import { ordersByCurrency, returnsByOutcome, type Overview } from './queries.ts';

export interface Deps {
  readonly warehouse: WarehouseReader;
}

export interface HttpAnswer {
  readonly statusCode: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** GET /api/overview → {@link Overview} as JSON. */
export async function handle(_: unknown, { warehouse }: Deps): Promise<HttpAnswer> {
  const [orders, returns] = await Promise.all([warehouse.rows(ordersByCurrency), warehouse.rows(returnsByOutcome)]);
  const overview: Overview = {
    orders: orders.map((row) => ({
      currency: String(row['currency']),
      orders: Number(row['orders']),
      units: Number(row['units']),
      grossSales: String(row['gross_sales']),
    })),
    returns: returns.map((row) => ({
      currency: row['currency'] === null ? null : String(row['currency']),
      outcome: String(row['outcome']),
      returns: Number(row['returns']),
      refunded: String(row['refunded']),
    })),
  };
  return { statusCode: 200, headers: { 'content-type': 'application/json', 'cache-control': 'no-store' }, body: JSON.stringify(overview) };
}
