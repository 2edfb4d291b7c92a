import { CloudWatchLogsClient, CreateLogGroupCommand, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateTableCommand, DeleteTableCommand, DynamoDBClient, GetItemCommand } from '@aws-sdk/client-dynamodb';
import { CreateFunctionCommand, DeleteFunctionCommand, LambdaClient } from '@aws-sdk/client-lambda';
import {
  CreateStateMachineCommand, DeleteStateMachineCommand, DescribeExecutionCommand, DescribeStateMachineCommand, DescribeStateMachineForExecutionCommand, GetExecutionHistoryCommand, ListExecutionsCommand, ListStateMachinesCommand,
  ListTagsForResourceCommand, RedriveExecutionCommand, SendTaskFailureCommand, SendTaskHeartbeatCommand, SendTaskSuccessCommand, SFNClient, StartExecutionCommand, StartSyncExecutionCommand, StopExecutionCommand, TagResourceCommand,
  UntagResourceCommand, UpdateStateMachineCommand, ValidateStateMachineDefinitionCommand, type CreateStateMachineCommandInput, type HistoryEvent,
} from '@aws-sdk/client-sfn';
import { CreateQueueCommand, DeleteQueueCommand, ReceiveMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import { makeRole, removeRole } from './role.ts';
import { conformanceTarget, type ConformanceTarget } from './target.ts';
import { failsWith, until } from './until.ts';

jest.setTimeout(60_000);

const pass = (more: object = { End: true }) => ({ Type: 'Pass', ...more });
const one = (state: object) => ({ StartAt: 'A', States: { A: state } });
const CODE = `exports.handler = async (event) => {
  if (event.fail) { const error = new Error('asked to'); error.name = event.fail; throw error; }
  if (event.sleepMs) await new Promise((done) => setTimeout(done, event.sleepMs));
  if (event.size) return 'x'.repeat(event.size);
  return { got: event };
};`;

describe('Step Functions', () => {
  let target: ConformanceTarget;
  let states: SFNClient;
  let sqs: SQSClient;
  let dynamodb: DynamoDBClient;
  let role: string;
  let roleArn: string;
  let functionArn: string;
  let queueUrl: string;
  let table: string;
  const made: string[] = [];

  const create = async (definition: object, more: Partial<CreateStateMachineCommandInput> = {}): Promise<string> => {
    const { stateMachineArn = '' } = await states.send(new CreateStateMachineCommand({ name: target.unique('machine'), roleArn, definition: JSON.stringify(definition), ...more }));
    made.push(stateMachineArn);
    return stateMachineArn;
  };
  const start = async (stateMachineArn: string, input: unknown = {}, name?: string): Promise<string> => (await states.send(new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input), name }))).executionArn!;
  const describeIt = (executionArn: string) => states.send(new DescribeExecutionCommand({ executionArn }));
  const ended = (executionArn: string) => until(async () => {
    const execution = await describeIt(executionArn);
    return execution.status === 'RUNNING' ? undefined : execution;
  });
  const run = async (definition: object, input: unknown = {}) => {
    const execution = await ended(await start(await create(definition), input));
    return { ...execution, value: execution.output === undefined ? undefined : (JSON.parse(execution.output) as unknown) };
  };
  const historyOf = async (executionArn: string): Promise<HistoryEvent[]> => (await states.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }))).events!;
  /** `id<previous type`, one line an event. */
  const outline = (events: readonly HistoryEvent[]) => events.map(({ id, previousEventId, type }) => `${id}<${previousEventId} ${type}`);
  const received = () => until(async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl: queueUrl, WaitTimeSeconds: 1 }))).Messages?.[0]?.Body);
  const asking = (more: object = {}) => ({ Type: 'Task', Resource: 'arn:aws:states:::sqs:sendMessage.waitForTaskToken', Parameters: { QueueUrl: queueUrl, MessageBody: { 'token.$': '$$.Task.Token' } }, End: true, ...more });
  const tokenReceived = async (): Promise<string> => (JSON.parse(await received()) as { token: string }).token;

  beforeAll(async () => {
    target = await conformanceTarget();
    states = new SFNClient({ ...target.client, disableHostPrefix: true });
    sqs = new SQSClient(target.client);
    dynamodb = new DynamoDBClient(target.client);
    table = target.unique('table');
    role = target.unique('role');
    const fn = target.unique('function');
    const [arn, queue] = await Promise.all([
      makeRole(target, role, ['states.amazonaws.com', 'lambda.amazonaws.com'], ['lambda:InvokeFunction', 'sqs:SendMessage', 'dynamodb:PutItem', 'dynamodb:GetItem', 'states:StartExecution', 'events:PutEvents']),
      sqs.send(new CreateQueueCommand({ QueueName: target.unique('queue') })),
      dynamodb.send(new CreateTableCommand({ TableName: table, BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] })),
    ]);
    roleArn = arn;
    queueUrl = queue.QueueUrl!;
    const { FunctionArn } = await new LambdaClient(target.client).send(new CreateFunctionCommand({ FunctionName: fn, Role: roleArn, Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { ZipFile: zipSync({ 'index.js': strToU8(CODE) }) }, Timeout: 10 }));
    functionArn = FunctionArn!;
  });
  afterAll(async () => {
    await Promise.all(made.map((stateMachineArn) => states.send(new DeleteStateMachineCommand({ stateMachineArn }))));
    await sqs.send(new DeleteQueueCommand({ QueueUrl: queueUrl }));
    await dynamodb.send(new DeleteTableCommand({ TableName: table }));
    await new LambdaClient(target.client).send(new DeleteFunctionCommand({ FunctionName: functionArn }));
    await removeRole(target, role);
    await target.close();
  });

  describe('machines', () => {
    it('are made once, described, listed, tagged, changed and deleted', async () => {
      const name = target.unique('made');
      const definition = JSON.stringify(one(pass()));
      const create = (more: Partial<CreateStateMachineCommandInput> = {}) => states.send(new CreateStateMachineCommand({ name, roleArn, definition, tags: [{ key: 'a', value: '1' }], ...more }));
      const { stateMachineArn, creationDate } = await create();
      expect(stateMachineArn).toMatch(new RegExp(`^arn:aws:states:[\\w-]+:\\d{12}:stateMachine:${name}$`));
      expect(await create()).toMatchObject({ stateMachineArn, creationDate });
      await expect(create({ definition: JSON.stringify(one({ Type: 'Succeed' })) })).rejects.toMatchObject({ name: 'StateMachineAlreadyExists' });
      expect(await states.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({ name, status: 'ACTIVE', type: 'STANDARD', definition, roleArn, loggingConfiguration: { level: 'OFF', includeExecutionData: false }, tracingConfiguration: { enabled: false } });
      expect((await states.send(new ListStateMachinesCommand({ maxResults: 1000 }))).stateMachines).toContainEqual(expect.objectContaining({ stateMachineArn, name, type: 'STANDARD' }));

      await states.send(new TagResourceCommand({ resourceArn: stateMachineArn, tags: [{ key: 'b', value: '2' }] }));
      await states.send(new UntagResourceCommand({ resourceArn: stateMachineArn, tagKeys: ['a'] }));
      expect((await states.send(new ListTagsForResourceCommand({ resourceArn: stateMachineArn }))).tags).toEqual([{ key: 'b', value: '2' }]);

      await expect(states.send(new UpdateStateMachineCommand({ stateMachineArn }))).rejects.toMatchObject({ name: 'MissingRequiredParameter' });
      expect((await states.send(new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(one({ Type: 'Succeed' })) }))).revisionId).toMatch(/^[0-9a-f-]{36}$/);
      await states.send(new DeleteStateMachineCommand({ stateMachineArn }));
      await until(() => failsWith('StateMachineDoesNotExist', states.send(new DescribeStateMachineCommand({ stateMachineArn }))));
    });

    it.each<[string, object, string]>([
      ['a missing target', one(pass({ Next: 'B' })), 'MISSING_TRANSITION_TARGET'],
      ['a state that nothing reaches', { StartAt: 'A', States: { A: pass(), B: pass() } }, 'MISSING_TRANSITION_TARGET'],
      ['a state without an end', one({ Type: 'Pass' }), 'SCHEMA_VALIDATION_FAILED'],
      ['an unknown field', one(pass({ End: true, Colour: 'red' })), 'SCHEMA_VALIDATION_FAILED'],
      ['States.ALL among others', one({ Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: {}, Retry: [{ ErrorEquals: ['States.ALL', 'X'] }], End: true }), 'SCHEMA_VALIDATION_FAILED'],
      ['a path that is none', one(pass({ InputPath: 'a.b', End: true })), 'SCHEMA_VALIDATION_FAILED'],
    ])('refuse a definition with %s', async (_what, definition, code) => {
      await expect(create(definition)).rejects.toMatchObject({ name: 'InvalidDefinition', message: expect.stringContaining(code) as string });
      expect(await states.send(new ValidateStateMachineDefinitionCommand({ definition: JSON.stringify(definition) }))).toMatchObject({ result: 'FAIL' });
    });

    it('refuse what an Express machine cannot do, bad names, roles and logging', async () => {
      await expect(create(one(asking()), { type: 'EXPRESS' })).rejects.toMatchObject({ name: 'InvalidDefinition', message: expect.stringContaining("Express state machine does not support '.waitForTaskToken' service integration") as string });
      await expect(create(one(pass()), { name: 'a b' })).rejects.toMatchObject({ name: 'InvalidName' });
      await expect(create(one(pass()), { roleArn: 'nobody' })).rejects.toMatchObject({ name: 'InvalidArn' });
      await expect(create(one(pass()), { loggingConfiguration: { level: 'ALL', destinations: [] } })).rejects.toMatchObject({ name: 'InvalidLoggingConfiguration' });
    });

    it('go on with the definition that they began with; a deleted one ends at the next transition', async () => {
      const stateMachineArn = await create({ StartAt: 'A', States: { A: asking({ End: undefined, Next: 'B', ResultPath: '$.answer' }), B: pass({ Result: 'old', End: true }) } });
      const [first, second] = [await start(stateMachineArn), await start(stateMachineArn)];
      const tokens = [await tokenReceived(), await tokenReceived()];
      await states.send(new UpdateStateMachineCommand({ stateMachineArn, definition: JSON.stringify(one(pass({ Result: 'new', End: true }))) }));
      expect(JSON.parse((await ended(await start(stateMachineArn))).output!)).toBe('new');
      expect((await states.send(new DescribeStateMachineForExecutionCommand({ executionArn: first }))).definition).toContain('old');
      await states.send(new SendTaskSuccessCommand({ taskToken: tokens[0], output: '1' }));
      const done = await until(async () => (await Promise.all([first, second].map(describeIt))).find((execution) => execution.status !== 'RUNNING'));
      expect(JSON.parse(done.output!)).toBe('old');

      await states.send(new DeleteStateMachineCommand({ stateMachineArn }));
      expect(await states.send(new DescribeStateMachineCommand({ stateMachineArn }))).toMatchObject({ status: 'DELETING' });
      await expect(start(stateMachineArn)).rejects.toMatchObject({ name: 'StateMachineDeleting' });
      await states.send(new SendTaskSuccessCommand({ taskToken: tokens[1], output: '1' }));
      await until(() => failsWith('StateMachineDoesNotExist', states.send(new DescribeStateMachineCommand({ stateMachineArn }))));
    });
  });

  describe('executions', () => {
    it('start once: the same name and input while it runs is the same one, anything else a conflict', async () => {
      const stateMachineArn = await create(one(asking()));
      const begin = (input: string, name = 'order-1') => states.send(new StartExecutionCommand({ stateMachineArn, name, input }));
      const first = await begin('{"a":1}');
      expect(await begin('{"a":1}')).toMatchObject({ executionArn: first.executionArn, startDate: first.startDate });
      await expect(begin('{"a":2}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists' });
      await states.send(new StopExecutionCommand({ executionArn: first.executionArn, error: 'Halt', cause: 'enough' }));
      await tokenReceived();
      await expect(begin('{"a":1}')).rejects.toMatchObject({ name: 'ExecutionAlreadyExists', message: expect.stringContaining(first.executionArn!) as string });
      expect(await describeIt(first.executionArn!)).toMatchObject({ status: 'ABORTED', error: 'Halt', cause: 'enough', stopDate: expect.any(Date) as Date, redriveStatus: 'REDRIVABLE', redriveCount: 0 });
    });

    it('refuse names, inputs and ARNs as the API says', async () => {
      const stateMachineArn = await create(one(pass()));
      const begin = (more: object) => states.send(new StartExecutionCommand({ stateMachineArn, ...more }));
      await expect(begin({ name: 'a b' })).rejects.toMatchObject({ name: 'InvalidName' });
      await expect(begin({ name: 'a:b' })).rejects.toMatchObject({ name: 'InvalidName' });
      await expect(begin({ name: 'x'.repeat(81) })).rejects.toBeInstanceOf(Error);
      expect((await begin({ name: `x.${'y'.repeat(78)}` })).executionArn).toMatch(/:x\.y{78}$/);
      await expect(begin({ input: '{' })).rejects.toMatchObject({ name: 'InvalidExecutionInput' });
      await expect(begin({ input: JSON.stringify('x'.repeat(262_143)) })).rejects.toBeInstanceOf(Error);
      await expect(begin({ stateMachineArn: `${stateMachineArn}x` })).rejects.toMatchObject({ name: 'StateMachineDoesNotExist' });
      await expect(begin({ stateMachineArn: 'nonsense' })).rejects.toMatchObject({ name: 'InvalidArn' });
      await expect(describeIt(`${stateMachineArn.replace('stateMachine', 'execution')}:none`)).rejects.toMatchObject({ name: 'ExecutionDoesNotExist' });
    });

    it('are listed newest first, by status and redrive, in pages', async () => {
      const stateMachineArn = await create({ StartAt: 'A', States: { A: { Type: 'Choice', Choices: [{ Variable: '$.fail', IsPresent: true, Next: 'F' }], Default: 'S' }, F: { Type: 'Fail', Error: 'E' }, S: { Type: 'Succeed' } } });
      for (let n = 0; n < 5; n += 1) await ended(await start(stateMachineArn, n === 2 ? { fail: true } : {}, `run-${n}`));
      const names = async (more: object) => {
        const { executions, nextToken } = await states.send(new ListExecutionsCommand({ stateMachineArn, ...more }));
        return { names: executions!.map((each) => each.name), nextToken };
      };
      expect((await names({})).names).toEqual(['run-4', 'run-3', 'run-2', 'run-1', 'run-0']);
      expect((await names({ statusFilter: 'FAILED' })).names).toEqual(['run-2']);
      expect((await names({ redriveFilter: 'REDRIVEN' })).names).toEqual([]);
      const page = await names({ maxResults: 3 });
      expect(page.names).toHaveLength(3);
      expect((await names({ maxResults: 3, nextToken: page.nextToken })).names).toEqual(['run-1', 'run-0']);
      await expect(names({ nextToken: 'nonsense' })).rejects.toMatchObject({ name: 'InvalidToken' });
    });
  });

  describe('history', () => {
    it('numbers the events and names the one before', async () => {
      const { executionArn, value } = await run({ StartAt: 'A', States: { A: pass({ Result: { n: 1 }, Next: 'B' }), B: { Type: 'Choice', Choices: [{ Variable: '$.n', NumericEquals: 1, Next: 'C' }] }, C: { Type: 'Wait', Seconds: 0, Next: 'D' }, D: { Type: 'Succeed' } } }, { x: 1 });
      expect(value).toEqual({ n: 1 });
      const events = await historyOf(executionArn!);
      expect(outline(events)).toEqual(['1<0 ExecutionStarted', '2<0 PassStateEntered', '3<2 PassStateExited', '4<3 ChoiceStateEntered', '5<4 ChoiceStateExited', '6<5 WaitStateEntered', '7<6 WaitStateExited', '8<7 SucceedStateEntered', '9<8 SucceedStateExited', '10<9 ExecutionSucceeded']);
      expect(events[0]!.executionStartedEventDetails).toEqual({ input: '{"x":1}', inputDetails: { truncated: false }, roleArn });
      expect(events[1]!.stateEnteredEventDetails).toEqual({ name: 'A', input: '{"x":1}', inputDetails: { truncated: false } });
      expect(events[2]!.stateExitedEventDetails).toEqual({ name: 'A', output: '{"n":1}', outputDetails: { truncated: false } });
      expect(events[9]!.executionSucceededEventDetails).toEqual({ output: '{"n":1}', outputDetails: { truncated: false } });

      const reversed = await states.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 4, includeExecutionData: false }));
      expect(reversed.events!.map((event) => event.id)).toEqual([10, 9, 8, 7]);
      expect(reversed.events![0]!.executionSucceededEventDetails).toEqual({});
      expect((await states.send(new GetExecutionHistoryCommand({ executionArn, reverseOrder: true, maxResults: 4, nextToken: reversed.nextToken }))).events!.map((event) => event.id)).toEqual([6, 5, 4, 3]);
    });

    it('tells tasks of functions by ARN from integrations', async () => {
      const { executionArn, value } = await run({ StartAt: 'A', States: {
        A: { Type: 'Task', Resource: functionArn, TimeoutSeconds: 30, Next: 'B' },
        B: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke', Parameters: { FunctionName: functionArn, 'Payload.$': '$' }, ResultSelector: { 'payload.$': '$.Payload', 'status.$': '$.StatusCode' }, End: true },
      } }, { n: 1 });
      expect(value).toEqual({ payload: { got: { got: { n: 1 } } }, status: 200 });
      const events = await historyOf(executionArn!);
      expect(outline(events)).toEqual(['1<0 ExecutionStarted', '2<0 TaskStateEntered', '3<2 LambdaFunctionScheduled', '4<3 LambdaFunctionStarted', '5<4 LambdaFunctionSucceeded', '6<5 TaskStateExited', '7<6 TaskStateEntered', '8<7 TaskScheduled', '9<8 TaskStarted', '10<9 TaskSucceeded', '11<10 TaskStateExited', '12<11 ExecutionSucceeded']);
      expect(events[2]!.lambdaFunctionScheduledEventDetails).toEqual({ input: '{"n":1}', inputDetails: { truncated: false }, resource: functionArn, timeoutInSeconds: 30 });
      expect(events[4]!.lambdaFunctionSucceededEventDetails).toEqual({ output: '{"got":{"n":1}}', outputDetails: { truncated: false } });
      expect(events[7]!.taskScheduledEventDetails).toMatchObject({ resourceType: 'lambda', resource: 'invoke', region: 'eu-west-1', parameters: expect.stringContaining('"Payload"') as string });
      expect(events[8]!.taskStartedEventDetails).toEqual({ resourceType: 'lambda', resource: 'invoke' });
    });

    it('shows retries as tasks scheduled again, and the error that was caught', async () => {
      const { executionArn, value } = await run({ StartAt: 'A', States: {
        A: { Type: 'Task', Resource: functionArn, Retry: [{ ErrorEquals: ['Flaky'], IntervalSeconds: 1, MaxAttempts: 1 }], Catch: [{ ErrorEquals: ['States.TaskFailed'], ResultPath: '$.problem', Next: 'B' }], Next: 'B' }, B: pass(),
      } }, { fail: 'Flaky' });
      expect(value).toMatchObject({ fail: 'Flaky', problem: { Error: 'Flaky', Cause: expect.stringContaining('asked to') as string } });
      const events = await historyOf(executionArn!);
      expect(events.map((event) => event.type).slice(2, 9)).toEqual(['LambdaFunctionScheduled', 'LambdaFunctionStarted', 'LambdaFunctionFailed', 'LambdaFunctionScheduled', 'LambdaFunctionStarted', 'LambdaFunctionFailed', 'TaskStateExited']);
      expect(events[4]!.lambdaFunctionFailedEventDetails).toMatchObject({ error: 'Flaky' });
    });

    it('keeps branches and iterations apart', async () => {
      const both = await run({ StartAt: 'P', States: {
        P: { Type: 'Parallel', Branches: [one(pass({ Result: 1, End: true })), { StartAt: 'B', States: { B: pass({ Result: 2, End: true }) } }], Next: 'M' },
        M: { Type: 'Map', ItemProcessor: { ProcessorConfig: { Mode: 'INLINE' }, StartAt: 'I', States: { I: pass() } }, MaxConcurrency: 1, ItemSelector: { 'v.$': '$$.Map.Item.Value', 'i.$': '$$.Map.Item.Index' }, End: true },
      } });
      expect(both.value).toEqual([{ v: 1, i: 0 }, { v: 2, i: 1 }]);
      const events = await historyOf(both.executionArn!);
      const ofType = (type: string) => events.filter((event) => event.type === type);
      const began = ofType('ParallelStateStarted')[0]!.id;
      expect(ofType('PassStateEntered').slice(0, 2).map((event) => event.previousEventId)).toEqual([began, began]);
      expect(ofType('MapStateStarted')[0]!.mapStateStartedEventDetails).toEqual({ length: 2 });
      expect(ofType('MapIterationStarted').map((event) => [event.previousEventId === ofType('MapStateStarted')[0]!.id, event.mapIterationStartedEventDetails])).toEqual([[true, { name: 'M', index: 0 }], [true, { name: 'M', index: 1 }]]);
      expect(ofType('MapIterationSucceeded')).toHaveLength(2);
      expect(events.map((event) => event.id)).toEqual(events.map((_event, at) => at + 1));
      expect(events.every((event) => event.previousEventId! < event.id!)).toBe(true);
    });
  });

  describe('failures', () => {
    it.each<[string, object, unknown, object]>([
      ['no choice matched', one({ Type: 'Choice', Choices: [{ Variable: '$.a', IsPresent: true, Next: 'B' }] }), {}, { error: 'States.NoChoiceMatched' }],
      ['a path that is not there', one(pass({ Parameters: { 'a.$': '$.none' }, End: true })), {}, { error: 'States.Runtime', cause: expect.stringContaining("An error occurred while executing the state 'A' (entered at the event id #2)") as string }],
      ['an intrinsic function that cannot', one(pass({ Parameters: { 'a.$': "States.StringToJson('{')" }, End: true })), {}, { error: 'States.IntrinsicFailure' }],
      ['a Fail state', one({ Type: 'Fail', Error: 'Mine', Cause: 'because' }), {}, { error: 'Mine', cause: 'because' }],
      ['a Pass that grows too large', { StartAt: 'A', States: { A: pass({ Parameters: { 'a.$': '$', 'b.$': '$' }, Next: 'B' }), B: pass() } }, 'x'.repeat(200_000), { error: 'States.DataLimitExceeded' }],
    ])('%s', async (_what, definition, input, expected) => {
      const states = (definition as { States: Record<string, { Type: string; Choices?: object[] }> }).States;
      const complete = states['A']!.Type === 'Choice' ? { ...definition, States: { ...states, B: { Type: 'Succeed' } } } : definition;
      expect(await run(complete, input)).toMatchObject({ status: 'FAILED', ...expected });
    });

    it('a result that is too large is caught by nothing but its own name', async () => {
      const task = (errors: string[]) => ({ StartAt: 'A', States: { A: { Type: 'Task', Resource: functionArn, Catch: [{ ErrorEquals: errors, Next: 'B' }], Next: 'B' }, B: { Type: 'Succeed' } } });
      expect(await run(task(['States.ALL']), { size: 270_000 })).toMatchObject({ status: 'FAILED', error: 'States.DataLimitExceeded' });
      expect(await run(task(['States.DataLimitExceeded']), { size: 270_000 })).toMatchObject({ status: 'SUCCEEDED' });
    });

    it('a task, a heartbeat and a machine time out', async () => {
      const [task, beat, whole] = await Promise.all([
        run(one({ Type: 'Task', Resource: functionArn, TimeoutSeconds: 1, End: true }), { sleepMs: 3000 }),
        run({ StartAt: 'A', States: { A: asking({ TimeoutSeconds: 60, HeartbeatSecondsPath: '$.beat', Catch: [{ ErrorEquals: ['States.HeartbeatTimeout'], Next: 'B' }] }), B: pass({ Result: 'silent', End: true }) } }, { beat: 1 }),
        run({ ...one({ Type: 'Wait', Seconds: 60, End: true }), TimeoutSeconds: 1 }),
      ]);
      expect(task).toMatchObject({ status: 'FAILED', error: 'States.Timeout' });
      expect((await historyOf(task.executionArn!)).map((event) => event.type).slice(-2)).toEqual(['LambdaFunctionTimedOut', 'ExecutionFailed']);
      expect(beat.value).toBe('silent');
      const timedOut = (await historyOf(beat.executionArn!)).find((event) => event.type === 'TaskTimedOut');
      expect(timedOut!.taskTimedOutEventDetails).toEqual({ resourceType: 'sqs', resource: 'sendMessage.waitForTaskToken', error: 'States.Timeout' });
      expect(whole).toMatchObject({ status: 'TIMED_OUT' });
      expect((await historyOf(whole.executionArn!)).at(-1)!.type).toBe('ExecutionTimedOut');
      await tokenReceived();
    });
  });

  describe('task tokens', () => {
    it('are answered once; heartbeats keep them', async () => {
      const executionArn = await start(await create(one(asking({ HeartbeatSeconds: 30, TimeoutSeconds: 60 }))));
      const taskToken = await tokenReceived();
      await states.send(new SendTaskHeartbeatCommand({ taskToken }));
      await expect(states.send(new SendTaskSuccessCommand({ taskToken, output: '{' }))).rejects.toMatchObject({ name: 'InvalidOutput' });
      await expect(states.send(new SendTaskSuccessCommand({ taskToken: 'nonsense', output: '1' }))).rejects.toMatchObject({ name: 'InvalidToken' });
      await states.send(new SendTaskSuccessCommand({ taskToken, output: '{"yes":true}' }));
      expect(JSON.parse((await ended(executionArn)).output!)).toEqual({ yes: true });
      await expect(states.send(new SendTaskSuccessCommand({ taskToken, output: '1' }))).rejects.toMatchObject({ name: 'TaskTimedOut' });
      await expect(states.send(new SendTaskHeartbeatCommand({ taskToken }))).rejects.toMatchObject({ name: 'TaskTimedOut' });
      const events = await historyOf(executionArn);
      expect(events.map((event) => event.type).slice(2, -2)).toEqual(['TaskScheduled', 'TaskStarted', 'TaskSubmitted', 'TaskSucceeded']);
      expect(events[2]!.taskScheduledEventDetails).toMatchObject({ resource: 'sendMessage.waitForTaskToken', resourceType: 'sqs', timeoutInSeconds: 60, heartbeatInSeconds: 30 });
    });

    it('bring failures, which are retried and caught like others', async () => {
      const executionArn = await start(await create(one(asking({ Retry: [{ ErrorEquals: ['Again'], IntervalSeconds: 1, MaxAttempts: 1 }] }))));
      const first = await tokenReceived();
      await states.send(new SendTaskFailureCommand({ taskToken: first, error: 'Again', cause: 'c' }));
      const second = await tokenReceived();
      expect(second).not.toBe(first);
      await states.send(new SendTaskFailureCommand({ taskToken: second, error: 'Other', cause: 'because' }));
      expect(await ended(executionArn)).toMatchObject({ status: 'FAILED', error: 'Other', cause: 'because' });
    });
  });

  it('direct integrations run with their service\'s errors', async () => {
    const put = { Type: 'Task', Resource: 'arn:aws:states:::dynamodb:putItem', Parameters: { TableName: table, Item: { pk: { 'S.$': '$.pk' } }, ConditionExpression: 'attribute_not_exists(pk)' }, ResultPath: null, End: true };
    expect(await run(one(put), { pk: 'a' })).toMatchObject({ status: 'SUCCEEDED' });
    expect((await dynamodb.send(new GetItemCommand({ TableName: table, Key: { pk: { S: 'a' } } }))).Item).toEqual({ pk: { S: 'a' } });
    expect(await run(one(put), { pk: 'a' })).toMatchObject({ status: 'FAILED', error: 'DynamoDB.ConditionalCheckFailedException' });
    const child = await create(one(pass()));
    const parent = await run(one({ Type: 'Task', Resource: 'arn:aws:states:::states:startExecution', Parameters: { StateMachineArn: child, Name: 'child', Input: { 'a.$': '$.a' } }, End: true }), { a: 1 });
    expect(parent.value).toMatchObject({ ExecutionArn: expect.stringMatching(/:child$/) as string });
    expect(await ended((parent.value as { ExecutionArn: string }).ExecutionArn)).toMatchObject({ input: '{"a":1}' });
  });

  it('a redrive goes on at the state that failed, attempts counted anew', async () => {
    const stateMachineArn = await create({ StartAt: 'A', States: { A: pass({ Result: { pk: 'r' }, Next: 'B' }), B: { Type: 'Task', Resource: 'arn:aws:states:::states:startExecution', Parameters: { StateMachineArn: `${made[0]!}-later`, Input: {} }, Retry: [{ ErrorEquals: ['States.ALL'], IntervalSeconds: 1, MaxAttempts: 1 }], End: true } } });
    const executionArn = await start(stateMachineArn);
    const failed = await ended(executionArn);
    expect(failed).toMatchObject({ status: 'FAILED', error: 'StepFunctions.StateMachineDoesNotExistException', redriveStatus: 'REDRIVABLE' });
    const before = await historyOf(executionArn);
    const { redriveDate } = await states.send(new RedriveExecutionCommand({ executionArn, clientToken: 'once' }));
    expect((await states.send(new RedriveExecutionCommand({ executionArn, clientToken: 'once' }))).redriveDate).toEqual(redriveDate);
    expect(await ended(executionArn)).toMatchObject({ status: 'FAILED', redriveCount: 1, redriveDate });
    const events = (await historyOf(executionArn)).slice(before.length);
    expect(events.map((event) => event.type)).toEqual(['ExecutionRedriven', 'TaskScheduled', 'TaskStarted', 'TaskFailed', 'TaskScheduled', 'TaskStarted', 'TaskFailed', 'ExecutionFailed']);
    expect(events[0]).toMatchObject({ id: before.length + 1, previousEventId: before.length, executionRedrivenEventDetails: { redriveCount: 1 } });
    const good = await ended(await start(await create(one(pass()))));
    expect(good).toMatchObject({ redriveStatus: 'NOT_REDRIVABLE', redriveStatusReason: expect.any(String) as string });
    await expect(states.send(new RedriveExecutionCommand({ executionArn: good.executionArn }))).rejects.toMatchObject({ name: 'ExecutionNotRedrivable' });
  });

  describe('Express', () => {
    it('answers at once, with what went wrong too', async () => {
      const stateMachineArn = await create({ StartAt: 'A', States: { A: { Type: 'Choice', Choices: [{ Variable: '$.fail', IsPresent: true, Next: 'F' }], Default: 'S' }, F: { Type: 'Fail', Error: 'E', Cause: 'c' }, S: pass() } }, { type: 'EXPRESS' });
      const sync = (input: object) => states.send(new StartSyncExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }));
      expect(await sync({ a: 1 })).toMatchObject({ status: 'SUCCEEDED', output: '{"a":1}', executionArn: expect.stringContaining(':express:') as string, billingDetails: { billedMemoryUsedInMB: 64, billedDurationInMilliseconds: expect.any(Number) as number } });
      expect(await sync({ fail: 1 })).toMatchObject({ status: 'FAILED', error: 'E', cause: 'c' });
      const late = await create({ ...one({ Type: 'Wait', Seconds: 60, End: true }), TimeoutSeconds: 1 }, { type: 'EXPRESS' });
      expect(await states.send(new StartSyncExecutionCommand({ stateMachineArn: late }))).toMatchObject({ status: 'TIMED_OUT', error: 'States.Timeout' });
      await expect(states.send(new StartSyncExecutionCommand({ stateMachineArn: await create(one(pass())) }))).rejects.toMatchObject({ name: 'StateMachineTypeNotSupported' });
    });

    it('leaves its history in the log only, by level', async () => {
      const logs = new CloudWatchLogsClient(target.client);
      const logGroupName = `/states/${target.unique('log')}`;
      await logs.send(new CreateLogGroupCommand({ logGroupName }));
      const account = roleArn.split(':')[4]!;
      const stateMachineArn = await create(one(pass()), { type: 'EXPRESS', loggingConfiguration: { level: 'ALL', includeExecutionData: true, destinations: [{ cloudWatchLogsLogGroup: { logGroupArn: `arn:aws:logs:eu-west-1:${account}:log-group:${logGroupName}:*` } }] } });
      const executionArn = await start(stateMachineArn, { n: 1 }, 'same');
      expect(await start(stateMachineArn, { n: 1 }, 'same')).not.toBe(executionArn);
      for (const call of [new DescribeExecutionCommand({ executionArn }), new GetExecutionHistoryCommand({ executionArn }), new StopExecutionCommand({ executionArn })]) {
        await expect(states.send(call as DescribeExecutionCommand)).rejects.toMatchObject({ name: 'InvalidArn', message: "Invalid Arn: 'Resource type not valid in this context: express'" });
      }
      await expect(states.send(new ListExecutionsCommand({ stateMachineArn }))).rejects.toMatchObject({ name: 'StateMachineTypeNotSupported' });
      const lines = await until(async () => {
        const { events = [] } = await logs.send(new FilterLogEventsCommand({ logGroupName }));
        const mine = events.map((event) => JSON.parse(event.message!) as { type: string; id: string; execution_arn: string; details: object }).filter((line) => line.execution_arn === executionArn);
        return mine.length === 4 ? mine : undefined;
      });
      expect(lines.map((line) => `${line.id} ${line.type}`)).toEqual(['1 ExecutionStarted', '2 PassStateEntered', '3 PassStateExited', '4 ExecutionSucceeded']);
      expect(lines[3]).toMatchObject({ previous_event_id: '3', redrive_count: '0', details: { output: '{"n":1}' } });
    });
  });

  it('says clearly what the local cloud does not run', async () => {
    if (!target.own) return;
    const refused = (definition: object) => expect(create(definition)).rejects;
    await refused({ QueryLanguage: 'JSONata', ...one(pass()) }).toThrow('JSONata is not run by the local cloud');
    await refused(one({ Type: 'Map', ItemProcessor: { ProcessorConfig: { Mode: 'DISTRIBUTED', ExecutionType: 'STANDARD' }, StartAt: 'B', States: { B: pass() } }, End: true })).toThrow('use an inline Map');
    await refused(one({ Type: 'Task', Resource: 'arn:aws:states:::states:startExecution.sync:2', Parameters: {}, End: true })).toThrow('.sync integrations are not run');
    await refused(one({ Type: 'Task', Resource: 'arn:aws:states:::glue:startJobRun', Parameters: {}, End: true })).toThrow('cannot run the resource');
    await refused(one(pass({ Assign: { a: 1 }, End: true }))).toThrow('variables (Assign) are not run');
  });
});
