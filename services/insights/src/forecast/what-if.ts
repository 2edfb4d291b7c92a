/** Expected money per day from one day on, each amount ≥ 0, all in one currency. `inflow` may reach further ahead than `days`. */
export interface CashPlan {
  /** how many days are looked at */
  readonly days: number;
  /** payments by the day on which they are expected to settle */
  readonly inflow: readonly number[];
  readonly refunds: readonly number[];
  /** cost of goods, fees: neither change moves them */
  readonly otherOutflow: readonly number[];
}

export interface Change {
  /** payments settle so many days later (earlier: negative); whole days */
  readonly paymentDelayDays?: number;
  /** refunds times this, at least 0: 1.2 is a fifth more returns */
  readonly returnRateFactor?: number;
}

export interface CashFlow {
  readonly inflow: readonly number[];
  readonly outflow: readonly number[];
  readonly net: readonly number[];
  /** inflow that would have come within these days and now comes after them */
  readonly later: number;
}

/**
 * The plan under a change. Later payments leave the first days empty, and what passes the end is `later`. Earlier ones come at the
 * soonest on the first day: what would have come before it comes on it. The delay changes when money comes, never how much.
 *
 * @throws {RangeError} for a delay that is no whole number or a factor that is negative or no finite number
 */
export function whatIf({ days, inflow, refunds, otherOutflow }: CashPlan, { paymentDelayDays = 0, returnRateFactor = 1 }: Change): CashFlow {
  if (!Number.isInteger(paymentDelayDays)) throw new RangeError('paymentDelayDays: whole days');
  if (!Number.isFinite(returnRateFactor) || returnRateFactor < 0) throw new RangeError('returnRateFactor: at least 0');
  const moved = new Array<number>(days).fill(0);
  let later = 0;
  inflow.forEach((amount, day) => {
    const comes = Math.max(0, day + paymentDelayDays);
    if (comes < days) moved[comes] = (moved[comes] ?? 0) + amount;
    else if (day < days) later += amount;
  });
  const outflow = moved.map((_, day) => (refunds[day] ?? 0) * returnRateFactor + (otherOutflow[day] ?? 0));
  return { inflow: moved, outflow, net: moved.map((amount, day) => amount - (outflow[day] ?? 0)), later };
}
