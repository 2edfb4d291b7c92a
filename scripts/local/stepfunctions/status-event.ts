import type { ExecutionRow } from './store.ts';

/** Input and output together; more is left out of the event. */
const MOST_BYTES = 248 * 1024;

/** The event of a status change, all of its moments in ms. https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export function executionStatusChange(row: ExecutionRow, notRedrivable: string | undefined): { 'detail-type': string; source: string; resources: string[]; detail: unknown } {
  const included = row.input.length + (row.output?.length ?? 0) <= MOST_BYTES;
  return {
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    resources: [row.arn],
    detail: {
      executionArn: row.arn, stateMachineArn: row.machine, stateMachineVersionArn: null, stateMachineAliasArn: null, name: row.name, status: row.status, startDate: row.started, stopDate: row.stopped,
      input: included ? row.input : null, output: included ? row.output : null, inputDetails: { included }, outputDetails: row.output === null ? null : { included },
      error: row.error, cause: row.cause,
      redriveCount: row.redrives, redriveDate: row.redriven, redriveStatus: notRedrivable === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE', redriveStatusReason: notRedrivable ?? null,
    },
  };
}
