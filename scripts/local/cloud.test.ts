import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CloudFormationClient, DescribeStacksCommand, ListExportsCommand, ListStackResourcesCommand } from '@aws-sdk/client-cloudformation';
import { KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { InvokeCommand, LambdaClient } from '@aws-sdk/client-lambda';
import { GetObjectCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { DescribeExecutionCommand, GetExecutionHistoryCommand, SFNClient, SendTaskSuccessCommand, StartExecutionCommand } from '@aws-sdk/client-sfn';
import { PublishCommand, SNSClient } from '@aws-sdk/client-sns';
import { SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { ListSchedulesCommand, SchedulerClient } from '@aws-sdk/client-scheduler';
import { startCloud, type CloudProcess } from './testing/cloud-process.ts';
import { writePackage } from './testing/fixture-package.ts';
import { startObserver, type Observer } from './testing/observer.ts';

const root = process.cwd();
const report = 'const tell = (what) => fetch(process.env.OBSERVER, { method: "POST", body: JSON.stringify({ by: process.env.AWS_LAMBDA_FUNCTION_NAME, ...what }) });\n';
const STATES = 'arn:aws:states:eu-west-1:000000000000:stateMachine';

const sources = {
  echo: `${report}exports.handler = async (event, context) => { if (event.fail) throw new RangeError('asked to'); if (event.spin) for (;;); return { event, name: context.functionName, key: process.env.AWS_ACCESS_KEY_ID, left: context.getRemainingTimeInMillis() > 0 }; };`,
  tell: `${report}exports.handler = async (event) => { await tell({ event }); };`,
  consume: `${report}const tries = new Map(); exports.handler = async ({ Records }) => {
    for (const { kinesis } of Records) { const data = JSON.parse(Buffer.from(kinesis.data, 'base64'));
      if (data.poison) return { batchItemFailures: [{ itemIdentifier: kinesis.sequenceNumber }] };
      const tried = tries.get(data.n) ?? 0; tries.set(data.n, tried + 1);
      if (data.once && tried === 0) return { batchItemFailures: [{ itemIdentifier: kinesis.sequenceNumber }] };
      await tell({ n: data.n, key: kinesis.partitionKey }); }
    return { batchItemFailures: [] }; };`,
  queue: `${report}exports.handler = async ({ Records }) => { for (const record of Records) await tell({ body: record.body }); };`,
  api: `${report}exports.handler = async (event) => ({ statusCode: 201, body: JSON.stringify({ id: event.pathParameters.id, q: event.queryStringParameters, v: event.version }) });`,
  made: `exports.handler = async (event) => { await fetch(event.ResponseURL, { method: 'PUT', body: JSON.stringify({ Status: 'SUCCESS', PhysicalResourceId: 'made-1', Data: { Answer: event.ResourceProperties.Question + '!' } }) }); };`,
};
const name = (fn: string): string => `shop-local-${fn}`;
const arn = (logical: string) => ({ 'Fn::GetAtt': [logical, 'Arn'] });

const machine = {
  StartAt: 'Look',
  States: {
    Look: { Type: 'Task', Resource: '${EchoFn}', ResultPath: '$.looked', ResultSelector: { 'name.$': '$.name' }, Next: 'Ask?' },
    'Ask?': { Type: 'Choice', Choices: [{ Variable: '$.ask', BooleanEquals: true, Next: 'Ask' }, { Variable: '$.fail', BooleanEquals: true, Next: 'Bad' }], Default: 'Done' },
    Ask: { Type: 'Task', Resource: 'arn:aws:states:::lambda:invoke.waitForTaskToken', Parameters: { FunctionName: '${TellFn}', Payload: { 'token.$': '$$.Task.Token' } }, ResultPath: '$.answer', TimeoutSeconds: 600, Next: 'Done' },
    Bad: { Type: 'Fail', Error: 'Asked' },
    Done: { Type: 'Succeed' },
  },
};

const resources = {
  Events: { Type: 'AWS::Kinesis::Stream', Properties: { Name: 'shop-events', ShardCount: 2 } },
  Failures: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'shop-failures' } },
  ConsumeMapping: {
    Type: 'AWS::Lambda::EventSourceMapping',
    Properties: {
      FunctionName: { Ref: 'ConsumeLambdaFunction' }, EventSourceArn: arn('Events'), BatchSize: 10, StartingPosition: 'TRIM_HORIZON', FunctionResponseTypes: ['ReportBatchItemFailures'], ParallelizationFactor: 2,
      MaximumRetryAttempts: 1, BisectBatchOnFunctionError: true, DestinationConfig: { OnFailure: { Destination: arn('Failures') } }, FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ data: { type: ['order.created'] } }) }] },
    },
  },
  Dead: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'shop-dead' } },
  Notices: { Type: 'AWS::SQS::Queue', Properties: { QueueName: 'shop-notices', RedrivePolicy: { deadLetterTargetArn: arn('Dead'), maxReceiveCount: 3 } } },
  NoticesMapping: { Type: 'AWS::Lambda::EventSourceMapping', Properties: { FunctionName: { Ref: 'QueueLambdaFunction' }, EventSourceArn: arn('Notices'), BatchSize: 5 } },
  Topic: { Type: 'AWS::SNS::Topic', Properties: { TopicName: 'shop-topic' } },
  TopicToTell: { Type: 'AWS::SNS::Subscription', Properties: { TopicArn: { Ref: 'Topic' }, Protocol: 'lambda', Endpoint: arn('TellLambdaFunction') } },
  Intake: { Type: 'AWS::S3::Bucket', Properties: { BucketName: 'shop-intake', NotificationConfiguration: { LambdaConfigurations: [{ Event: 's3:ObjectCreated:*', Function: arn('TellLambdaFunction'), Filter: { S3Key: { Rules: [{ Name: 'suffix', Value: '.csv' }] } } }] } } },
  Machine: { Type: 'AWS::StepFunctions::StateMachine', Properties: { StateMachineName: 'shop-machine', RoleArn: arn('EchoRole'), DefinitionString: { 'Fn::Sub': [JSON.stringify(machine), { EchoFn: arn('EchoLambdaFunction'), TellFn: arn('TellLambdaFunction') }] } } },
  Failed: { Type: 'AWS::Events::Rule', Properties: { EventPattern: { source: ['aws.states'], detail: { status: ['FAILED'], stateMachineArn: [{ Ref: 'Machine' }] } }, Targets: [{ Id: 'a', Arn: arn('TellLambdaFunction') }] } },
  Tick: { Type: 'AWS::Scheduler::Schedule', Properties: { Name: 'shop-tick', ScheduleExpression: 'rate(1 hour)', FlexibleTimeWindow: { Mode: 'OFF' }, Target: { Arn: arn('TellLambdaFunction'), RoleArn: arn('EchoRole'), Input: '{"tick":1}' } } },
  Api: { Type: 'AWS::ApiGatewayV2::Api', Properties: { Name: 'shop', ProtocolType: 'HTTP' } },
  ApiIntegration: { Type: 'AWS::ApiGatewayV2::Integration', Properties: { ApiId: { Ref: 'Api' }, IntegrationType: 'AWS_PROXY', IntegrationUri: arn('ApiLambdaFunction'), PayloadFormatVersion: '2.0' } },
  ApiRoute: { Type: 'AWS::ApiGatewayV2::Route', Properties: { ApiId: { Ref: 'Api' }, RouteKey: 'GET /orders/{id}', Target: { 'Fn::Join': ['/', ['integrations', { Ref: 'ApiIntegration' }]] } } },
  ...Object.fromEntries([['Tell', 'sns'], ['Tell', 's3'], ['Tell', 'events'], ['Api', 'apigateway']].map(([fn, service]) => [`${service}May${fn}`, { Type: 'AWS::Lambda::Permission', Properties: { FunctionName: arn(`${fn}LambdaFunction`), Action: 'lambda:InvokeFunction', Principal: `${service}.amazonaws.com` } }])),
  Made: { Type: 'Custom::Made', Properties: { ServiceToken: arn('MadeLambdaFunction'), Question: 'really' } },
};
const outputs = { Outputs: { Answer: { Value: { 'Fn::GetAtt': ['Made', 'Answer'] }, Export: { Name: 'shop-answer' } }, Stream: { Value: arn('Events') } } };

let folder: string;
let observer: Observer;
let cloud: CloudProcess;
const clients = () => {
  const common = { region: 'eu-west-1', endpoint: cloud.endpoint, credentials: { accessKeyId: 'local', secretAccessKey: 'local' } };
  return { kinesis: new KinesisClient(common), lambda: new LambdaClient(common), s3: new S3Client({ ...common, forcePathStyle: true }), states: new SFNClient(common), sns: new SNSClient(common), sqs: new SQSClient(common), cloudFormation: new CloudFormationClient(common), scheduler: new SchedulerClient(common) };
};
let aws: ReturnType<typeof clients>;
const boot = async () => {
  cloud = await startCloud(root, join(folder, 'data'), join(folder, 'packages'));
  aws = clients();
};
const admin = async (path: string) => (await (await fetch(`${cloud.endpoint}/_local/${path}`)).json()) as Record<string, unknown>;
const put = (records: object[]) => aws.kinesis.send(new PutRecordsCommand({ StreamName: 'shop-events', Records: records.map((data) => ({ PartitionKey: (data as { key?: string }).key ?? 'k', Data: Buffer.from(JSON.stringify({ type: 'order.created', ...data })) })) }));

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'cloud-'));
  observer = await startObserver();
  writePackage(join(folder, 'packages'), 'shop', sources, resources, outputs);
  const template = join(folder, 'packages/shop/cloudformation-template-update-stack.json');
  writeFileSync(template, readFileSync(template, 'utf8').replaceAll('{{observer}}', observer.url));
  await boot();
});
afterAll(async () => {
  await cloud.stop('SIGTERM');
  observer.close();
  rmSync(folder, { recursive: true, force: true });
});

test('a function is invoked with its own identity; errors and time-outs are reported as Lambda does', async () => {
  const invoke = (payload: object) => aws.lambda.send(new InvokeCommand({ FunctionName: name('echo'), Payload: Buffer.from(JSON.stringify(payload)), LogType: 'Tail' }));
  const good = await invoke({ a: 1 });
  expect(JSON.parse(Buffer.from(good.Payload!).toString())).toEqual({ event: { a: 1 }, name: name('echo'), key: name('echo'), left: true });
  const bad = await invoke({ fail: true });
  expect(bad.FunctionError).toBe('Unhandled');
  expect(JSON.parse(Buffer.from(bad.Payload!).toString())).toMatchObject({ errorType: 'RangeError', errorMessage: 'asked to' });
  expect(Buffer.from((await invoke({ spin: true })).Payload!).toString()).toContain('Task timed out after 3.00 seconds');
  await expect(aws.lambda.send(new InvokeCommand({ FunctionName: 'nobody' }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
});

test('a stream is read by its filter, in order of a key, and only the failed part again; poison ends in the bucket', async () => {
  await put([{ n: 1, key: 'a' }, { n: 2, key: 'a', once: true }, { n: 3, key: 'a' }, { n: 90, key: 'b', type: 'other' }, { n: 4, key: 'b' }, { n: 66, key: 'c', poison: true }]);
  await observer.untilAll((all) => [1, 2, 3, 4].every((n) => all.some((each) => (each as { n?: number }).n === n)));
  const ofA = observer.seen.filter((each) => (each as { key?: string }).key === 'a').map((each) => (each as { n: number }).n);
  expect(ofA).toEqual([1, 2, 3]);
  for (;;) if ((await admin('idle'))['records'] === 0) break;
  const { Contents = [] } = await aws.s3.send(new ListObjectsV2Command({ Bucket: 'shop-failures' }));
  expect(Contents).toHaveLength(1);
  expect(Contents[0]!.Key).toMatch(/^aws\/lambda\/[0-9a-f-]{36}\/shardId-\d{12}\/\d{4}\/\d\d\/\d\d\/\d{4}-\d\d-\d\dT\d\d\.\d\d\.\d\d-[0-9a-f-]{36}$/);
  const kept = JSON.parse(await (await aws.s3.send(new GetObjectCommand({ Bucket: 'shop-failures', Key: Contents[0]!.Key }))).Body!.transformToString()) as { requestContext: object; KinesisBatchInfo: object; payload: string };
  expect(kept).toMatchObject({ requestContext: { condition: 'RetryAttemptsExhausted', approximateInvokeCount: 2 }, KinesisBatchInfo: { batchSize: 1 } });
  const [record] = (JSON.parse(kept.payload) as { Records: { kinesis: { data: string } }[] }).Records;
  expect(JSON.parse(Buffer.from(record!.kinesis.data, 'base64').toString())).toMatchObject({ n: 66 });
});

test('queues, topics, buckets, schedules and HTTP APIs reach their functions', async () => {
  await aws.sqs.send(new SendMessageCommand({ QueueUrl: `${cloud.endpoint}/000000000000/shop-notices`, MessageBody: 'notice' }));
  await aws.sns.send(new PublishCommand({ TopicArn: 'arn:aws:sns:eu-west-1:000000000000:shop-topic', Message: 'word' }));
  await aws.s3.send(new PutObjectCommand({ Bucket: 'shop-intake', Key: 'a b.csv', Body: 'x' }));
  await fetch(`${cloud.endpoint}/_local/schedules/run`, { method: 'POST', body: JSON.stringify({ name: 'shop-tick' }) });
  await observer.until<{ body?: string }>((each) => each.body === 'notice');
  await observer.until<{ event?: { Records?: { Sns?: { Message: string } }[] } }>((each) => each.event?.Records?.[0]?.Sns?.Message === 'word');
  await observer.until<{ event?: { Records?: { s3?: { object: { key: string } } }[] } }>((each) => each.event?.Records?.[0]?.s3?.object.key === 'a+b.csv');
  await observer.until<{ event?: { tick?: number } }>((each) => each.event?.tick === 1);
  const answer = await fetch(`${cloud.apis['shop-local']}/orders/7?x=1`);
  expect([answer.status, await answer.json()]).toEqual([201, { id: '7', q: { x: '1' }, v: '2.0' }]);
  expect((await aws.scheduler.send(new ListSchedulesCommand({}))).Schedules!.map((each) => each.Name)).toEqual(['shop-tick']);
});

test('CloudFormation answers what the framework asks', async () => {
  const { Stacks } = await aws.cloudFormation.send(new DescribeStacksCommand({ StackName: 'shop-local' }));
  expect(Stacks![0]!.Outputs).toContainEqual(expect.objectContaining({ OutputKey: 'Answer', OutputValue: 'really!' }));
  const { StackResourceSummaries } = await aws.cloudFormation.send(new ListStackResourcesCommand({ StackName: 'shop-local' }));
  expect(StackResourceSummaries).toContainEqual(expect.objectContaining({ LogicalResourceId: 'Events', PhysicalResourceId: 'shop-events' }));
  expect((await aws.cloudFormation.send(new ListExportsCommand({}))).Exports).toContainEqual(expect.objectContaining({ Name: 'shop-answer', Value: 'really!' }));
});

test('a failed execution reaches the rule; a token, open through a kill of everything, is answered after it; the stream goes on', async () => {
  const start = async (id: string, input: object) => (await aws.states.send(new StartExecutionCommand({ stateMachineArn: `${STATES}:shop-machine`, name: id, input: JSON.stringify(input) }))).executionArn!;
  await start('bad', { fail: true });
  await observer.until<{ event?: { detail?: { name: string; status: string } } }>((each) => each.event?.detail?.name === 'bad' && each.event.detail.status === 'FAILED');
  const asked = await start('ask', { ask: true });
  const { event } = await observer.until<{ event: { token?: string } | undefined }>((each) => each.event?.token !== undefined);
  // the task counts as submitted only when its function's answer is on disk: a kill before that runs the function again
  const submitted = async () => (await aws.states.send(new GetExecutionHistoryCommand({ executionArn: asked }))).events!.some((each) => each.type === 'TaskSubmitted');
  while (!(await submitted()));

  await cloud.stop('SIGKILL');
  await boot();
  await aws.states.send(new SendTaskSuccessCommand({ taskToken: event?.token, output: '"yes"' }));
  await put([{ n: 5, key: 'a' }]);
  await observer.until<{ n?: number }>((each) => each.n === 5);
  for (;;) if ((await admin('idle'))['idle'] === true) break;
  const done = await aws.states.send(new DescribeExecutionCommand({ executionArn: asked }));
  expect(done).toMatchObject({ status: 'SUCCEEDED' });
  expect(JSON.parse(done.output!)).toMatchObject({ ask: true, answer: 'yes', looked: { name: name('echo') } });
  const { events } = await aws.states.send(new GetExecutionHistoryCommand({ executionArn: asked }));
  expect(events!.map((each) => each.type)).toEqual(expect.arrayContaining(['ExecutionStarted', 'TaskStateEntered', 'LambdaFunctionSucceeded', 'TaskSubmitted', 'TaskSucceeded', 'ExecutionSucceeded']));
  expect(observer.seen.filter((each) => (each as { event?: { token?: string } }).event?.token !== undefined)).toHaveLength(1);
  expect(observer.seen.filter((each) => (each as { n?: number }).n === 1)).toHaveLength(1);
});

test('it stops within four seconds', async () => {
  const { code, ms } = await cloud.stop('SIGTERM');
  expect(code).toBe(0);
  expect(ms).toBeLessThan(4000);
  await boot();
});

test('a type that nobody knows stops the deployment before anything is made', async () => {
  const packages = join(folder, 'other');
  writePackage(packages, 'odd', {}, { Thing: { Type: 'AWS::Unheard::Of', Properties: {} } });
  await expect(startCloud(root, join(folder, 'other-data'), packages)).rejects.toThrow('odd-local: Template format error: Unrecognized resource types: [AWS::Unheard::Of]');
});
