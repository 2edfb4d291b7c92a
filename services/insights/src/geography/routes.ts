import * as z from 'zod/mini';
import { any, filters, spanOf, told } from '../api/filters.ts';
import { pageOf } from '../api/page.ts';
import { route } from '../api/route.ts';
import { leastShown, suppressSmall } from '../segments/suppress.ts';
import { wilson } from '../statistics/proportion.ts';
import { placesSql, standingsSql, type Level } from './queries.ts';

interface PlaceSums {
  readonly name: string | undefined;
  readonly country: string | null;
  readonly customers: number;
  readonly orders: number;
  readonly value: number;
  readonly returned: number;
}
const elsewhere = (few: readonly PlaceSums[]): PlaceSums =>
  few.reduce((sum, one) => ({ ...sum, customers: sum.customers + one.customers, orders: sum.orders + one.orders, value: sum.value + one.value, returned: sum.returned + one.returned }), { name: undefined, country: null, customers: 0, orders: 0, value: 0, returned: 0 });
const unknown = 'unknown';
const nameOf = { country: 'country', region: 'region', cell: 'h3_cell', coarse: 'h3_coarse' } as const satisfies Record<Level, string>;

const sorts = { value: (one: PlaceSums) => one.value, orders: (one: PlaceSums) => one.orders, returnRate: (one: PlaceSums) => wilson(one.returned, one.orders).low } as const;

export const geographyRoute = route({
  path: '/geography',
  summary: 'Sales and return rate by country, region or H3 cell',
  description: `Country of the address, else of the position; region of the position (cities around it: GeoNames, CC BY 4.0), else of the address; cells of H3, resolution 5 (\`cell\`) or 3 (\`coarse\`). Return rate of the orders of those days, with its 95 % Wilson interval; sorted by its lower bound, so that few orders never top the list. Places of fewer than ${leastShown} customers are put together as \`place\` null; guests of one day at one place count as one customer. Reads one row a customer and day of the days asked for.`,
  query: z.strictObject({
    from: filters.from, to: filters.to, level: z._default(z.enum(Object.keys(nameOf) as [Level, ...Level[]]), 'country'), source: filters.source, currency: filters.currency, country: filters.country,
    sort: z._default(z.enum(['value', 'orders', 'returnRate']), 'value'), limit: filters.limit, after: filters.after, format: filters.format,
  }),
  answer: z.strictObject({
    from: z.string(), to: z.string(), next: z.optional(z.string()),
    /** place null: several that are put together because they are small; unknown: without a position or address. */
    rows: z.array(z.strictObject({ currency: z.string(), place: z.nullable(z.string()), country: z.nullable(z.string()), customers: z.number(), orders: z.number(), value: z.string(), returnRate: z.nullable(z.number()), low: z.number(), high: z.number() })),
  }),
  async read(query, { warehouse, today }) {
    const span = spanOf(query, today);
    const { source = any, currency = any, country = any } = query;
    const found = await warehouse.rows(placesSql(query.level), { from_day: span.from, to_day: span.to, source, currency, country });
    const shown = [...Map.groupBy(found, (row) => String(row['currency'])).entries()].flatMap(([of, rows]) =>
      suppressSmall(rows.map((row): PlaceSums => ({
        name: String(row[nameOf[query.level]] ?? unknown), country: (row['country'] ?? null) as string | null, customers: Number(row['customers']), orders: Number(row['orders']), value: Number(row['value']), returned: Number(row['returned']),
      })), elsewhere).sort((a, b) => sorts[query.sort](b) - sorts[query.sort](a)).map((one) => ({ currency: of, ...one })));
    const { rows, next } = pageOf(shown, query);
    return {
      ...told(span), ...(next === undefined ? {} : { next }),
      rows: rows.map(({ currency: of, name, country: at, customers, orders, value, returned }) => ({ currency: of, place: name ?? null, country: at, customers, orders, value: value.toFixed(2), returnRate: orders > 0 ? returned / orders : null, ...wilson(returned, orders) })),
    };
  },
});

const standing = z.enum(['high', 'low', 'expected']);
export const regionsRoute = route({
  path: '/geography/regions',
  summary: 'Countries and regions that do better or worse than the others, beyond chance',
  description: 'The last 90 days: growth of orders against the 90 before by that of all others, with its 95 % interval; return rate with its Wilson interval; high or low where the difference from all others is beyond chance after Benjamini and Hochberg. Region null: the whole country. Countries are compared with each other, regions with those of their country.',
  query: z.strictObject({ currency: filters.currency, country: filters.country, format: filters.format }),
  answer: z.strictObject({
    rows: z.array(z.strictObject({
      asOf: z.string(), currency: z.string(), country: z.string(), region: z.nullable(z.string()), orders: z.number(), ordersBefore: z.number(), customers: z.number(), value: z.string(),
      growthLow: z.number(), growthHigh: z.number(), sales: standing, returnedOrders: z.number(), returnLow: z.number(), returnHigh: z.number(), returns: standing,
    })),
  }),
  async read({ currency = any, country = any }, { warehouse }) {
    const rows = await warehouse.rows(standingsSql, { currency, country });
    return {
      rows: rows.map((row) => ({
        asOf: String(row['as_of']), currency: String(row['currency']), country: String(row['country']), region: (row['region'] ?? null) as string | null, orders: Number(row['orders']), ordersBefore: Number(row['orders_before']), customers: Number(row['customers']), value: String(row['value']),
        growthLow: Number(row['growth_low']), growthHigh: Number(row['growth_high']), sales: String(row['sales']) as 'expected', returnedOrders: Number(row['returned_orders']), returnLow: Number(row['return_low']), returnHigh: Number(row['return_high']), returns: String(row['returns']) as 'expected',
      })),
    };
  },
});
