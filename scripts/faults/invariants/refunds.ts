import { rows } from '../world/look.ts';
import type { World } from '../world/world.ts';

/** I6: one decision a return, and of an order no more is paid back by our decision than was paid. */
export async function refundsWithinPaid(world: World): Promise<string[]> {
  const [decided, excess] = [
    await rows(world, `SELECT return_key, CAST(COUNT(*) AS VARCHAR(20)) FROM model_decision WHERE decided_by <> 'source' AND outcome IN ('APPROVED', 'PARTIAL', 'REJECTED') GROUP BY return_key HAVING COUNT(*) > 1`),
    await rows(world, `SELECT r.order_key, CAST(SUM(r.refund_amount) AS VARCHAR(40)), CAST(MAX(o.total_order_value) AS VARCHAR(40)) FROM returns r JOIN orders o ON o.order_key = r.order_key
      WHERE r.refund_status = 'DUE' GROUP BY r.order_key HAVING SUM(r.refund_amount) > MAX(o.total_order_value)`),
  ];
  return [...decided.map(([key, n]) => `I6: ${String(key)} was decided ${String(n)} times`), ...excess.map(([key, due, paid]) => `I6: ${String(key)}: ${String(due)} due back of ${String(paid)} paid`)];
}
