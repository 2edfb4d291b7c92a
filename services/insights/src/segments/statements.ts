import type { Segmentation } from './rfm.ts';

/** Days of history: who has not bought for two years is no customer any more. */
const historyDays = 730;
/** Customers that segments are found from; a sample by key, the same in every run. All of them are then put into one. */
const sampleSize = 10_000;

/** Guests have no key and are in no segment. Parameter: today. */
const customers = `SELECT customer_key, currency, DATEDIFF(day, MAX(day), CAST(:today AS DATE)) AS recency, SUM(orders) AS orders, SUM(value - returned_value) AS value
  FROM customer_day WHERE customer_key <> '' AND day > DATEADD(day, -${historyDays}, CAST(:today AS DATE)) AND day <= CAST(:today AS DATE) GROUP BY customer_key, currency`;

export const sampleSql = `SELECT currency, recency, orders, value FROM (
  SELECT currency, recency, orders, value, ROW_NUMBER() OVER (PARTITION BY currency ORDER BY MD5(customer_key), customer_key) AS place FROM (${customers}) known
) sampled WHERE place <= ${sampleSize}`;

const log = (column: string): string => `LN(1 + CAST(GREATEST(${column}, 0) AS FLOAT8))`;
const features = ['recency', 'orders', 'value'];
const float = (name: string): string => `CAST(:${name} AS FLOAT8)`;

/** Puts every customer of a currency into the nearest segment, in the warehouse: there may be millions. */
function assignStatement(count: number): string {
  const distances = Array.from({ length: count }, (_, c) => features.map((_, at) => `POWER(z${at} - ${float(`c${c}_${at}`)}, 2)`).join(' + '));
  const nearest = distances.map((_, c) => (c === count - 1 ? `ELSE CAST(:n${c} AS VARCHAR(32))` : `WHEN d${c} <= ${distances.length - c === 1 ? `d${c}` : `LEAST(${distances.map((_, at) => `d${at}`).slice(c + 1).join(', ')})`} THEN CAST(:n${c} AS VARCHAR(32))`));
  return `INSERT INTO new_segment (customer_key, currency, segment, recency, orders, value)
SELECT customer_key, currency, ${count === 1 ? 'CAST(:n0 AS VARCHAR(32))' : `CASE ${nearest.join(' ')} END`}, recency, orders, value FROM (
  SELECT customer_key, currency, recency, orders, value, ${distances.map((distance, c) => `${distance} AS d${c}`).join(', ')} FROM (
    SELECT customer_key, currency, recency, orders, value, ${features.map((name, at) => `(${log(name)} - ${float(`m${at}`)}) / ${float(`s${at}`)} AS z${at}`).join(', ')}
    FROM (${customers}) known WHERE currency = :currency
  ) standardised
) measured`;
}

/** Too few customers of a currency for segments. */
const insufficientStatement = `INSERT INTO new_segment (customer_key, currency, segment, recency, orders, value) SELECT customer_key, currency, 'insufficient', recency, orders, value FROM (${customers}) known WHERE currency = :currency`;

export interface Assignment {
  readonly statement: string;
  readonly parameters: Readonly<Record<string, string>>;
}

export function assignmentOf(currency: string, today: string, segmentation: Segmentation | undefined): Assignment {
  if (segmentation === undefined) return { statement: insufficientStatement, parameters: { currency, today } };
  const { means, deviations, segments } = segmentation;
  const numbered = (letter: string, values: readonly number[]): [string, string][] => values.map((value, at) => [`${letter}${at}`, String(value)]);
  return {
    statement: assignStatement(segments.length),
    parameters: {
      currency, today, ...Object.fromEntries([...numbered('m', means), ...numbered('s', deviations)]),
      ...Object.fromEntries(segments.flatMap(({ name, centroid }, c) => [[`n${c}`, name] as const, ...centroid.map((value, at) => [`c${c}_${at}`, String(value)] as const)])),
    },
  };
}

/** Before the assignments: the rows that are there become those of before. */
export const beginStatements = ['LOCK customer_segment', 'DELETE FROM new_segment'];
/** After them: every customer with the segment of the run before, and the sums of the segments. Parameter: today. */
export const publishStatements = [
  'LOCK customer_segment',
  'UPDATE new_segment SET as_of = CAST(:today AS DATE)',
  'UPDATE new_segment SET segment_before = CASE WHEN o.as_of = CAST(:today AS DATE) THEN o.segment_before ELSE o.segment END FROM customer_segment o WHERE o.customer_key = new_segment.customer_key AND o.currency = new_segment.currency',
  'DELETE FROM segment_move WHERE as_of = CAST(:today AS DATE)',
  `INSERT INTO segment_move (as_of, currency, segment_from, segment_to, customers) SELECT CAST(:today AS DATE), currency, segment_before, segment, COUNT(*) FROM new_segment GROUP BY currency, segment_before, segment
UNION ALL SELECT CAST(:today AS DATE), o.currency, o.segment, NULL, COUNT(*) FROM customer_segment o LEFT JOIN new_segment n ON n.customer_key = o.customer_key AND n.currency = o.currency WHERE n.customer_key IS NULL GROUP BY o.currency, o.segment`,
  'DELETE FROM customer_segment',
  'INSERT INTO customer_segment (customer_key, currency, segment, segment_before, as_of, recency, orders, value) SELECT customer_key, currency, segment, segment_before, as_of, recency, orders, value FROM new_segment',
  'DELETE FROM segment',
  `INSERT INTO segment (currency, segment, as_of, customers, value, orders, mean_recency) SELECT currency, segment, CAST(:today AS DATE), COUNT(*), SUM(value), SUM(orders), CAST(AVG(CAST(recency AS DECIMAL(18,4))) AS DECIMAL(18,4)) FROM customer_segment GROUP BY currency, segment`,
  'DELETE FROM new_segment',
  'DELETE FROM cohort_month',
  `INSERT INTO cohort_month (cohort, month, source, currency, customers, repeat_customers, orders, value)
SELECT CAST(DATE_TRUNC('month', f.first_day) AS DATE), CAST(DATE_TRUNC('month', d.day) AS DATE), d.source, d.currency, COUNT(DISTINCT d.customer_key), COUNT(DISTINCT CASE WHEN f.all_orders > 1 THEN d.customer_key END), SUM(d.orders), SUM(d.value - d.returned_value)
FROM customer_day d JOIN (SELECT customer_key, currency, MIN(day) AS first_day, SUM(orders) AS all_orders FROM customer_day WHERE customer_key <> '' GROUP BY customer_key, currency) f ON f.customer_key = d.customer_key AND f.currency = d.currency
GROUP BY CAST(DATE_TRUNC('month', f.first_day) AS DATE), CAST(DATE_TRUNC('month', d.day) AS DATE), d.source, d.currency`,
];
export const lastMadeSql = "SELECT TO_CHAR(MAX(as_of), 'YYYY-MM-DD') AS day FROM customer_segment";
