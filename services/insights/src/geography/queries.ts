import { matches } from '../api/filters.ts';

/** Guests of one day at one place count as one person: fewer than there were, never more. */
const people = "COUNT(DISTINCT NULLIF(customer_key, '')) + COUNT(DISTINCT CASE WHEN customer_key = '' THEN day END)";
const places = { country: 'country', region: 'country, region', cell: 'h3_cell', coarse: 'h3_coarse' } as const;
export type Level = keyof typeof places;

/** Sales and returns by place; parameters: from_day, to_day, source, currency, country. */
export const placesSql = (level: Level): string => `SELECT ${places[level]}, currency, SUM(orders) AS orders, ${people} AS customers, SUM(value) AS value, SUM(returned_orders) AS returned FROM customer_day
WHERE day >= CAST(:from_day AS DATE) AND day < CAST(:to_day AS DATE) AND ${matches('source', 'source')} AND ${matches('currency', 'currency')} AND ${matches('country', 'country')}
GROUP BY ${places[level]}, currency ORDER BY SUM(value) DESC, ${places[level]}`;

export const standingsSql = `SELECT TO_CHAR(as_of, 'YYYY-MM-DD') AS as_of, currency, country, region, orders, customers, value, orders_before, growth_low, growth_high, sales, returned_orders, return_low, return_high, returns FROM region_standing
WHERE ${matches('currency', 'currency')} AND ${matches('country', 'country')} ORDER BY currency, value DESC, country, region NULLS FIRST`;
