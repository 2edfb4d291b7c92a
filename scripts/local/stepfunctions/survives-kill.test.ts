import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { EventBridgeClient, PutRuleCommand, PutTargetsCommand } from '@aws-sdk/client-eventbridge';
import { CreateScheduleCommand, GetScheduleCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { CreateStateMachineCommand, DescribeExecutionCommand, GetExecutionHistoryCommand, ListExecutionsCommand, SendTaskSuccessCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { makeRole } from '../conformance/role.ts';
import { until } from '../conformance/until.ts';
import { startCloud, type CloudProcess } from '../testing/cloud-process.ts';
import { writePackage } from '../testing/fixture-package.ts';

jest.setTimeout(60_000);

const ROOT = process.cwd();
const QUEUE = 'arn:aws:sqs:eu-west-1:000000000000';

let folder: string;
let cloud: CloudProcess;
let states: SFNClient;
let sqs: SQSClient;
let client: { endpoint: string; region: string; credentials: { accessKeyId: string; secretAccessKey: string } };

const boot = async () => {
  cloud = await startCloud(ROOT, join(folder, 'data'), join(folder, 'packages'));
  client = { endpoint: cloud.endpoint, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  states = new SFNClient(client);
  sqs = new SQSClient(client);
};
beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'states-kill-'));
  writePackage(join(folder, 'packages'), 'kill', {}, { Topic: { Type: 'AWS::SNS::Topic', Properties: {} } });
  await boot();
});
afterAll(async () => {
  await cloud.stop('SIGTERM');
  rmSync(folder, { recursive: true, force: true });
});

const url = (queue: string): string => `${cloud.endpoint}/000000000000/${queue}`;
/** Bodies of what stands in the queue, once there are `count`. */
async function bodies(queue: string, count: number): Promise<string[]> {
  const found: string[] = [];
  return until(async () => {
    for (const { Body } of (await sqs.send(new ReceiveMessageCommand({ QueueUrl: url(queue), MaxNumberOfMessages: 10 }))).Messages ?? []) found.push(Body!);
    return found.length >= count ? found : undefined;
  });
}
const ask = (queue: string, more: object = { End: true }) => ({ Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', Parameters: { QueueUrl: url(queue), MessageBody: { 'token.$': '$$.Task.Token' } }, ...more });
const one = (state: object) => ({ StartAt: 'A', States: { A: state } });
const ended = (executionArn: string) => until(async () => {
  const execution = await states.send(new DescribeExecutionCommand({ executionArn }));
  return execution.status === 'RUNNING' ? undefined : execution;
});
const typesOf = async (executionArn: string) => (await states.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }))).events!.map((event) => event.type);

test('what runs when everything is killed goes on: waits, tokens, retries, branches, limits, Express, schedules, rules', async () => {
  const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*' }] });
  for (const QueueName of ['ask', 'branch', 'silent', 'express', 'due', 'told']) await sqs.send(new CreateQueueCommand({ QueueName, Attributes: { Policy } }));
  const roleArn = await makeRole({ client, own: true, unique: (name) => name, close: () => Promise.resolve() }, 'machines', ['states.amazonaws.com', 'scheduler.amazonaws.com'], ['sqs:SendMessage', 'states:StartExecution']);
  const begin = async (name: string, definition: object, type: 'STANDARD' | 'EXPRESS' = 'STANDARD'): Promise<string> => {
    const { stateMachineArn } = await states.send(new CreateStateMachineCommand({ name, roleArn, type, definition: JSON.stringify(definition) }));
    return (await states.send(new StartExecutionCommand({ stateMachineArn, name: 'one', input: '{"in":1}' }))).executionArn!;
  };
  const events = new EventBridgeClient(client);
  await events.send(new PutRuleCommand({ Name: 'ends', EventPattern: JSON.stringify({ source: ['aws.states'], detail: { status: [{ 'anything-but': 'RUNNING' }] } }) }));
  await events.send(new PutTargetsCommand({ Rule: 'ends', Targets: [{ Id: 'a', Arn: `${QUEUE}:told`, InputPath: '$.detail.name' }, { Id: 'b', Arn: `${QUEUE}:told`, InputPath: '$.detail.status' }] }));
  const scheduler = new SchedulerClient(client);
  const due = new Date(Date.now() + 2000).toISOString().slice(0, 19);
  await scheduler.send(new CreateScheduleCommand({ Name: 'due', ScheduleExpression: `at(${due})`, FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: `${QUEUE}:due`, RoleArn: roleArn, Input: '"fired"' } }));

  const missing = 'arn:aws:states:eu-west-1:000000000000:stateMachine:missing';
  const [waiting, asking, retrying, branching, silent, limited] = await Promise.all([
    begin('waiting', { StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 3, Next: 'B' }, B: { Type: 'Pass', End: true } } }),
    begin('asking', one(ask('ask'))),
    begin('retrying', { StartAt: 'A', States: { A: { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution', Parameters: { StateMachineArn: missing }, Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 3, MaxAttempts: 1 }], Catch: [{ ErrorEquals: ['States.ALL'], Next: 'B' }], Next: 'B' }, B: { Type: 'Pass', Result: 'caught', End: true } } }),
    begin('branching', one({ Type: 'Parallel', Branches: [one({ Type: 'Wait', Seconds: 3, End: true }), { StartAt: 'B', States: { B: ask('branch') } }, { StartAt: 'C', States: { C: { Type: 'Pass', Result: 'quick', End: true } } }].map((branch, at) => JSON.parse(JSON.stringify(branch).replaceAll('"A"', `"A${at}"`)) as object), End: true })),
    begin('silent', { StartAt: 'A', States: { A: ask('silent', { HeartbeatSeconds: 3, Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'B' }], Next: 'B' }), B: { Type: 'Pass', Result: 'no heartbeat', End: true } } }),
    begin('limited', { TimeoutSeconds: 3, ...one({ Type: 'Wait', Seconds: 600, End: true }) }),
    begin('quick', { StartAt: 'A', States: { A: { Type: 'Wait', Seconds: 2, Next: 'B' }, B: { Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage', Parameters: { QueueUrl: url('express'), MessageBody: 'ran' }, End: true } } }, 'EXPRESS'),
  ]);
  const tokens = [...await bodies('ask', 1), ...await bodies('branch', 1), ...await bodies('silent', 1)].map((body) => (JSON.parse(body) as { token: string }).token);
  await until(async () => ((await typesOf(retrying)).includes('TaskFailed') ? true : undefined));

  await cloud.stop('SIGKILL');
  await boot();

  for (const [taskToken, output] of [[tokens[0], '"yes"'], [tokens[1], '"branch"']]) await states.send(new SendTaskSuccessCommand({ taskToken, output }));
  const outputs = await Promise.all([waiting, asking, retrying, branching, silent].map(async (arn) => JSON.parse((await ended(arn)).output ?? 'null') as unknown));
  expect(outputs).toEqual([{ in: 1 }, 'yes', 'caught', [{ in: 1 }, 'branch', 'quick'], 'no heartbeat']);
  const { startDate, stopDate } = await ended(waiting);
  expect(stopDate!.getTime() - startDate!.getTime()).toBeGreaterThanOrEqual(2990);
  expect((await ended(limited)).status).toBe('TIMED_OUT');
  await expect(states.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: '1' }))).rejects.toMatchObject({ name: 'TaskTimedOut' });

  expect(await typesOf(waiting)).toEqual(['ExecutionStarted', 'WaitStateEntered', 'WaitStateExited', 'PassStateEntered', 'PassStateExited', 'ExecutionSucceeded']);
  expect((await typesOf(retrying)).filter((type) => type === 'TaskScheduled')).toHaveLength(2);
  expect((await typesOf(branching)).filter((type) => type === 'PassStateEntered' || type === 'TaskScheduled')).toHaveLength(2);
  expect((await states.send(new ListExecutionsCommand({ stateMachineArn: 'arn:aws:states:eu-west-1:000000000000:stateMachine:asking' }))).executions).toHaveLength(1);

  expect(await bodies('express', 1)).toEqual(['ran']);
  expect(await bodies('due', 1)).toEqual(['"fired"']);
  expect(await new SchedulerClient(client).send(new GetScheduleCommand({ Name: 'due' }))).toMatchObject({ ScheduleExpression: `at(${due})` });
  const told = await bodies('told', 12);
  expect(told.filter((body) => body === '"SUCCEEDED"')).toHaveLength(5);
  expect(told.filter((body) => body === '"TIMED_OUT"')).toHaveLength(1);
});
