import {
  CreateEventBusCommand, DeleteEventBusCommand, DeleteRuleCommand, DescribeEventBusCommand, DescribeRuleCommand, DisableRuleCommand, EnableRuleCommand, EventBridgeClient, ListEventBusesCommand, ListRuleNamesByTargetCommand, ListRulesCommand,
  ListTagsForResourceCommand, ListTargetsByRuleCommand, PutEventsCommand, PutRuleCommand, PutTargetsCommand, RemoveTargetsCommand, TagResourceCommand, TestEventPatternCommand, type Target,
} from '@aws-sdk/client-eventbridge';
import { CreateStateMachineCommand, DeleteStateMachineCommand, SFNClient, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SQSClient, type Message } from '@aws-sdk/client-sqs';
import { makeRole, removeRole } from './role.ts';
import { conformanceTarget, type ConformanceTarget } from './target.ts';
import { until } from './until.ts';

jest.setTimeout(60_000);

describe('EventBridge', () => {
  let target: ConformanceTarget;
  let events: EventBridgeClient;
  let sqs: SQSClient;
  const queues: string[] = [];
  const rules: { Name: string; EventBusName?: string }[] = [];

  /** A queue that EventBridge may send to. */
  const queue = async (): Promise<{ url: string; arn: string }> => {
    const name = target.unique('queue');
    const allow = { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'events.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*' }] };
    const url = (await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes: { Policy: JSON.stringify(allow) } }))).QueueUrl!;
    queues.push(url);
    return { url, arn: (await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['QueueArn'] }))).Attributes!['QueueArn']! };
  };
  const message = (url: string): Promise<Message> => until(async () => (await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 1, MessageAttributeNames: ['All'] }))).Messages?.[0]);
  const body = async (url: string): Promise<Record<string, unknown>> => JSON.parse((await message(url)).Body!) as Record<string, unknown>;
  const rule = async (pattern: object, ...targets: Omit<Target, 'Id'>[]): Promise<string> => {
    const Name = target.unique('rule');
    rules.push({ Name });
    await events.send(new PutRuleCommand({ Name, EventPattern: JSON.stringify(pattern) }));
    if (targets.length > 0) await events.send(new PutTargetsCommand({ Rule: Name, Targets: targets.map((each, at) => ({ ...each, Arn: each.Arn, Id: `t${at}` })) }));
    return Name;
  };
  const put = (Source: string, detail: object, more: object = {}) => events.send(new PutEventsCommand({ Entries: [{ Source, DetailType: 'Order', Detail: JSON.stringify(detail), ...more }] }));

  beforeAll(async () => {
    target = await conformanceTarget();
    events = new EventBridgeClient(target.client);
    sqs = new SQSClient(target.client);
  });
  afterAll(async () => {
    for (const each of rules) {
      const { Targets = [] } = await events.send(new ListTargetsByRuleCommand({ Rule: each.Name, EventBusName: each.EventBusName })).catch(() => ({ Targets: [] }));
      if (Targets.length > 0) await events.send(new RemoveTargetsCommand({ Rule: each.Name, EventBusName: each.EventBusName, Ids: Targets.map(({ Id }) => Id!) }));
      await events.send(new DeleteRuleCommand(each));
    }
    for (const QueueUrl of queues) await sqs.send(new DeleteQueueCommand({ QueueUrl }));
    await target.close();
  });

  it('hands matching events to the targets of a rule, whole', async () => {
    const { url, arn } = await queue();
    const source = target.unique('shop');
    await rule({ source: [source], detail: { total: [{ numeric: ['>', 10] }] } }, { Arn: arn });
    const { Entries, FailedEntryCount } = await events.send(new PutEventsCommand({ Entries: [
      { Source: source, DetailType: 'Order', Detail: '{"total":5}' }, { Source: source, DetailType: 'Order', Detail: '{"total":50}', Resources: ['r'], Time: new Date('2026-01-02T03:04:05Z') },
    ] }));
    expect(FailedEntryCount).toBe(0);
    expect(await body(url)).toEqual({ version: '0', id: Entries![1]!.EventId, 'detail-type': 'Order', source, account: arn.split(':')[4], time: '2026-01-02T03:04:05Z', region: 'eu-west-1', resources: ['r'], detail: { total: 50 } });
  });

  it('gives targets a constant, a part or a filled template', async () => {
    const [constant, part, filled] = await Promise.all([queue(), queue(), queue()]);
    const source = target.unique('shop');
    const name = await rule({ source: [source] }, { Arn: constant.arn, Input: '{"always":1}' }, { Arn: part.arn, InputPath: '$.detail' }, {
      Arn: filled.arn, InputTransformer: { InputPathsMap: { id: '$.detail.id', lines: '$.detail.lines', none: '$.detail.none' }, InputTemplate: '{"text": "order <id>, rule <aws.events.rule-name>", "id": <id>, "lines": <lines>, "none": "<none>"}' },
    });
    await put(source, { id: 'a"b', lines: [1, 2] });
    expect(await body(constant.url)).toEqual({ always: 1 });
    expect(await body(part.url)).toEqual({ id: 'a"b', lines: [1, 2] });
    expect(await body(filled.url)).toEqual({ text: `order a"b, rule ${name}`, id: 'a"b', lines: [1, 2], none: '' });
  });

  it('tells entries that it does not take, and takes the others', async () => {
    const { Entries, FailedEntryCount } = await events.send(new PutEventsCommand({ Entries: [
      { Source: 'a', DetailType: 'b', Detail: '[1]' }, { Source: 'aws.s3', DetailType: 'b', Detail: '{}' }, { Source: 'a', DetailType: 'b', Detail: '{}' }, { Source: 'a', Detail: '{}' },
    ] }));
    expect(FailedEntryCount).toBe(3);
    expect(Entries!.map((entry) => entry.ErrorCode)).toEqual(['MalformedDetail', 'NotAuthorizedForSourceException', undefined, 'InvalidArgument']);
    await expect(events.send(new PutEventsCommand({ Entries: [] }))).rejects.toMatchObject({ name: 'ValidationException' });
  });

  it('keeps rules: described, listed, disabled, with targets that are put and removed', async () => {
    const { url, arn } = await queue();
    const source = target.unique('shop');
    const Name = await rule({ source: [source] }, { Arn: arn });
    expect(await events.send(new DescribeRuleCommand({ Name }))).toMatchObject({ Name, State: 'ENABLED', EventBusName: 'default', EventPattern: JSON.stringify({ source: [source] }), Arn: expect.stringMatching(`:rule/${Name}$`) as string });
    expect((await events.send(new ListRulesCommand({ NamePrefix: Name }))).Rules!.map((each) => each.Name)).toEqual([Name]);
    expect((await events.send(new ListRuleNamesByTargetCommand({ TargetArn: arn }))).RuleNames).toEqual([Name]);
    expect((await events.send(new ListTargetsByRuleCommand({ Rule: Name }))).Targets).toEqual([{ Id: 't0', Arn: arn }]);
    await events.send(new TagResourceCommand({ ResourceARN: (await events.send(new DescribeRuleCommand({ Name }))).Arn, Tags: [{ Key: 'a', Value: '1' }] }));
    await events.send(new PutRuleCommand({ Name, EventPattern: JSON.stringify({ source: [source] }), Description: 'changed' }));
    expect((await events.send(new ListTagsForResourceCommand({ ResourceARN: (await events.send(new DescribeRuleCommand({ Name }))).Arn }))).Tags).toEqual([{ Key: 'a', Value: '1' }]);

    await events.send(new DisableRuleCommand({ Name }));
    await put(source, { n: 1 });
    await events.send(new EnableRuleCommand({ Name }));
    await put(source, { n: 2 });
    expect((await body(url))['detail']).toEqual({ n: 2 });

    await expect(events.send(new DeleteRuleCommand({ Name }))).rejects.toMatchObject({ name: 'ValidationException' });
    expect((await events.send(new RemoveTargetsCommand({ Rule: Name, Ids: ['t0', 'other'] }))).FailedEntryCount).toBe(1);
    await events.send(new DeleteRuleCommand({ Name }));
    await expect(events.send(new DescribeRuleCommand({ Name }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await events.send(new DeleteRuleCommand({ Name }));
  });

  it('refuses bad rules', async () => {
    const bad = (more: object) => expect(events.send(new PutRuleCommand({ Name: target.unique('bad'), ...more }))).rejects;
    await bad({ EventPattern: '{' }).toMatchObject({ name: 'InvalidEventPatternException' });
    await bad({ EventPattern: '{"source":"a"}' }).toMatchObject({ name: 'InvalidEventPatternException' });
    await bad({ EventPattern: '{"source":[{"sounds-like":"a"}]}' }).toMatchObject({ name: 'InvalidEventPatternException' });
    await bad({}).toMatchObject({ name: 'ValidationException' });
    await bad({ ScheduleExpression: 'rate(0 minutes)' }).toMatchObject({ name: 'ValidationException' });
    await bad({ EventPattern: '{"source":["a"]}', EventBusName: 'nowhere' }).toMatchObject({ name: 'ResourceNotFoundException' });
  });

  it('keeps buses apart', async () => {
    const { url, arn } = await queue();
    const [bus, source] = [target.unique('bus'), target.unique('shop')];
    const Name = target.unique('rule');
    await events.send(new CreateEventBusCommand({ Name: bus }));
    await expect(events.send(new CreateEventBusCommand({ Name: bus }))).rejects.toMatchObject({ name: 'ResourceAlreadyExistsException' });
    await events.send(new PutRuleCommand({ Name, EventBusName: bus, EventPattern: JSON.stringify({ source: [source] }) }));
    await events.send(new PutTargetsCommand({ Rule: Name, EventBusName: bus, Targets: [{ Id: 'a', Arn: arn }] }));
    const { Arn: busArn } = await events.send(new DescribeEventBusCommand({ Name: bus }));
    await put(source, { on: 'default' });
    await put(source, { on: 'bus' }, { EventBusName: busArn });
    expect((await body(url))['detail']).toEqual({ on: 'bus' });
    expect((await events.send(new ListEventBusesCommand({ NamePrefix: bus }))).EventBuses).toHaveLength(1);
    await expect(events.send(new DeleteEventBusCommand({ Name: bus }))).rejects.toMatchObject({ name: 'ValidationException' });
    await events.send(new RemoveTargetsCommand({ Rule: Name, EventBusName: bus, Ids: ['a'] }));
    await events.send(new DeleteRuleCommand({ Name, EventBusName: bus }));
    await events.send(new DeleteEventBusCommand({ Name: bus }));
  });

  it('puts what reaches no target into the dead-letter queue, with the reason', async () => {
    const dead = await queue();
    const source = target.unique('shop');
    const Arn = `${dead.arn}-gone`;
    const Name = await rule({ source: [source] }, { Arn, DeadLetterConfig: { Arn: dead.arn } });
    await put(source, { n: 1 });
    const { Body, MessageAttributes = {} } = await message(dead.url);
    expect(JSON.parse(Body!)).toMatchObject({ source, detail: { n: 1 } });
    const attributes = Object.fromEntries(Object.entries(MessageAttributes).map(([name, value]) => [name, value.StringValue]));
    expect(attributes).toMatchObject({ TARGET_ARN: Arn, ERROR_CODE: expect.stringMatching(/^NO_(RESOURCE|PERMISSIONS)$/) as string, RULE_ARN: expect.stringMatching(`:rule/${Name}$`) as string });
  });

  it.each<[string, object, object, boolean]>([
    ['prefix', { a: [{ prefix: 'or' }] }, { a: 'order' }, true],
    ['prefix, case ignored', { a: [{ prefix: { 'equals-ignore-case': 'OR' } }] }, { a: 'order' }, true],
    ['suffix', { a: [{ suffix: '.csv' }] }, { a: 'x.txt' }, false],
    ['anything but', { a: [{ 'anything-but': ['x', 'y'] }] }, { a: 'x' }, false],
    ['anything but a suffix', { a: [{ 'anything-but': { suffix: '.csv' } }] }, { a: 'x.txt' }, true],
    ['numeric range', { a: [{ numeric: ['>', 0, '<=', 5] }] }, { a: 5 }, true],
    ['exists', { a: [{ exists: false }] }, { b: 1 }, true],
    ['case ignored', { a: [{ 'equals-ignore-case': 'AbC' }] }, { a: 'aBc' }, true],
    ['wildcard', { a: [{ wildcard: 'x*z' }] }, { a: 'xyyz' }, true],
    ['an address in a network', { a: [{ cidr: '10.0.0.0/24' }] }, { a: '10.0.0.7' }, true],
    ['an address outside of it', { a: [{ cidr: '10.0.0.0/24' }] }, { a: '10.0.1.7' }, false],
    ['one of several', { $or: [{ a: ['1'] }, { b: ['2'] }] }, { b: '2' }, true],
    ['a list in the event', { a: ['x'] }, { a: ['y', 'x'] }, true],
  ])('TestEventPattern: %s', async (_name, detail, given, Result) => {
    const Event = JSON.stringify({ id: '1', account: '1', source: 's', time: '2026-01-01T00:00:00Z', region: 'eu-west-1', resources: [], 'detail-type': 't', detail: given });
    expect(await events.send(new TestEventPatternCommand({ EventPattern: JSON.stringify({ detail }), Event }))).toMatchObject({ Result });
  });

  it('tells every change of an execution\'s status', async () => {
    const states = new SFNClient(target.client);
    const { url, arn } = await queue();
    const role = target.unique('role');
    const roleArn = await makeRole(target, role, ['states.amazonaws.com'], ['sqs:SendMessage']);
    const definition = { StartAt: 'A', States: { A: { Type: 'Choice', Choices: [{ Variable: '$.fail', IsPresent: true, Next: 'F' }], Default: 'S' }, F: { Type: 'Fail', Error: 'E', Cause: 'c' }, S: { Type: 'Succeed' } } };
    const { stateMachineArn } = await states.send(new CreateStateMachineCommand({ name: target.unique('machine'), roleArn, definition: JSON.stringify(definition) }));
    await rule({ source: ['aws.states'], 'detail-type': ['Step Functions Execution Status Change'], detail: { stateMachineArn: [stateMachineArn] } }, { Arn: arn });
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, name: 'one', input: '{"fail":1}' }));
    const told = [await body(url), await body(url)].sort((one, other) => ((one['detail'] as { status: string }).status < (other['detail'] as { status: string }).status ? 1 : -1));
    expect(told.map((event) => (event['detail'] as { status: string }).status)).toEqual(['RUNNING', 'FAILED']);
    expect(told[1]).toMatchObject({
      source: 'aws.states', 'detail-type': 'Step Functions Execution Status Change', resources: [executionArn],
      detail: { executionArn, stateMachineArn, name: 'one', status: 'FAILED', startDate: expect.any(Number) as number, stopDate: expect.any(Number) as number, input: '{"fail":1}', inputDetails: { included: true }, output: null, outputDetails: null, error: 'E', cause: 'c' },
    });
    await states.send(new DeleteStateMachineCommand({ stateMachineArn }));
    await removeRole(target, role);
  });
});
