import { randomUUID } from 'node:crypto';
import { optionalText } from '../fields.ts';
import { AwsError, type JsonOperation } from '../service.ts';
import type { Engine } from './engine-contract.ts';
import { shownEvent } from './history.ts';
import type { StateMachine } from './machines.ts';
import { arnIn, checkName, invalid, jsonIn, limitedText, page, pageSize, placeIn, seconds, tokenOf, type Input } from './request.ts';
import type { ExecutionRow } from './store.ts';

const STATUSES = ['RUNNING', 'SUCCEEDED', 'FAILED', 'TIMED_OUT', 'ABORTED', 'PENDING_REDRIVE'];
const included = { included: true };

function oneOf(input: Input, field: string, values: readonly string[]): string | undefined {
  const value = optionalText(input, field);
  if (value !== undefined && !values.includes(value)) throw invalid(`1 validation error detected: Value '${value}' at '${field}' failed to satisfy constraint: Member must satisfy enum value set: [${values.join(', ')}]`);
  return value;
}

const summary = (row: ExecutionRow): Input => ({
  executionArn: row.arn, stateMachineArn: row.machine, name: row.name, status: row.status, startDate: seconds(row.started), stopDate: seconds(row.stopped),
  redriveCount: row.redrives, redriveDate: seconds(row.redriven),
});

/** Operations on executions: started, looked at, stopped, redriven. */
export function executionOperations(engine: Engine): Readonly<Record<string, JsonOperation>> {
  const machineIn = (input: Input): StateMachine => engine.machine(arnIn(input, 'stateMachineArn', 'stateMachine'));
  const executionIn = (input: Input): ExecutionRow => engine.execution(arnIn(input, 'executionArn', 'execution'));
  const startIn = (input: Input): { stateMachineArn: string; name: string; input: string } => {
    const stateMachineArn = arnIn(input, 'stateMachineArn', 'stateMachine');
    const name = checkName(optionalText(input, 'name') ?? randomUUID());
    return { stateMachineArn, name, input: jsonIn(input, 'input', 'InvalidExecutionInput', 'Invalid State Machine Execution Input', '{}') };
  };
  return {
    async StartExecution(input) {
      const started = await engine.start(startIn(input));
      return { executionArn: started.executionArn, startDate: seconds(started.startDate) };
    },
    async StartSyncExecution(input) {
      const { row, billedMs } = await engine.startSync(startIn(input));
      return {
        ...summary(row), redriveCount: undefined, redriveDate: undefined, input: row.input, inputDetails: included, billingDetails: { billedMemoryUsedInMB: 64, billedDurationInMilliseconds: billedMs },
        ...(row.output === null ? {} : { output: row.output, outputDetails: included }), error: row.error ?? undefined, cause: row.cause ?? undefined,
      };
    },
    DescribeExecution(input) {
      const row = executionIn(input);
      const reason = engine.notRedrivable(row);
      const data = input['includedData'] !== 'METADATA_ONLY';
      return {
        ...summary(row), ...(data ? { input: row.input } : {}), inputDetails: { included: data },
        ...(row.output === null ? {} : { ...(data ? { output: row.output } : {}), outputDetails: { included: data } }), error: row.error ?? undefined, cause: row.cause ?? undefined,
        redriveStatus: reason === undefined ? 'REDRIVABLE' : 'NOT_REDRIVABLE', redriveStatusReason: reason,
      };
    },
    DescribeStateMachineForExecution(input) {
      const row = executionIn(input);
      const machine = engine.machine(row.machine);
      return { stateMachineArn: machine.arn, name: machine.name, definition: engine.definitionOf(row), roleArn: machine.roleArn, updateDate: seconds(machine.updatedAt), loggingConfiguration: machine.logging, tracingConfiguration: { enabled: machine.tracing } };
    },
    ListExecutions(input) {
      if (input['mapRunArn'] !== undefined) throw invalid('the local cloud has no map runs: give stateMachineArn instead of mapRunArn');
      const machine = machineIn(input);
      if (machine.type === 'EXPRESS') throw new AwsError('StateMachineTypeNotSupported', 'This operation is not supported by this type of state machine');
      const redrive = oneOf(input, 'redriveFilter', ['REDRIVEN', 'NOT_REDRIVEN']);
      const limit = pageSize(input);
      const rows = engine.store.list({ machine: machine.arn, status: oneOf(input, 'statusFilter', STATUSES), before: placeIn(input), limit: limit + 1, redriven: redrive === undefined ? undefined : redrive === 'REDRIVEN' });
      const last = rows[limit - 1];
      return { executions: rows.slice(0, limit).map(summary), ...(last && rows.length > limit ? { nextToken: tokenOf(last.place) } : {}) };
    },
    GetExecutionHistory(input) {
      const events = engine.history(executionIn(input).arn);
      if (input['reverseOrder'] === true) events.reverse();
      const { items, ...more } = page(events, input);
      return { events: items.map((event) => shownEvent(event, input['includeExecutionData'] !== false)), ...more };
    },
    async StopExecution(input) {
      const [error, cause] = [limitedText(input, 'error', 256), limitedText(input, 'cause', 32_768)];
      return { stopDate: seconds(await engine.stop(executionIn(input).arn, error, cause)) };
    },
    async RedriveExecution(input) {
      return { redriveDate: seconds(await engine.redrive(executionIn(input).arn, optionalText(input, 'clientToken'))) };
    },
  };
}
