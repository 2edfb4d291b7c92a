import {
  CloudFormationClient, CreateChangeSetCommand, CreateStackCommand, DeleteChangeSetCommand, DeleteStackCommand, DescribeChangeSetCommand, DescribeStackEventsCommand, DescribeStackResourceCommand, DescribeStackResourcesCommand, DescribeStacksCommand,
  ExecuteChangeSetCommand, GetTemplateCommand, GetTemplateSummaryCommand, ListExportsCommand, ListImportsCommand, ListStackResourcesCommand, ListStacksCommand, SetStackPolicyCommand, GetStackPolicyCommand, UpdateStackCommand, UpdateTerminationProtectionCommand, ValidateTemplateCommand,
} from '@aws-sdk/client-cloudformation';
import type { CreateStackCommandInput, Stack, StackEvent } from '@aws-sdk/client-cloudformation';
import { GetFunctionConfigurationCommand, InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { PutObjectCommand, DeleteObjectCommand, DeleteBucketCommand, HeadBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeStateMachineCommand, SFNClient } from '@aws-sdk/client-sfn';
import { CreateTopicCommand, DeleteTopicCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, GetQueueUrlCommand, ReceiveMessageCommand, SetQueueAttributesCommand, SQSClient } from '@aws-sdk/client-sqs';
import { GetParameterCommand, PutParameterCommand, SSMClient } from '@aws-sdk/client-ssm';
import { conformanceTarget } from './target.ts';
import type { ConformanceTarget } from './target.ts';

jest.setTimeout(60_000);

type Resources = Readonly<Record<string, unknown>>;
interface Template { readonly Resources: Resources; readonly Outputs?: unknown; readonly Parameters?: unknown; readonly Conditions?: unknown }

let target: ConformanceTarget;
let cloud: CloudFormationClient;
let sqs: SQSClient;
let s3: S3Client;
let lambda: LambdaClient;
const made = new Set<string>();

beforeAll(async () => {
  target = await conformanceTarget();
  cloud = new CloudFormationClient(target.client);
  sqs = new SQSClient(target.client);
  lambda = new LambdaClient(target.client);
  s3 = new S3Client({ ...target.client, forcePathStyle: true });
});
afterAll(async () => {
  for (const name of [...made].reverse()) await remove(name).catch(() => undefined);
  for (const client of [cloud, sqs, lambda, s3]) client.destroy();
  await target.close();
});

const describeStack = async (name: string): Promise<Stack> => (await cloud.send(new DescribeStacksCommand({ StackName: name }))).Stacks![0]!;
/** The stack once nothing moves any more. */
async function settled(id: string): Promise<Stack> {
  for (;;) {
    const stack = await describeStack(id);
    if (!stack.StackStatus!.endsWith('_IN_PROGRESS') || stack.StackStatus === 'REVIEW_IN_PROGRESS') return stack;
    await new Promise((done) => setTimeout(done, 20));
  }
}
const body = (template: Template): string => JSON.stringify(template);
async function create(name: string, template: Template, more: Partial<CreateStackCommandInput> = {}): Promise<Stack> {
  made.add(name);
  const { StackId } = await cloud.send(new CreateStackCommand({ StackName: name, TemplateBody: body(template), Capabilities: ['CAPABILITY_NAMED_IAM'], ...more }));
  return settled(StackId!);
}
async function update(name: string, template: Template, more: Partial<CreateStackCommandInput> = {}): Promise<Stack> {
  const { StackId } = await cloud.send(new UpdateStackCommand({ StackName: name, TemplateBody: body(template), Capabilities: ['CAPABILITY_NAMED_IAM'], ...more }));
  return settled(StackId!);
}
async function remove(name: string): Promise<Stack> {
  const { StackId } = await describeStack(name);
  await cloud.send(new DeleteStackCommand({ StackName: name }));
  return settled(StackId!);
}
const outputs = (stack: Stack): Record<string, string> => Object.fromEntries((stack.Outputs ?? []).map(({ OutputKey, OutputValue }) => [OutputKey, OutputValue]));
const eventsOf = async (id: string): Promise<StackEvent[]> => ((await cloud.send(new DescribeStackEventsCommand({ StackName: id }))).StackEvents ?? []).reverse();
const told = (events: StackEvent[]): string[] => events.map((event) => `${event.LogicalResourceId} ${event.ResourceStatus}${event.ResourceStatusReason ? `: ${event.ResourceStatusReason}` : ''}`);
const queue = (properties: Record<string, unknown> = {}, more: Record<string, unknown> = {}): Record<string, unknown> => ({ Type: 'AWS::SQS::Queue', Properties: properties, ...more });
const queueExists = (name: string): Promise<boolean> => sqs.send(new GetQueueUrlCommand({ QueueName: name })).then(() => true, () => false);
const lastPart = (text: string): string => text.slice(Math.max(text.lastIndexOf('/'), text.lastIndexOf(':')) + 1);
const role = { Type: 'AWS::IAM::Role', Properties: { AssumeRolePolicyDocument: { Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: ['lambda.amazonaws.com', 'states.amazonaws.com'] }, Action: 'sts:AssumeRole' }] }, Policies: [] } };
const fn = (source: string, more: Record<string, unknown> = {}): Record<string, unknown> => ({ Type: 'AWS::Lambda::Function', Properties: { Handler: 'index.handler', Runtime: 'nodejs24.x', Role: { 'Fn::GetAtt': ['Role', 'Arn'] }, Code: { ZipFile: source }, ...more } });

describe('a stack', () => {
  it('is made in the order of its needs, told by its events, and goes in the other order', async () => {
    const name = target.unique('made');
    const template: Template = {
      Parameters: { Delay: { Type: 'Number', Default: 3, MaxValue: 900 }, Secret: { Type: 'String', NoEcho: true } },
      Conditions: { Never: { 'Fn::Equals': [{ Ref: 'Delay' }, '0'] } },
      Resources: {
        Main: queue({ DelaySeconds: { Ref: 'Delay' }, RedrivePolicy: { deadLetterTargetArn: { 'Fn::GetAtt': ['Dead', 'Arn'] }, maxReceiveCount: 4 } }),
        Dead: queue(),
        Not: queue({}, { Condition: 'Never' }),
      },
      Outputs: { Url: { Value: { Ref: 'Main' }, Description: 'where' }, Name: { Value: { 'Fn::Sub': '${AWS::StackName}-${Dead.QueueName}' }, Export: { Name: `${name}-dead` } } },
    };
    const stack = await create(name, template, { Parameters: [{ ParameterKey: 'Secret', ParameterValue: 'hidden' }, { ParameterKey: 'Delay', ParameterValue: '7' }], Tags: [{ Key: 'stage', Value: 'test' }] });
    expect(stack).toMatchObject({ StackStatus: 'CREATE_COMPLETE', StackName: name, Tags: [{ Key: 'stage', Value: 'test' }], EnableTerminationProtection: false, NotificationARNs: [], Capabilities: ['CAPABILITY_NAMED_IAM'] });
    expect(stack.Parameters).toEqual(expect.arrayContaining([{ ParameterKey: 'Secret', ParameterValue: '****' }, { ParameterKey: 'Delay', ParameterValue: '7' }]));
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: outputs(stack)['Url'], AttributeNames: ['All'] }));
    expect(Attributes).toMatchObject({ DelaySeconds: '7' });
    expect(JSON.parse(Attributes!['RedrivePolicy']!)).toMatchObject({ maxReceiveCount: 4 });

    const events = told(await eventsOf(name));
    expect(events[0]).toBe(`${name} CREATE_IN_PROGRESS: User Initiated`);
    expect(events.at(-1)).toBe(`${name} CREATE_COMPLETE`);
    expect(events.indexOf('Dead CREATE_COMPLETE')).toBeLessThan(events.indexOf('Main CREATE_IN_PROGRESS'));
    expect(events.filter((event) => event.startsWith('Not'))).toEqual([]);
    const { StackResourceSummaries } = await cloud.send(new ListStackResourcesCommand({ StackName: name }));
    expect(StackResourceSummaries!.map((each) => each.LogicalResourceId).sort()).toEqual(['Dead', 'Main']);
    const { StackResources } = await cloud.send(new DescribeStackResourcesCommand({ StackName: name, LogicalResourceId: 'Main' }));
    expect(StackResources).toMatchObject([{ PhysicalResourceId: outputs(stack)['Url'], ResourceType: 'AWS::SQS::Queue', ResourceStatus: 'CREATE_COMPLETE', StackId: stack.StackId }]);
    await expect(cloud.send(new DescribeStackResourceCommand({ StackName: name, LogicalResourceId: 'Nobody' }))).rejects.toThrow(`Resource Nobody does not exist for stack ${name}`);
    const { Exports } = await cloud.send(new ListExportsCommand({}));
    expect(Exports).toContainEqual({ ExportingStackId: stack.StackId, Name: `${name}-dead`, Value: outputs(stack)['Name'] });
    expect(JSON.parse((await cloud.send(new GetTemplateCommand({ StackName: name }))).TemplateBody!)).toEqual(template);

    expect((await remove(name)).StackStatus).toBe('DELETE_COMPLETE');
    const deleted = told(await eventsOf(stack.StackId!)).slice(events.length);
    expect(deleted.indexOf('Main DELETE_COMPLETE')).toBeLessThan(deleted.indexOf('Dead DELETE_IN_PROGRESS'));
    expect(await queueExists(lastPart(outputs(stack)['Url']!))).toBe(false);
    await expect(describeStack(name)).rejects.toMatchObject({ name: 'ValidationError', message: `Stack with id ${name} does not exist` });
    const { StackSummaries } = await cloud.send(new ListStacksCommand({ StackStatusFilter: ['DELETE_COMPLETE'] }));
    expect(StackSummaries!.some((each) => each.StackId === stack.StackId)).toBe(true);
    await cloud.send(new DeleteStackCommand({ StackName: name }));
  });

  it('changes in place, adds and removes, and says when nothing changes', async () => {
    const name = target.unique('changing');
    const named = target.unique('machine');
    const template = (over: { delay: number; memory: number; answer: string; state: string }, more: Resources = {}): Template => ({
      Resources: {
        Role: role, Queue: queue({ DelaySeconds: over.delay }),
        Function: fn(`exports.handler = async () => '${over.answer}' + process.env.EXTRA`, { MemorySize: over.memory, Environment: { Variables: { EXTRA: over.state } } }),
        Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: named, RoleArn: { 'Fn::GetAtt': ['Role', 'Arn'] }, DefinitionString: JSON.stringify({ StartAt: over.state, States: { [over.state]: { Type: 'Succeed' } } }) } },
        ...more,
      },
      Outputs: { Url: { Value: { Ref: 'Queue' } }, Function: { Value: { Ref: 'Function' } }, Machine: { Value: { Ref: 'Machine' } } },
    });
    const first = outputs(await create(name, template({ delay: 1, memory: 128, answer: 'one', state: 'A' }, { Extra: queue() })));
    const call = async (): Promise<string> => Buffer.from((await lambda.send(new InvokeCommand({ FunctionName: first['Function'] }))).Payload!).toString();
    expect(await call()).toBe('"oneA"');
    const fresh = template({ delay: 2, memory: 256, answer: 'two', state: 'B' }, { Other: queue() });
    const stack = await update(name, fresh);
    expect(stack.StackStatus).toBe('UPDATE_COMPLETE');
    expect(outputs(stack)).toEqual(first);
    expect(await call()).toBe('"twoB"');
    expect(await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: first['Function'] }))).toMatchObject({ MemorySize: 256 });
    expect((await sqs.send(new GetQueueAttributesCommand({ QueueUrl: first['Url'], AttributeNames: ['All'] }))).Attributes).toMatchObject({ DelaySeconds: '2' });
    const states = new SFNClient(target.client);
    expect((await states.send(new DescribeStateMachineCommand({ stateMachineArn: first['Machine'] }))).definition).toContain('"B"');
    states.destroy();
    const { StackResourceSummaries } = await cloud.send(new ListStackResourcesCommand({ StackName: name }));
    expect(StackResourceSummaries!.map((each) => each.LogicalResourceId).sort()).toEqual(['Function', 'Machine', 'Other', 'Queue', 'Role']);
    await expect(cloud.send(new UpdateStackCommand({ StackName: name, TemplateBody: JSON.stringify(fresh, undefined, 2), Capabilities: ['CAPABILITY_NAMED_IAM'] }))).rejects.toMatchObject({ name: 'ValidationError', message: 'No updates are to be performed.' });
    // a property that is taken away falls back to its default
    const bare = template({ delay: 2, memory: 256, answer: 'two', state: 'B' });
    await update(name, { ...bare, Resources: { ...bare.Resources, Queue: queue() } });
    expect((await sqs.send(new GetQueueAttributesCommand({ QueueUrl: first['Url'], AttributeNames: ['All'] }))).Attributes).toMatchObject({ DelaySeconds: '0' });
  });

  it('replaces what cannot be changed, unless its name is taken by itself', async () => {
    const name = target.unique('replacing');
    const [one, two] = [target.unique('one'), target.unique('two')];
    await create(name, { Resources: { Queue: queue({ QueueName: one }) } });
    expect((await update(name, { Resources: { Queue: queue({ QueueName: two }) } })).StackStatus).toBe('UPDATE_COMPLETE');
    expect([await queueExists(one), await queueExists(two)]).toEqual([false, true]);
    expect(told(await eventsOf(name))).toContain('Queue UPDATE_IN_PROGRESS: Requested update requires the creation of a new physical resource; hence creating one.');
    const fifo = { FifoQueue: true, QueueName: `${two}.fifo` };
    await update(name, { Resources: { Queue: queue(fifo) } });
    const table = (key: string): Resources => ({ Table: { Type: 'AWS::DynamoDB::Table', Properties: { TableName: one, BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [{ AttributeName: key, AttributeType: 'S' }], KeySchema: [{ AttributeName: key, KeyType: 'HASH' }] } } });
    await update(name, { Resources: { ...table('a') } });
    const stack = await update(name, { Resources: { ...table('b') } });
    expect(stack.StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(told(await eventsOf(name)).join('\n')).toContain('CloudFormation cannot update a stack when a custom-named resource requires replacing. Rename');
  });

  it('that cannot be made is rolled back, told why, and must be deleted first', async () => {
    const name = target.unique('failing');
    const taken = target.unique('taken');
    await create(target.unique('holder'), { Resources: { Queue: queue({ QueueName: taken }) } });
    const stack = await create(name, { Resources: { First: queue({ QueueName: `${taken}-first` }), Second: queue({ QueueName: taken }, { DependsOn: 'First' }) } });
    expect(stack).toMatchObject({ StackStatus: 'ROLLBACK_COMPLETE' });
    const events = told(await eventsOf(name));
    expect(events.join('\n')).toMatch(new RegExp(`Second CREATE_FAILED: .*${taken}.* already exists`));
    expect(events).toContain(`${name} ROLLBACK_IN_PROGRESS: The following resource(s) failed to create: [Second]. Rollback requested by user.`);
    expect([await queueExists(`${taken}-first`), await queueExists(taken)]).toEqual([false, true]);
    const again = { StackName: name, TemplateBody: body({ Resources: { Queue: queue() } }) };
    await expect(cloud.send(new CreateStackCommand(again))).rejects.toMatchObject({ name: 'AlreadyExistsException', message: `Stack [${name}] already exists` });
    await expect(cloud.send(new UpdateStackCommand(again))).rejects.toThrow(`is in ROLLBACK_COMPLETE state and can not be updated.`);
    await remove(name);
    expect((await create(name, { Resources: { Queue: queue() } })).StackStatus).toBe('CREATE_COMPLETE');
    const gone = await create(target.unique('failing'), { Resources: { Queue: queue({ QueueName: taken }) } }, { OnFailure: 'DELETE' });
    expect(gone.StackStatus).toBe('DELETE_COMPLETE');
  });

  it('whose update fails is again what it was', async () => {
    const name = target.unique('undone');
    const taken = target.unique('taken');
    await create(target.unique('holder'), { Resources: { Queue: queue({ QueueName: taken }) } });
    const resources = { Role: role, Function: fn('exports.handler = async () => 1', { MemorySize: 128 }), Queue: queue({ DelaySeconds: 1 }), Leaving: queue() };
    const Outputs = { Url: { Value: { Ref: 'Queue' } }, Function: { Value: { Ref: 'Function' } } };
    const before = outputs(await create(name, { Resources: resources, Outputs }));
    const stack = await update(name, { Outputs, Resources: { Role: role, Function: fn('exports.handler = async () => 2', { MemorySize: 256 }), Queue: queue({ DelaySeconds: 5 }), Made: queue({ QueueName: `${taken}-made` }), Wrong: queue({ QueueName: taken }, { DependsOn: ['Made', 'Queue', 'Function'] }) } });
    expect(stack).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE' });
    expect(outputs(stack)).toEqual(before);
    expect(told(await eventsOf(name)).join('\n')).toMatch(/Wrong CREATE_FAILED: .*already exists/);
    expect((await sqs.send(new GetQueueAttributesCommand({ QueueUrl: before['Url'], AttributeNames: ['All'] }))).Attributes).toMatchObject({ DelaySeconds: '1' });
    expect(await lambda.send(new GetFunctionConfigurationCommand({ FunctionName: before['Function'] }))).toMatchObject({ MemorySize: 128 });
    expect(await queueExists(`${taken}-made`)).toBe(false);
    expect((await cloud.send(new ListStackResourcesCommand({ StackName: name }))).StackResourceSummaries!.map((each) => each.LogicalResourceId).sort()).toEqual(['Function', 'Leaving', 'Queue', 'Role']);
    expect((await update(name, { Outputs, Resources: { ...resources, Queue: queue({ DelaySeconds: 2 }) } })).StackStatus).toBe('UPDATE_COMPLETE');
  });

  it('keeps what is to be retained, and stays when a bucket is not empty', async () => {
    const name = target.unique('kept');
    const [kept, full] = [target.unique('kept-bucket'), target.unique('full-bucket')];
    const bucket = (BucketName: string, more: object = {}): object => ({ Type: 'AWS::S3::Bucket', Properties: { BucketName }, ...more });
    await create(name, { Resources: { Kept: bucket(kept, { DeletionPolicy: 'Retain' }), Full: bucket(full), Queue: queue() } });
    await s3.send(new PutObjectCommand({ Bucket: full, Key: 'a', Body: 'x' }));
    const stack = await remove(name);
    expect(stack).toMatchObject({ StackStatus: 'DELETE_FAILED', StackStatusReason: 'The following resource(s) failed to delete: [Full]. ' });
    expect(told(await eventsOf(stack.StackId!)).join('\n')).toMatch(/Full DELETE_FAILED: The bucket you tried to delete is not empty/);
    await s3.send(new DeleteObjectCommand({ Bucket: full, Key: 'a' }));
    expect((await remove(name)).StackStatus).toBe('DELETE_COMPLETE');
    await s3.send(new HeadBucketCommand({ Bucket: kept }));
    await expect(s3.send(new HeadBucketCommand({ Bucket: full }))).rejects.toThrow();
    expect((await create(name, { Resources: { Kept: bucket(kept) } })).StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(told(await eventsOf(name)).join('\n')).toMatch(new RegExp(`Kept CREATE_FAILED: ${kept} already exists`));
    await s3.send(new DeleteBucketCommand({ Bucket: kept }));
  });

  it('can be protected', async () => {
    const name = target.unique('protected');
    await create(name, { Resources: { Queue: queue() } }, { EnableTerminationProtection: true });
    await expect(cloud.send(new DeleteStackCommand({ StackName: name }))).rejects.toThrow(`Stack [${name}] cannot be deleted while TerminationProtection is enabled`);
    await cloud.send(new UpdateTerminationProtectionCommand({ StackName: name, EnableTerminationProtection: false }));
    const policy = JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: '*', Action: 'Update:*', Resource: '*' }, { Effect: 'Deny', Principal: '*', Action: 'Update:Modify', Resource: 'LogicalResourceId/Queue' }] });
    await cloud.send(new SetStackPolicyCommand({ StackName: name, StackPolicyBody: policy }));
    expect((await cloud.send(new GetStackPolicyCommand({ StackName: name }))).StackPolicyBody).toBe(policy);
    expect((await update(name, { Resources: { Queue: queue({ DelaySeconds: 1 }) } })).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(told(await eventsOf(name)).join('\n')).toMatch(/Queue UPDATE_FAILED: Action denied by stack policy/);
    expect((await update(name, { Resources: { Queue: queue(), Other: queue() } })).StackStatus).toBe('UPDATE_COMPLETE');
    expect((await remove(name)).StackStatus).toBe('DELETE_COMPLETE');
  });
});

it('the last template and values of parameters can be used again; topics are told of events', async () => {
  const name = target.unique('again');
  const sns = new SNSClient(target.client);
  const { TopicArn } = await sns.send(new CreateTopicCommand({ Name: name }));
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
  const queueArn = (await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }))).Attributes!['QueueArn']!;
  await sqs.send(new SetQueueAttributesCommand({ QueueUrl, Attributes: { Policy: JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: queueArn }] }) } }));
  await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: queueArn, Attributes: { RawMessageDelivery: 'true' } }));
  const template: Template = { Parameters: { A: { Type: 'String' }, B: { Type: 'String', Default: '0' } }, Resources: { Q: queue({ DelaySeconds: { Ref: 'A' }, VisibilityTimeout: { Ref: 'B' } }) }, Outputs: { Both: { Value: { 'Fn::Sub': '${A} ${B}' } } } };
  const value = (ParameterKey: string, ParameterValue: string) => ({ ParameterKey, ParameterValue });
  expect(outputs(await create(name, template, { Parameters: [value('A', '5')], NotificationARNs: [TopicArn!] }))).toEqual({ Both: '5 0' });
  const { StackId } = await cloud.send(new UpdateStackCommand({ StackName: name, UsePreviousTemplate: true, Parameters: [{ ParameterKey: 'A', UsePreviousValue: true }, value('B', '9')] }));
  expect(outputs(await settled(StackId!))).toEqual({ Both: '5 9' });
  const heard: string[] = [];
  for (let round = 0; round < 10 && !heard.some((each) => each.includes("ResourceStatus='UPDATE_COMPLETE'")); round += 1) {
    heard.push(...((await sqs.send(new ReceiveMessageCommand({ QueueUrl, MaxNumberOfMessages: 10, WaitTimeSeconds: 2 }))).Messages ?? []).map((message) => message.Body!));
  }
  expect(heard.join()).toContain("ResourceStatus='CREATE_COMPLETE'\nResourceStatusReason=''\nResourceType='AWS::CloudFormation::Stack'");
  await sqs.send(new DeleteQueueCommand({ QueueUrl }));
  await sns.send(new DeleteTopicCommand({ TopicArn }));
  sns.destroy();
});

describe('exports and imports', () => {
  it('hold stacks together', async () => {
    const [giver, taker, name] = [target.unique('giver'), target.unique('taker'), target.unique('export')];
    const giving = (value: string): Template => ({ Resources: { Queue: queue() }, Outputs: { It: { Value: value, Export: { Name: name } } } });
    const taking: Template = { Resources: { Parameter: { Type: 'AWS::SSM::Parameter', Properties: { Type: 'String', Value: { 'Fn::ImportValue': name } } } }, Outputs: { Name: { Value: { Ref: 'Parameter' } } } };
    const early = await create(taker, taking);
    expect(early.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(told(await eventsOf(taker)).join('\n')).toContain(`No export named ${name} found.`);
    await remove(taker);
    await create(giver, giving('one'));
    const twice = await create(target.unique('twice'), giving('one'));
    expect(twice.StackStatus).toBe('ROLLBACK_COMPLETE');
    const taken = await create(taker, taking);
    const ssm = new SSMClient(target.client);
    expect((await ssm.send(new GetParameterCommand({ Name: outputs(taken)['Name'] }))).Parameter).toMatchObject({ Value: 'one' });
    ssm.destroy();
    expect((await cloud.send(new ListImportsCommand({ ExportName: name }))).Imports).toEqual([taker]);
    expect((await update(giver, giving('two'))).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(told(await eventsOf(giver)).join('\n')).toContain(`Export ${name} cannot be updated as it is in use by ${taker}`);
    expect((await update(giver, { Resources: { Queue: queue({ DelaySeconds: 1 }) } })).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(await remove(giver)).toMatchObject({ StackStatus: 'UPDATE_ROLLBACK_COMPLETE', StackStatusReason: `Export ${name} cannot be deleted as it is in use by ${taker}` });
    await remove(taker);
    expect((await remove(giver)).StackStatus).toBe('DELETE_COMPLETE');
  });
});

describe('change sets', () => {
  it('tell what would change, and do it when they are executed', async () => {
    const name = target.unique('set');
    made.add(name);
    const propose = async (type: 'CREATE' | 'UPDATE', template: Template) => {
      await cloud.send(new CreateChangeSetCommand({ StackName: name, ChangeSetName: 'next', ChangeSetType: type, TemplateBody: body(template) }));
      for (;;) {
        const found = await cloud.send(new DescribeChangeSetCommand({ StackName: name, ChangeSetName: 'next' }));
        if (!/PENDING|IN_PROGRESS/.test(found.Status!)) return found;
      }
    };
    const run = async () => {
      await cloud.send(new ExecuteChangeSetCommand({ StackName: name, ChangeSetName: 'next' }));
      return settled((await describeStack(name)).StackId!);
    };
    await propose('CREATE', { Resources: { A: queue(), B: queue({ DelaySeconds: 1 }) } });
    expect((await describeStack(name)).StackStatus).toBe('REVIEW_IN_PROGRESS');
    expect((await run()).StackStatus).toBe('CREATE_COMPLETE');
    const changed: Template = { Resources: { B: queue({ DelaySeconds: 2 }), C: queue() } };
    const { Changes } = await propose('UPDATE', changed);
    expect(Changes!.map(({ ResourceChange: change }) => `${change!.Action} ${change!.LogicalResourceId} ${change!.Replacement ?? ''}`).sort()).toEqual(['Add C ', 'Modify B False', 'Remove A ']);
    expect((await run()).StackStatus).toBe('UPDATE_COMPLETE');
    expect(await propose('UPDATE', changed)).toMatchObject({ Status: 'FAILED', StatusReason: expect.stringContaining("The submitted information didn't contain changes.") });
    await cloud.send(new DeleteChangeSetCommand({ StackName: name, ChangeSetName: 'next' }));
    await cloud.send(new DeleteChangeSetCommand({ StackName: name, ChangeSetName: 'never-was' }));
    await expect(cloud.send(new DescribeChangeSetCommand({ StackName: name, ChangeSetName: 'next' }))).rejects.toMatchObject({ name: 'ChangeSetNotFoundException' });
  });
});

describe('custom resources', () => {
  it('are created once, updated with what was, replaced when their id changes, deleted at the end', async () => {
    const name = target.unique('custom');
    const source = `exports.handler = async (event) => {
        const line = [event.RequestType, event.PhysicalResourceId ?? '-', event.OldResourceProperties?.Value ?? '-', event.ResourceProperties.Value].join(' ');
        const failed = event.ResourceProperties.Value === 'bad' && event.RequestType !== 'Delete';
        await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify({ Status: failed ? 'FAILED' : 'SUCCESS', Reason: 'asked to: ' + line, PhysicalResourceId: event.ResourceProperties.Id, StackId: event.StackId, RequestId: event.RequestId, LogicalResourceId: event.LogicalResourceId, Data: { Line: line } }) });
      };`;
    const template = (Value: string, Id: string): Template => ({ Resources: { Role: role, Function: fn(source), It: { Type: 'Custom::It', Properties: { ServiceToken: { 'Fn::GetAtt': ['Function', 'Arn'] }, Value, Id } } }, Outputs: { Line: { Value: { 'Fn::GetAtt': ['It', 'Line'] } }, Id: { Value: { Ref: 'It' } } } });
    expect(outputs(await create(name, template('1', 'a')))).toEqual({ Line: 'Create - - 1', Id: 'a' });
    expect(outputs(await update(name, template('2', 'a')))).toEqual({ Line: 'Update a 1 2', Id: 'a' });
    expect(outputs(await update(name, template('3', 'b')))).toEqual({ Line: 'Update a 2 3', Id: 'b' });
    const events = await eventsOf(name);
    expect(events.some((event) => event.LogicalResourceId === 'It' && event.PhysicalResourceId === 'a' && event.ResourceStatus === 'DELETE_COMPLETE')).toBe(true);
    expect((await update(name, template('bad', 'b'))).StackStatus).toBe('UPDATE_ROLLBACK_COMPLETE');
    expect(told(await eventsOf(name)).join('\n')).toContain('It UPDATE_FAILED: Received response status [FAILED] from custom resource. Message returned: asked to: Update b 3 bad');
    expect((await remove(name)).StackStatus).toBe('DELETE_COMPLETE');
  });
});

describe('what the specification knows to be wrong', () => {
  const refused = (template: unknown, more: Partial<CreateStackCommandInput> = {}): Promise<unknown> =>
    cloud.send(new CreateStackCommand({ StackName: target.unique('refused'), TemplateBody: typeof template === 'string' ? template : JSON.stringify(template), ...more }));

  it.each<[string, unknown, string]>([
    ['no resources', { Resources: {} }, 'Template format error: At least one Resources member must be defined.'],
    ['an unknown section', { Resources: { Q: queue() }, Extra: 1 }, 'Invalid template property or properties [Extra]'],
    ['no type', { Resources: { Q: { Properties: {} } } }, 'Every Resources object must contain a Type member'],
    ['an unknown type', { Resources: { Q: { Type: 'AWS::SQS::Cue' } } }, 'Unrecognized resource types: [AWS::SQS::Cue]'],
    ['a Ref to nothing', { Resources: { Q: queue({ QueueName: { Ref: 'Nobody' } }) } }, 'Unresolved resource dependencies [Nobody] in the Resources block of the template'],
    ['GetAtt of nothing', { Resources: { Q: queue({ QueueName: { 'Fn::GetAtt': ['Nobody', 'Arn'] } }) } }, 'instance of Fn::GetAtt references undefined resource Nobody'],
    ['an unknown attribute', { Resources: { Q: queue(), R: queue({ QueueName: { 'Fn::GetAtt': ['Q', 'Arm'] } }) } }, 'resource Q does not support attribute type Arm in Fn::GetAtt'],
    ['DependsOn nothing', { Resources: { Q: queue({}, { DependsOn: 'Nobody' }) } }, 'Unresolved resource dependencies [Nobody]'],
    ['an unknown condition', { Resources: { Q: queue({}, { Condition: 'Nobody' }) } }, 'Unresolved condition dependency Nobody'],
    ['a circle', { Resources: { A: queue({}, { DependsOn: 'B' }), B: queue({}, { DependsOn: 'A' }) } }, 'Circular dependency between resources: [A, B]'],
    ['an unknown function', { Resources: { Q: queue({ QueueName: { 'Fn::Guess': 'x' } }) } }, 'Fn::Guess'],
    ['a missing parameter', { Parameters: { P: { Type: 'String' } }, Resources: { Q: queue() } }, 'Parameters: [P] must have values'],
    ['a value that is not allowed', { Parameters: { P: { Type: 'String', AllowedValues: ['a'], Default: 'b' } }, Resources: { Q: queue() } }, "Parameter 'P' must be one of AllowedValues"],
    ['501 resources', { Resources: Object.fromEntries(Array.from({ length: 501 }, (_each, at) => [`Q${at}`, { Type: 'AWS::SQS::Queue' }])) }, 'Number of resources, 501, is greater than maximum allowed, 500'],
    ['broken JSON', '{ "Resources": ', 'Template format error: JSON not well-formed.'],
  ])('%s', async (_what, template, message) => {
    await expect(refused(template)).rejects.toMatchObject({ name: 'ValidationError', message: expect.stringContaining(message) });
  });

  it('a template of more than 51,200 bytes in the request, roles without leave, parameters that nobody asks for', async () => {
    await expect(refused({ Resources: { Q: queue() }, Description: 'x'.repeat(51_200) })).rejects.toThrow('less than or equal to 51200');
    await expect(refused({ Resources: { Role: role } })).rejects.toMatchObject({ name: 'InsufficientCapabilitiesException', message: 'Requires capabilities : [CAPABILITY_IAM]' });
    await expect(refused({ Resources: { Role: { ...role, Properties: { ...role.Properties, RoleName: 'x' } } } }, { Capabilities: ['CAPABILITY_IAM'] })).rejects.toThrow('Requires capabilities : [CAPABILITY_NAMED_IAM]');
    await expect(refused({ Resources: { Q: queue() } }, { Parameters: [{ ParameterKey: 'P', ParameterValue: '1' }] })).rejects.toThrow('Parameters: [P] do not exist in the template');
    await expect(cloud.send(new DescribeStacksCommand({ StackName: 'nobody' }))).rejects.toMatchObject({ name: 'ValidationError', message: 'Stack with id nobody does not exist' });
  });

  it.each<[string, Resources, RegExp]>([
    ['an unknown property', { Q: queue({ Delay: 1 }) }, /Q CREATE_FAILED: Properties validation failed for resource Q with message:\n#: extraneous key \[Delay\] is not permitted/],
    ['a required one that is missing', { M: { Type: 'AWS::Lambda::EventSourceMapping', Properties: {} } }, /M CREATE_FAILED: .*\n#: required key \[FunctionName\] not found/],
    ['a value of the wrong type', { Q: queue({ DelaySeconds: 'soon' }) }, /Q CREATE_FAILED: .*\n#\/DelaySeconds: must be a number/],
  ])('%s fails the resource', async (_what, resources, event) => {
    const stack = await create(target.unique('faulty'), { Resources: resources });
    expect(stack.StackStatus).toBe('ROLLBACK_COMPLETE');
    expect(told(await eventsOf(stack.StackId!)).join('\n')).toMatch(event);
  });

  it('and what is right is summed up, also in YAML', async () => {
    const yaml = "Description: two\nParameters:\n  P: { Type: String, Default: a }\nResources:\n  Q:\n    Type: AWS::SQS::Queue\n  T:\n    Type: AWS::SNS::Topic\n    Properties:\n      TopicName: !Sub '${AWS::StackName}-${P}'\n      DisplayName: !Join ['-', [a, !GetAtt Q.QueueName]]\n";
    expect(await cloud.send(new ValidateTemplateCommand({ TemplateBody: yaml }))).toMatchObject({ Description: 'two', Parameters: [{ ParameterKey: 'P', DefaultValue: 'a', NoEcho: false }] });
    expect(await cloud.send(new GetTemplateSummaryCommand({ TemplateBody: yaml }))).toMatchObject({ ResourceTypes: ['AWS::SQS::Queue', 'AWS::SNS::Topic'] });
    const name = target.unique('yaml');
    made.add(name);
    await cloud.send(new CreateStackCommand({ StackName: name, TemplateBody: yaml }));
    expect((await settled(name)).StackStatus).toBe('CREATE_COMPLETE');
    const { StackResources } = await cloud.send(new DescribeStackResourcesCommand({ StackName: name, LogicalResourceId: 'T' }));
    expect(StackResources![0]!.PhysicalResourceId).toMatch(new RegExp(`:${name}-a$`));
  });

  it('parameters of SSM give their stored value', async () => {
    const ssm = new SSMClient(target.client);
    const [name, stored] = [target.unique('stored'), `/${target.unique('stored')}`];
    await ssm.send(new PutParameterCommand({ Name: stored, Type: 'String', Value: '11' }));
    const template: Template = { Parameters: { P: { Type: 'AWS::SSM::Parameter::Value<String>', Default: stored } }, Resources: { Q: queue({ DelaySeconds: { Ref: 'P' } }) }, Outputs: { P: { Value: { Ref: 'P' } } } };
    expect(outputs(await create(name, template))).toEqual({ P: '11' });
    ssm.destroy();
  });
});
