import { matches } from '../api/filters.ts';

export const segmentsSql = `SELECT currency, segment, TO_CHAR(as_of, 'YYYY-MM-DD') AS as_of, customers, value, orders, mean_recency FROM segment WHERE ${matches('currency', 'currency')} ORDER BY currency, value DESC`;
/** Guests have no key. Parameters: from_day, to_day, currency. */
export const guestsSql = `SELECT currency, SUM(CASE WHEN customer_key = '' THEN orders ELSE 0 END) AS guest_orders, SUM(orders) AS orders FROM customer_day
WHERE day >= CAST(:from_day AS DATE) AND day < CAST(:to_day AS DATE) AND ${matches('currency', 'currency')} GROUP BY currency ORDER BY currency`;
export const movesSql = `SELECT currency, segment_from, segment_to, SUM(customers) AS customers FROM segment_move
WHERE as_of >= CAST(:from_day AS DATE) AND as_of < CAST(:to_day AS DATE) AND COALESCE(segment_from, '') <> COALESCE(segment_to, '') AND ${matches('currency', 'currency')}
GROUP BY currency, segment_from, segment_to ORDER BY currency, SUM(customers) DESC, segment_from, segment_to`;
export const cohortMonthsSql = `SELECT currency, TO_CHAR(cohort, 'YYYY-MM') AS cohort, TO_CHAR(month, 'YYYY-MM') AS month, SUM(customers) AS customers, SUM(repeat_customers) AS repeat_customers, SUM(orders) AS orders, SUM(value) AS value FROM cohort_month
WHERE ${matches('source', 'source')} AND ${matches('currency', 'currency')} GROUP BY currency, cohort, month ORDER BY currency, cohort, month`;

const aged = (years: number): string => `c.date_of_birth > DATEADD(year, -${years}, CAST(:today AS DATE))`;
/** Bands by the birthday, not by the year: who turns 25 tomorrow is 24. What cannot be is unknown. */
const age = `CASE WHEN c.date_of_birth IS NULL OR c.date_of_birth > CAST(:today AS DATE) OR NOT (${aged(121)}) THEN 'unknown' WHEN ${aged(18)} THEN 'under 18' WHEN ${aged(25)} THEN '18 to 24' WHEN ${aged(35)} THEN '25 to 34' WHEN ${aged(45)} THEN '35 to 44' WHEN ${aged(55)} THEN '45 to 54' WHEN ${aged(65)} THEN '55 to 64' ELSE '65 and older' END`;
const tenureDays = 'DATEDIFF(day, COALESCE(c.joined_date, CAST(f.first_day AS TIMESTAMP)), CAST(:today AS TIMESTAMP))';
const tenure = `CASE WHEN ${tenureDays} < 30 THEN 'under a month' WHEN ${tenureDays} < 180 THEN 'one to six months' WHEN ${tenureDays} < 365 THEN 'six to twelve months' WHEN ${tenureDays} < 1095 THEN 'one to three years' ELSE 'three years and more' END`;
const dimensions = { age, tenure, country: "COALESCE(c.country, 'unknown')", state: "COALESCE(c.country || '-', '') || COALESCE(UPPER(c.state), 'unknown')" } as const;
export type Dimension = keyof typeof dimensions;
export const dimensionNames = Object.keys(dimensions) as [Dimension, ...Dimension[]];

/** Customers who bought in a span by what they are; parameters: from_day, to_day, today, source, currency, country. */
export const demographicsSql = (by: Dimension): string => `SELECT currency, name, COUNT(DISTINCT customer_key) AS customers, SUM(orders) AS orders, SUM(value) AS value FROM (
  SELECT d.currency, ${dimensions[by]} AS name, d.customer_key, d.orders, d.value - d.returned_value AS value
  FROM customer_day d LEFT JOIN customer c ON c.customer_key = d.customer_key${by === 'tenure' ? ' LEFT JOIN (SELECT customer_key, MIN(day) AS first_day FROM customer_day GROUP BY customer_key) f ON f.customer_key = d.customer_key' : ''}
  WHERE d.customer_key <> '' AND d.day >= CAST(:from_day AS DATE) AND d.day < CAST(:to_day AS DATE) AND CAST(:today AS DATE) IS NOT NULL AND ${matches('d.source', 'source')} AND ${matches('d.currency', 'currency')} AND ${matches('c.country', 'country')}
) people GROUP BY currency, name ORDER BY currency, COUNT(DISTINCT customer_key) DESC, name`;
