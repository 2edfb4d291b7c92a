import type { ExecutionRow } from './store.ts';

/** https://docs.aws.amazon.com/step-functions/latest/dg/eventbridge-integration.html */
export function executionStatusChange(row: ExecutionRow): { 'detail-type': string; source: string; resources: string[]; detail: unknown } {
  return {
    'detail-type': 'Step Functions Execution Status Change',
    source: 'aws.states',
    resources: [row.arn],
    detail: {
      executionArn: row.arn, stateMachineArn: row.machine, name: row.name, status: row.status, startDate: row.started, stopDate: row.stopped,
      input: row.input, inputDetails: { included: true }, output: row.output, outputDetails: row.output === null ? null : { included: true }, error: row.error, cause: row.cause, redriveCount: row.redrives,
    },
  };
}
