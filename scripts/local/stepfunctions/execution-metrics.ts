import type { ExecutionRow, ExecutionStatus } from './store.ts';

const ENDS: Readonly<Partial<Record<ExecutionStatus, string>>> = { SUCCEEDED: 'ExecutionsSucceeded', FAILED: 'ExecutionsFailed', TIMED_OUT: 'ExecutionsTimedOut', ABORTED: 'ExecutionsAborted' };

/** Counts starts and ends, with the time between them in ms. https://docs.aws.amazon.com/step-functions/latest/dg/procedure-cw-metrics.html */
export function executionMetrics(record: (name: string, machineArn: string, value: number) => void): (row: ExecutionRow) => void {
  return (row) => {
    const end = ENDS[row.status];
    record(end ?? 'ExecutionsStarted', row.machine, 1);
    if (end !== undefined && row.stopped !== null) record('ExecutionTime', row.machine, row.stopped - (row.redriven ?? row.started));
  };
}
