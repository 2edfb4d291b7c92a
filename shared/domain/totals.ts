import type { Order } from '@orderflow/shared/events';

export interface TotalsCheck {
  readonly agree: boolean;
  /** Order total − Σ line totals, minor units. */
  readonly difference: number;
}

/**
 * Whether an order's total follows from its lines. Sources differ in what a line contains (tax, its share of shipping
 * and discount), so each of these may stand inside the lines or beside them.
 */
export function checkTotals(order: Order): TotalsCheck {
  const lines = order.lines.reduce((sum, line) => sum + line.total, 0);
  const tax = order.tax ?? order.lines.reduce((sum, line) => sum + (line.tax ?? 0), 0);
  const difference = order.total - lines;
  const beside = [tax, order.shipping ?? 0, -Math.abs(order.discount ?? 0)];
  const sums = beside.reduce<number[]>((known, part) => [...known, ...known.map((sum) => sum + part)], [0]);
  return { agree: sums.includes(difference), difference };
}
