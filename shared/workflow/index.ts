/** What the three workflow services share: receive, start, wake, reprocess, send once, write facts. */
export * from './claims.ts';
export * from './executions.ts';
export * from './facts-of-item.ts';
export * from './new-item.ts';
export * from './own-step.ts';
export * from './receive-event.ts';
export * from './reprocess.ts';
export * from './send-guarded.ts';
export * from './table-arn.ts';
export * from './wake.ts';
export * from './store-of.ts';
export * from './order-of-item.ts';
export * from './wiring.ts';
