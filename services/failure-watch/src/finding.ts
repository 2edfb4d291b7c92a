/** What may be wrong, and what to do about it: one entry a cause. The digest groups by these codes. */
export const actions = {
  STUCK_RECEIVED: 'its execution was never started or has not ended: look at the state machine of the service; reprocess starts what was never started',
  STUCK_DONE: 'decided but not read back from the warehouse: look at load-facts and the warehouse',
  PARKED_OVERDUE: 'its time has come and nobody looked: is the reprocess schedule of the service running?',
  PARKED_NEAR_LIMIT: 'waits for its order, payment or a person, and the limit is near: send the order, ask the customer, or answer the review (npm run review -- list)',
  PAYMENT_OVERDUE: 'all looks at the payment are used up: ask the customer or cancel at the source',
  NOTICE_UNKNOWN: 'an e-mail or staff notice may or may not have gone out and is not sent again: look at the receiver',
  EXECUTION_FAILED: 'look at the execution, mend the cause, then redrive it (within 14 days)',
  STREAM_FAILURES: 'a consumer gave up whole batches: mend the cause, then put the records of s3://…-stream-failures back on the stream',
  QUARANTINED: 'could not be read: npm run replay -- --dry-run shows why; mend, then replay',
} as const;
export type FindingCode = keyof typeof actions;

/** One cause in one service, as this run sees it. */
export interface Finding {
  readonly code: FindingCode;
  /** `orders`, `process-return`, `stream-failures` … */
  readonly where: string;
  /** At least so many; counting is bounded. */
  readonly count: number;
  /** Milliseconds since 1970 of the oldest; absent: not known. */
  readonly since?: number;
  /** Up to five order keys or object names, never anything personal. */
  readonly examples: readonly string[];
}

export const mostExamples = 5;
export const groupOf = ({ code, where }: Pick<Finding, 'code' | 'where'>): string => `${code} ${where}`;
