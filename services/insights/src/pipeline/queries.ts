import { matches } from '../api/filters.ts';

const inSpan = (column: string): string => `${column} >= CAST(:from_day AS TIMESTAMP) AND ${column} < CAST(:to_day AS TIMESTAMP)`;

/** Seconds from intake to the commit of the load, by source; parameters: from_day, to_day, source. What was absorbed needed no row of its own, and counts. */
export const latencySql = `SELECT source, COUNT(*) AS events, CAST(PERCENTILE_CONT(0.5) WITHIN GROUP (ORDER BY DATEDIFF(second, recorded_at, committed_at)) AS FLOAT8) AS p50, CAST(PERCENTILE_CONT(0.99) WITHIN GROUP (ORDER BY DATEDIFF(second, recorded_at, committed_at)) AS FLOAT8) AS p99
FROM loaded_event WHERE ${inSpan('committed_at')} AND recorded_at IS NOT NULL AND is_test = FALSE AND ${matches('source', 'source')} GROUP BY source ORDER BY source`;

/** Returns that were decided for good, and of those the ones that no person decided. */
export const settledSql = `SELECT COUNT(*) AS decided, SUM(CASE WHEN d.decided_by = 'person' THEN 0 ELSE 1 END) AS without_person
FROM model_decision d JOIN returns r ON r.return_key = d.return_key WHERE ${inSpan('d.decided_at')} AND d.outcome IN ('APPROVED', 'REJECTED', 'PARTIAL') AND r.is_test = FALSE AND ${matches('r.source', 'source')}`;

/** What the newest comparison of each day found of what was accepted; rows that the warehouse refused are with those held back. */
export const quarantineSql = `SELECT SUM(s.accepted) AS accepted, SUM(s.quarantined) AS quarantined FROM reconcile_sum s
JOIN (SELECT MAX(run_id) AS run_id, day FROM (SELECT s2.run_id, s2.day, ROW_NUMBER() OVER (PARTITION BY s2.day ORDER BY r.run_at DESC) AS place FROM reconcile_sum s2 JOIN reconcile_run r ON r.run_id = s2.run_id WHERE r.only_source IS NULL) newest WHERE place = 1 GROUP BY day) n ON n.run_id = s.run_id AND n.day = s.day
WHERE s.day >= CAST(:from_day AS DATE) AND s.day < CAST(:to_day AS DATE) AND ${matches('s.source', 'source')}`;
