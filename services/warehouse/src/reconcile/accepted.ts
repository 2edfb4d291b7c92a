/**
 * The comparison's SQL. Lines of a run are joined with `loaded_event` by event, and of what has money with its row: the
 * newest line of a key against the version that stands. Values are parameters.
 */

/** Tables that hold what has money: key, total and the version of both. The first 20 characters of a version are the source's sequence. */
const rowsWithMoney = `SELECT 'orders' AS what, order_key AS entity_key, total_order_value AS amount, LEFT(header_version, 20) AS sequence, currency FROM orders WHERE header_version IS NOT NULL
  UNION ALL SELECT 'returns', return_key, amount, LEFT(return_version, 20), currency FROM returns WHERE return_version IS NOT NULL
  UNION ALL SELECT 'adjustments', adjustment_key, amount, LEFT(adjustment_version, 20), currency FROM adjustment WHERE adjustment_version IS NOT NULL`;

/** Of each key its newest line; two of one sequence count once. */
const newest = (said: 'intake' | 'source'): string => `SELECT what, entity_key, event_id, source, account, day, currency, amount, sequence, recorded_at
  FROM (SELECT what, entity_key, event_id, source, account, day, currency, amount, sequence, recorded_at,
      ROW_NUMBER() OVER (PARTITION BY what, entity_key ORDER BY sequence DESC, event_id) AS place
    FROM reconcile_line WHERE run_id = :run AND said = '${said}' AND what <> 'other' AND rejected = FALSE) ranked WHERE place = 1`;

/** One row a key whose newest line the warehouse does not show, with what it shows instead. */
export const unlikeRows = (said: 'intake' | 'source'): string => `WITH accepted AS (${newest(said)}), standing AS (${rowsWithMoney})
SELECT n.what, n.entity_key, n.event_id, n.source, n.account, TO_CHAR(n.day, 'YYYY-MM-DD'), COALESCE(n.currency, '-'), CAST(n.amount AS VARCHAR(40)),
  n.sequence, TO_CHAR(n.recorded_at, 'YYYY-MM-DD HH24:MI:SS'), w.sequence, CAST(w.amount AS VARCHAR(40))
FROM accepted n LEFT JOIN standing w ON w.what = n.what AND w.entity_key = n.entity_key
WHERE w.entity_key IS NULL OR ((w.amount <> n.amount OR (w.amount IS NULL AND n.amount IS NOT NULL) OR w.currency <> n.currency) AND w.sequence <= n.sequence
  AND NOT EXISTS (SELECT 1 FROM reconcile_line t WHERE t.run_id = :run AND t.said = '${said}' AND t.what = n.what AND t.entity_key = n.entity_key AND t.sequence = w.sequence AND t.sequence = n.sequence AND t.amount = w.amount AND t.currency = w.currency))
ORDER BY 1, 2`;

/** One row an event that has not been loaded. */
export const absentEvents = `SELECT t.event_id, MIN(t.what), MIN(t.source), MIN(t.account), MIN(TO_CHAR(t.day, 'YYYY-MM-DD')), COALESCE(MIN(t.currency), '-'), CAST(MIN(t.amount) AS VARCHAR(40)),
  MIN(t.entity_key), TO_CHAR(MIN(t.recorded_at), 'YYYY-MM-DD HH24:MI:SS')
FROM reconcile_line t LEFT JOIN loaded_event l ON l.event_id = t.event_id
WHERE t.run_id = :run AND t.said = 'intake' AND l.event_id IS NULL
GROUP BY t.event_id ORDER BY 1`;

/** Everything that was accepted: keys and their newest totals, and events without money. */
export const acceptedSums = `WITH accepted AS (${newest('intake')})
SELECT what, source, account, TO_CHAR(day, 'YYYY-MM-DD') AS day, COALESCE(currency, '-') AS currency, COUNT(*) AS accepted, CAST(COALESCE(SUM(amount), 0) AS VARCHAR(40)) AS amount
FROM accepted GROUP BY what, source, account, day, currency
UNION ALL
SELECT 'other', source, account, TO_CHAR(day, 'YYYY-MM-DD'), '-', COUNT(DISTINCT event_id), '0' FROM reconcile_line
WHERE run_id = :run AND said = 'intake' AND (what = 'other' OR rejected = TRUE) GROUP BY source, account, day
ORDER BY 1, 2, 3, 4, 5`;
