import { randomUUID } from 'node:crypto';
import { AwsError, jsonProtocol, type JsonOperation, type LocalService } from './service.ts';
import type { Engine } from './stepfunctions/engine-contract.ts';
import { readHistory } from './stepfunctions/history.ts';
import type { ExecutionRow } from './stepfunctions/store.ts';
import { plainText } from './plain-text.ts';

const NAME = /^[^\s<>{}[\]?*"#%\\^|~`$&,;:/\u0000-\u001f\u007f-\u009f]{1,80}$/u;

const seconds = (ms: number | null): number | undefined => (ms === null ? undefined : ms / 1000);
const nameOf = (arn: string): string => arn.slice(arn.lastIndexOf(':') + 1);

function summary(row: ExecutionRow): Record<string, unknown> {
  return { executionArn: row.arn, stateMachineArn: row.machine, name: row.name, status: row.status, startDate: seconds(row.started), stopDate: seconds(row.stopped), redriveCount: row.redrives, redriveDate: seconds(row.redriven) };
}

function jsonText(value: unknown, code: string): string {
  const text = value === undefined ? '{}' : plainText(value);
  try {
    JSON.parse(text);
  } catch {
    throw new AwsError(code, `Invalid State Machine Execution Input: not JSON`);
  }
  if (Buffer.byteLength(text) > 256 * 1024) throw new AwsError(code, 'input exceeds 262144 bytes');
  return text;
}

/** One page by a token that is the offset. */
function page<T>(items: readonly T[], input: Record<string, unknown>, fallback: number): { items: readonly T[]; nextToken?: string } {
  const from = Number(input['nextToken'] ?? 0);
  const size = Number(input['maxResults'] ?? 0) || fallback;
  return { items: items.slice(from, from + size), ...(items.length > from + size ? { nextToken: String(from + size) } : {}) };
}

/** The Step Functions API over the engine. https://docs.aws.amazon.com/step-functions/latest/apireference/API_Operations.html */
export function stepFunctionsService(engine: Engine): LocalService {
  const execution = (input: Record<string, unknown>): ExecutionRow => {
    const arn = String(input['executionArn']);
    const row = engine.store.find(arn);
    if (!row) throw new AwsError('ExecutionDoesNotExist', `Execution Does Not Exist: '${arn}'`);
    return row;
  };
  const operations: Record<string, JsonOperation> = {
    async StartExecution(input) {
      const name = input['name'] === undefined ? randomUUID() : plainText(input['name']);
      if (!NAME.test(name)) throw new AwsError('InvalidName', `Invalid Name: '${name}'`);
      const started = await engine.start({ stateMachineArn: String(input['stateMachineArn']), name, input: jsonText(input['input'], 'InvalidExecutionInput') });
      return { executionArn: started.executionArn, startDate: started.startDate / 1000 };
    },
    DescribeExecution(input) {
      const row = execution(input);
      return { ...summary(row), input: row.input, inputDetails: { included: true }, output: row.output ?? undefined, error: row.error ?? undefined, cause: row.cause ?? undefined, redriveStatus: row.status === 'RUNNING' || row.status === 'SUCCEEDED' ? 'NOT_REDRIVABLE' : 'REDRIVABLE' };
    },
    ListExecutions(input) {
      const arn = String(input['stateMachineArn']);
      engine.machine(arn);
      const offset = Number(input['nextToken'] ?? 0);
      const size = Number(input['maxResults'] ?? 0) || 100;
      const rows = engine.store.list(arn, input['statusFilter'] as string | undefined, size + 1, offset);
      return { executions: rows.slice(0, size).map(summary), ...(rows.length > size ? { nextToken: String(offset + size) } : {}) };
    },
    GetExecutionHistory(input) {
      const row = execution(input);
      const events = readHistory(engine.store, row.arn);
      if (input['reverseOrder'] === true) events.reverse();
      const { items, nextToken } = page(events, input, 1000);
      return { events: items, ...(nextToken ? { nextToken } : {}) };
    },
    async StopExecution(input) {
      return { stopDate: (await engine.stop(String(input['executionArn']), input['error'] as string | undefined, input['cause'] as string | undefined)) / 1000 };
    },
    async RedriveExecution(input) {
      return { redriveDate: (await engine.redrive(String(input['executionArn']))) / 1000 };
    },
    async SendTaskSuccess(input) {
      await engine.answerToken(String(input['taskToken']), { output: jsonText(input['output'], 'InvalidOutput') });
    },
    async SendTaskFailure(input) {
      await engine.answerToken(String(input['taskToken']), { error: plainText(input['error'] ?? ''), cause: plainText(input['cause'] ?? '') });
    },
    SendTaskHeartbeat: (input) => engine.heartbeat(String(input['taskToken'])),
    ListStateMachines(input) {
      const { items, nextToken } = page(engine.machines(), input, 1000);
      return { stateMachines: items.map((machine) => ({ stateMachineArn: machine.arn, name: machine.name, type: 'STANDARD', creationDate: machine.createdAt / 1000 })), ...(nextToken ? { nextToken } : {}) };
    },
    DescribeStateMachine(input) {
      const machine = engine.machine(String(input['stateMachineArn']));
      return { stateMachineArn: machine.arn, name: nameOf(machine.arn), status: 'ACTIVE', type: 'STANDARD', definition: machine.definition, roleArn: machine.roleArn, creationDate: machine.createdAt / 1000 };
    },
    StartSyncExecution() {
      throw new AwsError('StateMachineTypeNotSupported', 'the local cloud runs Standard workflows only');
    },
  };
  return { ...jsonProtocol(['states'], operations, '1.0'), close: async () => engine.close() };
}
