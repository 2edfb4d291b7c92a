/** All time limits of the product, with their units. A test or a finite run drives the clock, never these. */
export const limits = {
  /** The schedule that looks for due items in orders, returns and updates. */
  reprocess: { intervalMinutes: 5, itemsPerRun: 500 },
  /** An execution that was never started (crash between claim and start) is started by the schedule after this. */
  restartAfterMinutes: 10,
  payment: {
    /** Looks at a payment before an order counts as overdue, the first included. */
    attempts: 6,
    /** Pause before attempt 2, 3 …; the last one repeats. */
    pausesMinutes: [15, 60, 240, 720, 1440],
    /** Longest wait for one answer of a payment provider. */
    lookUpSeconds: 5,
  },
  /** How often a parked item is looked at again without being woken. */
  recheckMinutes: { 'order-unknown': 60, 'payment-unknown': 60, review: 1440 },
  /** After this an item stops waiting: quarantine (updates, returns, payments) or end (orders). A review is escalated, and waits on. */
  parkDays: { 'payment-pending': 30, 'payment-failed': 30, 'payment-overdue': 30, 'order-unknown': 7, 'payment-unknown': 7, review: 3 },
  /** Older than this in a state is told by failure-watch. */
  stuckMinutes: { RECEIVED: 30, DONE: 60, execution: 60 },
  /** Tombstones and guards outlive every vendor's redelivery and return period. */
  keepDays: 400,
} as const;

const minute = 60_000;

/** ISO time `minutes` after `from` (milliseconds since 1970). */
export const minutesAfter = (from: number, minutes: number): string => new Date(from + minutes * minute).toISOString();
export const daysAfter = (from: number, days: number): string => minutesAfter(from, days * 24 * 60);

/** When a payment is looked at again after `attempt` (from 1) did not settle it. */
export const nextPaymentAttempt = (now: number, attempt: number): string => {
  const { pausesMinutes } = limits.payment;
  return minutesAfter(now, pausesMinutes[Math.min(attempt, pausesMinutes.length) - 1] ?? 1440);
};

export type ParkedFor = keyof typeof limits.parkDays;

/** When an item that has waited since `since` for `reason` stops waiting. */
export const parkEnds = (reason: ParkedFor, since: string): string => daysAfter(Date.parse(since), limits.parkDays[reason]);
