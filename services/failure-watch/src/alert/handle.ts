import type { Tools } from '@orderflow/shared/lambda';
import * as z from 'zod/mini';
import type { WatchTable } from '../watch-table.ts';

export interface Deps extends Tools {
  readonly table: WatchTable;
}

/** https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
const statusChange = z.object({
  detail: z.object({
    executionArn: z.string(),
    stateMachineArn: z.string(),
    status: z.string(),
    startDate: z.optional(z.nullable(z.number())),
    stopDate: z.optional(z.nullable(z.number())),
    /** JSON text; absent when it is long. */
    input: z.optional(z.nullable(z.string())),
  }),
});
const executionInput = z.object({ pk: z.string() });

const keyIn = (input: string | null | undefined): string | undefined => {
  try {
    return z.parse(executionInput, JSON.parse(input ?? '')).pk;
  } catch {
    return undefined;
  }
};

/**
 * EventBridge: an execution failed, timed out or was aborted. It is noted at once; the digest tells it within five
 * minutes, together with everything else, so that a storm is one message. The same event twice is noted once.
 */
export async function handle(input: unknown, { table, clock, log, meter }: Deps): Promise<void> {
  const { detail } = z.parse(statusChange, input);
  const machine = detail.stateMachineArn.split(':').at(-1) ?? '';
  const key = keyIn(detail.input);
  await table.noteFailed({ arn: detail.executionArn, machine, status: detail.status, at: detail.stopDate ?? clock(), ...(key === undefined ? {} : { key }) });
  meter.count('ExecutionsFailed');
  log.error('EXECUTION_FAILED', { machine, status: detail.status, execution: detail.executionArn.split(':').at(-1) });
}
