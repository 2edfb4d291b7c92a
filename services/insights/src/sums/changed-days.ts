import { addDays, type Period } from './periods.ts';

const fresh = '(SELECT batch_id FROM summed_batch WHERE run_id = :run)';

/**
 * One transaction that puts every day on the queue that the loads since the last refresh have touched: of the order, of its
 * parcels, of its returns, of answers and counts. Loads are told apart by name, not by time: one that was committed late is
 * not overlooked. Parameter: `run`. Days that an earlier refresh has left are taken over. Of the big tables this reads the
 * column `batch_id` alone, and the rows of the orders that have changed.
 */
export const findStatements: readonly string[] = [
  'LOCK changed_day',
  `INSERT INTO summed_batch (batch_id, chunk, run_id) SELECT b.batch_id, b.chunk, :run FROM load_batch b
WHERE NOT EXISTS (SELECT 1 FROM summed_batch s WHERE s.batch_id = b.batch_id AND s.chunk = b.chunk)`,
  'UPDATE changed_day SET run_id = :run',
  'CREATE TEMP TABLE changed_order (order_key VARCHAR(512))',
  `INSERT INTO changed_order (order_key) SELECT order_key FROM orders WHERE batch_id IN ${fresh}
UNION SELECT order_key FROM returns WHERE order_key IS NOT NULL AND batch_id IN ${fresh}
UNION SELECT p.order_key FROM returns r JOIN return_line l ON l.return_key = r.return_key JOIN orders o ON o.customer_key = r.customer_key AND o.order_date_time <= r.return_date JOIN order_product p ON p.order_key = o.order_key AND p.product_key = l.product_key
  WHERE r.order_key IS NULL AND r.batch_id IN ${fresh}
UNION SELECT order_key FROM order_line_fulfilment WHERE batch_id IN ${fresh}
UNION SELECT order_key FROM order_status_history WHERE batch_id IN ${fresh}`,
  `INSERT INTO changed_day (day, run_id) SELECT DISTINCT day, :run FROM (
  SELECT TRUNC(o.order_date_time) AS day FROM orders o JOIN changed_order c ON c.order_key = o.order_key
  UNION SELECT TRUNC(h.occurred_at) FROM order_status_history h JOIN changed_order c ON c.order_key = h.order_key WHERE h.status_group = 'fulfilment'
  UNION SELECT TRUNC(r.return_date) FROM returns r WHERE r.batch_id IN ${fresh}
  UNION SELECT TRUNC(f.given_at) FROM feedback f WHERE f.batch_id IN ${fresh}
  UNION SELECT TRUNC(a.adjusted_at) FROM adjustment a WHERE a.batch_id IN ${fresh}
  UNION SELECT TRUNC(i.counted_at) FROM inventory_count i
    JOIN (SELECT product_key, location, MIN(counted_at) AS since FROM inventory_count WHERE batch_id IN ${fresh} GROUP BY product_key, location) n
      ON n.product_key = i.product_key AND n.location = i.location AND i.counted_at >= n.since
) touched WHERE day IS NOT NULL AND NOT EXISTS (SELECT 1 FROM changed_day q WHERE q.day = touched.day)`,
];
/** Every day from one on, whatever has changed: for days that hold what has since moved to another. Parameters: `run`, `since`. */
export const allSinceStatements: readonly string[] = [
  `INSERT INTO changed_day (day, run_id) SELECT DISTINCT day, :run FROM (
  SELECT day FROM day_sum UNION SELECT TRUNC(order_date_time) FROM orders WHERE order_date_time >= CAST(:since AS TIMESTAMP) UNION SELECT TRUNC(return_date) FROM returns WHERE return_date >= CAST(:since AS TIMESTAMP)
) known WHERE day >= CAST(:since AS DATE) AND NOT EXISTS (SELECT 1 FROM changed_day q WHERE q.day = known.day)`,
];
export const queuedDays = "SELECT TO_CHAR(day, 'YYYY-MM-DD') AS day FROM changed_day WHERE run_id = :run ORDER BY day";

/** Days of one transaction: it reads no more than these, and ends within minutes. */
const mostDays = 92;
/** Days between two changed ones that are summed with them: one statement over three days costs less than two over one. */
const mostBetween = 2;

/** Spans that cover the days, which come in order. */
export function spansOf(days: readonly string[]): Period[] {
  const spans: { from: string; to: string }[] = [];
  for (const day of days) {
    const last = spans.at(-1);
    if (last !== undefined && day <= addDays(last.to, mostBetween) && day < addDays(last.from, mostDays)) last.to = addDays(day, 1);
    else spans.push({ from: day, to: addDays(day, 1) });
  }
  return spans;
}
