import * as z from 'zod/mini';
import { any, filters, matches, spanOf, told } from '../api/filters.ts';
import { offsetOf, pageFrom } from '../api/page.ts';
import { route } from '../api/route.ts';

const groupings = { product: 'd.product_key', category: "COALESCE(p.category_key, '')", seller: "COALESCE(p.seller_key, '')" } as const;
const orders = {
  revenue: 'net DESC', units: 'units DESC', profit: 'profit DESC NULLS LAST', worst: 'profit ASC NULLS LAST', returnRate: 'return_low DESC', rising: 'trend_z DESC NULLS LAST', falling: 'trend_z ASC NULLS LAST', reorder: 'reorder_on ASC NULLS LAST',
} as const;
type Grouping = keyof typeof groupings;
type Order = keyof typeof orders;

/** Lower Wilson bound, 95 %, of returned ÷ sold: a product with one sale that came back is not the worst of all. */
const wilsonLow = `CASE WHEN units > 0 THEN ((LEAST(cohort_units, units) / CAST(units AS FLOAT8)) + 1.9208 / units - 1.96 * SQRT(GREATEST((LEAST(cohort_units, units) / CAST(units AS FLOAT8)) * (1 - LEAST(cohort_units, units) / CAST(units AS FLOAT8)) / units + 0.9604 / (CAST(units AS FLOAT8) * units), 0))) / (1 + 3.8416 / units) ELSE 0 END`;

/** Parameters: from_day, to_day, source, currency, country, category, seller, product, first, last. */
export const productsSql = (by: Grouping, sort: Order): string => `SELECT * FROM (
  SELECT ranked.*, ROW_NUMBER() OVER (ORDER BY ${orders[sort]}, entity, currency) AS place FROM (
    SELECT s.*, ${wilsonLow} AS return_low, CASE WHEN units_with_cost > 0 THEN net_with_cost - cost END AS profit,
      CASE WHEN brought_before < 0.8 THEN 'A' WHEN brought_before < 0.95 THEN 'B' ELSE 'C' END AS abc, t.velocity, t.trend, t.trend_z, t.stock, t.cover_days, TO_CHAR(t.reorder_on, 'YYYY-MM-DD') AS reorder_on
    FROM (
      SELECT sums.*, COALESCE((SUM(net) OVER (PARTITION BY currency ORDER BY net DESC, entity ROWS UNBOUNDED PRECEDING) - net) / NULLIF(CAST(SUM(net) OVER (PARTITION BY currency) AS FLOAT8), 0), 1) AS brought_before
      FROM (
        SELECT ${groupings[by]} AS entity, d.currency, MAX(${by === 'product' ? 'COALESCE(p.name, d.name)' : by === 'category' ? 'c.name' : 'v.name'}) AS name, SUM(d.units) AS units, SUM(d.gross) AS gross, SUM(d.discounts) AS discounts, SUM(d.cost) AS cost, SUM(d.units_with_cost) AS units_with_cost,
          SUM(d.net_with_cost) AS net_with_cost, SUM(d.returned_units) AS returned_units, SUM(d.returned_value) AS returned_value, SUM(d.cohort_units) AS cohort_units, SUM(d.gross - d.discounts - d.returned_value) AS net
        FROM product_day d LEFT JOIN product p ON p.product_key = d.product_key LEFT JOIN category c ON c.category_key = p.category_key LEFT JOIN seller v ON v.seller_key = p.seller_key
        WHERE d.day >= CAST(:from_day AS DATE) AND d.day < CAST(:to_day AS DATE) AND ${matches('d.source', 'source')} AND ${matches('d.currency', 'currency')} AND ${matches('d.country', 'country')}
          AND ${matches('p.category_key', 'category')} AND ${matches('p.seller_key', 'seller')} AND ${matches('d.product_key', 'product')}
        GROUP BY ${groupings[by]}, d.currency
      ) sums
    ) s LEFT JOIN product_standing t ON t.product_key = s.entity AND t.currency = s.currency
  ) ranked
) placed WHERE place > CAST(:first AS INTEGER) AND place <= CAST(:last AS INTEGER) ORDER BY place`;

/** Why goods of those products came back, most frequent first. */
const reasonsSql = `SELECT product_key, reason, SUM(units) AS units FROM reason_day
WHERE day >= CAST(:from_day AS DATE) AND day < CAST(:to_day AS DATE) AND ${matches('source', 'source')} AND product_key IN (SELECT product_key FROM product_day WHERE day >= CAST(:from_day AS DATE) AND day < CAST(:to_day AS DATE) AND ${matches('product_key', 'product')})
GROUP BY product_key, reason ORDER BY SUM(units) DESC, reason`;

const share = z.nullable(z.number());
const row = z.strictObject({
  /** Key of the product, category or seller; empty: the source names none. */
  key: z.string(), name: z.nullable(z.string()), currency: z.string(),
  units: z.number(), gross: z.string(), net: z.string(),
  /** Of the units whose cost is known. Null: of none. */
  profit: z.nullable(z.string()), margin: share, costKnown: share,
  returnRate: share, returnRateAtLeast: z.number(), returnedUnits: z.number(), reasons: z.array(z.strictObject({ reason: z.string(), units: z.number() })),
  abc: z.enum(['A', 'B', 'C']),
  velocity: share, trend: z.nullable(z.enum(['rising', 'falling', 'steady'])), stock: share, coverDays: share, reorderOn: z.nullable(z.string()),
});
const number = (value: unknown): number | null => (value === null || value === undefined ? null : Number(value));
const ratio = (part: unknown, whole: unknown): number | null => (Number(whole) === 0 ? null : Number(part) / Number(whole));

export const productsRoute = route({
  path: '/products',
  summary: 'Products, categories or sellers: sales, profit, returns, trend, stock',
  description:
    'Net: gross − discounts − what came back in the period. Profit: net sales before returns − cost, of the units whose cost is known; `costKnown` is their share. Return rate: of the units sold in the period, those that have come back since; sorted by the lower bound of its 95 % Wilson interval, so that few sales never top the list. ' +
    'ABC: the first 80 % of net sales, the next 15 %, the rest. Velocity: units a day of the last 28; trend against the 28 before, beyond 2.58 standard errors; reorderOn: last day to order before the stock is gone. `sort`: revenue, units, profit, worst (profit), returnRate, rising, falling, reorder.',
  query: z.strictObject({
    from: filters.from, to: filters.to, source: filters.source, currency: filters.currency, country: filters.country, category: filters.category, seller: filters.seller, product: filters.product,
    by: z._default(z.enum(['product', 'category', 'seller']), 'product'), sort: z._default(z.enum(Object.keys(orders) as [Order, ...Order[]]), 'revenue'), limit: filters.limit, after: filters.after, format: filters.format,
  }),
  answer: z.strictObject({ from: z.string(), to: z.string(), rows: z.array(row), next: z.optional(z.string()) }),
  async read(query, { warehouse, today }) {
    const span = spanOf(query, today);
    const first = offsetOf(query.after);
    const { source = any, currency = any, country = any, category = any, seller = any, product = any } = query;
    const days = { from_day: span.from, to_day: span.to };
    const [found, reasonsFound] = await Promise.all([
      warehouse.rows(productsSql(query.by, query.sort), { ...days, source, currency, country, category, seller, product, first, last: first + query.limit + 1 }),
      query.by === 'product' ? warehouse.rows(reasonsSql, { ...days, source, product }) : [],
    ]);
    const reasons = Map.groupBy(reasonsFound, (one) => String(one['product_key']));
    const { rows, next } = pageFrom(found, query);
    return {
      ...told(span), ...(next === undefined ? {} : { next }),
      rows: rows.map((one) => ({
        key: String(one['entity']), name: one['name'] === null ? null : String(one['name']), currency: String(one['currency']), units: Number(one['units']), gross: String(one['gross']), net: String(one['net']),
        profit: one['profit'] === null ? null : String(one['profit']), margin: one['profit'] === null ? null : ratio(one['profit'], one['net_with_cost']), costKnown: ratio(one['units_with_cost'], one['units']),
        returnRate: ratio(one['cohort_units'], one['units']), returnRateAtLeast: Number(one['return_low']), returnedUnits: Number(one['returned_units']),
        reasons: (reasons.get(String(one['entity'])) ?? []).slice(0, 5).map(({ reason, units }) => ({ reason: String(reason), units: Number(units) })),
        abc: String(one['abc']) as 'A', velocity: number(one['velocity']), trend: (one['trend'] ?? null) as 'steady' | null, stock: number(one['stock']), coverDays: number(one['cover_days']), reorderOn: one['reorder_on'] === null ? null : String(one['reorder_on']),
      })),
    };
  },
});
