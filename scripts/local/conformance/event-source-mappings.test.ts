import { CloudWatchClient, GetMetricStatisticsCommand } from '@aws-sdk/client-cloudwatch';
import { CloudWatchLogsClient, FilterLogEventsCommand } from '@aws-sdk/client-cloudwatch-logs';
import { CreateStreamCommand, DeleteStreamCommand, DescribeStreamSummaryCommand, KinesisClient, PutRecordsCommand, SplitShardCommand, waitUntilStreamExists } from '@aws-sdk/client-kinesis';
import {
  CreateEventSourceMappingCommand, CreateFunctionCommand, DeleteEventSourceMappingCommand, DeleteFunctionCommand, GetEventSourceMappingCommand, LambdaClient, ListEventSourceMappingsCommand, UpdateEventSourceMappingCommand, waitUntilFunctionActiveV2,
} from '@aws-sdk/client-lambda';
import type { CreateEventSourceMappingRequest } from '@aws-sdk/client-lambda';
import { CreateBucketCommand, DeleteBucketCommand, DeleteObjectCommand, GetObjectCommand, ListObjectsV2Command, S3Client } from '@aws-sdk/client-s3';
import { CreateQueueCommand, DeleteQueueCommand, GetQueueAttributesCommand, ReceiveMessageCommand, SendMessageBatchCommand, SQSClient } from '@aws-sdk/client-sqs';
import { strToU8, zipSync } from 'fflate';
import { makeRole, removeRole } from './role.ts';
import { conformanceTarget } from './target.ts';
import type { ConformanceTarget } from './target.ts';
import { until } from './until.ts';

/** Tells the log each batch; throws over `throw`, reports `bad` as failed. */
const CONSUMER = `exports.handler = async ({ Records }) => {
  const seen = Records.map((one) => one.kinesis ? { n: Buffer.from(one.kinesis.data, 'base64').toString(), id: one.kinesis.sequenceNumber } : { n: one.body, id: one.messageId });
  console.log('BATCH ' + JSON.stringify(seen.map(({ n }) => n)));
  if (seen.some(({ n }) => n.includes('throw'))) throw new RangeError('asked to');
  return { batchItemFailures: seen.filter(({ n }) => n.includes('bad')).map(({ id }) => ({ itemIdentifier: id })) };
};`;

let target: ConformanceTarget;
let lambda: LambdaClient;
let kinesis: KinesisClient;
let sqs: SQSClient;
let s3: S3Client;
let logs: CloudWatchLogsClient;
let role: string;
let roleName: string;
const cleanups: (() => Promise<unknown>)[] = [];

beforeAll(async () => {
  target = await conformanceTarget();
  [lambda, kinesis, sqs, logs] = [new LambdaClient({ ...target.client, maxAttempts: 1 }), new KinesisClient(target.client), new SQSClient(target.client), new CloudWatchLogsClient(target.client)];
  s3 = new S3Client({ ...target.client, forcePathStyle: true });
  roleName = target.unique('mappings');
  role = await makeRole(target, roleName, ['lambda.amazonaws.com'], ['kinesis:*', 'sqs:*', 's3:*', 'logs:*']);
});
afterAll(async () => {
  for (const clean of cleanups.reverse()) await clean().catch(() => undefined);
  await removeRole(target, roleName).catch(() => undefined);
  for (const client of [lambda, kinesis, sqs, s3, logs]) client.destroy();
  await target.close();
});

async function consumer(more: object = {}): Promise<string> {
  const FunctionName = target.unique('consumer');
  await lambda.send(new CreateFunctionCommand({ FunctionName, Role: role, Runtime: 'nodejs22.x', Handler: 'index.handler', Code: { ZipFile: zipSync({ 'index.js': strToU8(CONSUMER) }) }, Timeout: 3, ...more }));
  cleanups.push(() => lambda.send(new DeleteFunctionCommand({ FunctionName })));
  await waitUntilFunctionActiveV2({ client: lambda, maxWaitTime: 30, minDelay: 1 }, { FunctionName });
  return FunctionName;
}
async function stream(ShardCount = 1): Promise<{ name: string; arn: string }> {
  const StreamName = target.unique('events');
  await kinesis.send(new CreateStreamCommand({ StreamName, ShardCount }));
  cleanups.push(() => kinesis.send(new DeleteStreamCommand({ StreamName })));
  await waitUntilStreamExists({ client: kinesis, maxWaitTime: 60, minDelay: 1 }, { StreamName });
  const { StreamDescriptionSummary: summary } = await kinesis.send(new DescribeStreamSummaryCommand({ StreamName }));
  return { name: StreamName, arn: summary!.StreamARN! };
}
async function queue(Attributes: Record<string, string> = {}, name = target.unique('queue')): Promise<{ url: string; arn: string }> {
  const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name, Attributes }));
  cleanups.push(() => sqs.send(new DeleteQueueCommand({ QueueUrl })));
  const { Attributes: found } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ['QueueArn'] }));
  return { url: QueueUrl!, arn: found!['QueueArn']! };
}
const put = (StreamName: string, ...texts: string[]) => kinesis.send(new PutRecordsCommand({ StreamName, Records: texts.map((text) => ({ PartitionKey: 'k', Data: Buffer.from(text) })) }));
const send = (QueueUrl: string, ...texts: string[]) => sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: texts.map((MessageBody, i) => ({ Id: String(i), MessageBody })) }));
const state = async (UUID: string) => (await lambda.send(new GetEventSourceMappingCommand({ UUID }))).State;
const settled = (UUID: string, wanted: string) => until(async () => ((await state(UUID)) === wanted ? true : undefined), 90_000);
async function map(FunctionName: string, EventSourceArn: string, more: Partial<CreateEventSourceMappingRequest> = {}): Promise<string> {
  const position = EventSourceArn.includes(':kinesis:') ? { StartingPosition: 'TRIM_HORIZON' as const } : {};
  const { UUID, State } = await lambda.send(new CreateEventSourceMappingCommand({ FunctionName, EventSourceArn, ...position, ...more }));
  cleanups.push(() => lambda.send(new DeleteEventSourceMappingCommand({ UUID })));
  expect(State).toBe('Creating');
  await settled(UUID!, more.Enabled === false ? 'Disabled' : 'Enabled');
  return UUID!;
}
async function update(UUID: string, change: object, wanted: string): Promise<void> {
  await lambda.send(new UpdateEventSourceMappingCommand({ UUID, ...change }));
  await settled(UUID, wanted);
}
/** Batches that the function was given so far, each its records' texts. */
async function batches(FunctionName: string): Promise<string[][]> {
  const { events } = await logs.send(new FilterLogEventsCommand({ logGroupName: `/aws/lambda/${FunctionName}`, filterPattern: 'BATCH' })).catch(() => ({ events: [] }));
  return (events ?? []).map(({ message }) => JSON.parse(/BATCH (.*)/.exec(message!)![1]!) as string[]);
}
const given = (FunctionName: string, count: number) => until(async () => {
  const seen = await batches(FunctionName);
  return seen.flat().length >= count ? seen : undefined;
}, 60_000);
const refused = (name: string, message = '') => ({ name, message: expect.stringContaining(message) as string });

describe('the API', () => {
  it('shows, lists, changes and deletes a mapping', async () => {
    const [name, { arn }] = [await consumer(), await stream()];
    const UUID = await map(name, arn, { BatchSize: 7, BisectBatchOnFunctionError: true, FunctionResponseTypes: ['ReportBatchItemFailures'] });
    expect(await lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({
      UUID, EventSourceArn: arn, FunctionArn: expect.stringContaining(name) as string, State: 'Enabled', BatchSize: 7, MaximumBatchingWindowInSeconds: 0, ParallelizationFactor: 1, StartingPosition: 'TRIM_HORIZON',
      BisectBatchOnFunctionError: true, MaximumRecordAgeInSeconds: -1, MaximumRetryAttempts: -1, FunctionResponseTypes: ['ReportBatchItemFailures'], DestinationConfig: {}, LastProcessingResult: 'No records processed',
    });
    await update(UUID, { BatchSize: 9, MaximumRetryAttempts: 4, FilterCriteria: { Filters: [{ Pattern: '{"data":{"a":[1]}}' }] } }, 'Enabled');
    expect(await lambda.send(new GetEventSourceMappingCommand({ UUID }))).toMatchObject({ BatchSize: 9, MaximumRetryAttempts: 4, BisectBatchOnFunctionError: true, FilterCriteria: { Filters: [{ Pattern: '{"data":{"a":[1]}}' }] } });
    await update(UUID, { FilterCriteria: {} }, 'Enabled');
    expect((await lambda.send(new GetEventSourceMappingCommand({ UUID }))).FilterCriteria).toBeUndefined();
    await update(UUID, { Enabled: false }, 'Disabled');

    const second = await map(name, (await queue()).arn, { BatchSize: 5, ScalingConfig: { MaximumConcurrency: 3 } });
    const list = async (more: object) => (await lambda.send(new ListEventSourceMappingsCommand(more))).EventSourceMappings!.map((one) => one.UUID).sort();
    expect(await list({ FunctionName: name })).toEqual([UUID, second].sort());
    expect(await list({ EventSourceArn: arn })).toEqual([UUID]);
    const { EventSourceMappings: page, NextMarker } = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName: name, MaxItems: 1 }));
    const rest = await lambda.send(new ListEventSourceMappingsCommand({ FunctionName: name, MaxItems: 1, Marker: NextMarker! }));
    expect([page![0]!.UUID, rest.EventSourceMappings![0]!.UUID].sort()).toEqual([UUID, second].sort());

    await expect(lambda.send(new CreateEventSourceMappingCommand({ FunctionName: name, EventSourceArn: arn, StartingPosition: 'LATEST' }))).rejects.toMatchObject(refused('ResourceConflictException', UUID));
    expect((await lambda.send(new DeleteEventSourceMappingCommand({ UUID }))).State).toBe('Deleting');
    await until(async () => ((await lambda.send(new GetEventSourceMappingCommand({ UUID })).catch((error: unknown) => (error as Error).name)) === 'ResourceNotFoundException' ? true : undefined), 90_000);
  });

  it('refuses what Lambda refuses', async () => {
    const [name, { arn }, { arn: standard }, { arn: slow }] = [await consumer(), await stream(), await queue(), await queue({ VisibilityTimeout: '1' })];
    const create = (input: object) => lambda.send(new CreateEventSourceMappingCommand({ FunctionName: name, EventSourceArn: arn, StartingPosition: 'TRIM_HORIZON', ...input }));
    const ofQueue = (input: object) => create({ EventSourceArn: standard, StartingPosition: undefined, ...input });
    const wrong = (input: object) => expect(create(input)).rejects.toMatchObject({ name: expect.stringMatching(/^(InvalidParameterValue|Validation)Exception$/) as string });
    await wrong({ StartingPosition: undefined });
    await wrong({ StartingPosition: 'AT_TIMESTAMP' });
    await wrong({ StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: new Date(Date.now() + 3_600_000) });
    await wrong({ BatchSize: 10_001 });
    await wrong({ MaximumBatchingWindowInSeconds: 301 });
    await wrong({ ParallelizationFactor: 11 });
    await wrong({ MaximumRetryAttempts: 10_001 });
    await wrong({ MaximumRecordAgeInSeconds: 30 });
    await wrong({ FilterCriteria: { Filters: [{ Pattern: 'not json' }] } });
    await wrong({ FilterCriteria: { Filters: [{ Pattern: '{"data":["text"]}' }] } });
    await wrong({ FilterCriteria: { Filters: Array.from({ length: 11 }, () => ({ Pattern: '{"data":{"a":[1]}}' })) } });
    await wrong({ ScalingConfig: { MaximumConcurrency: 5 } });
    await wrong({ DestinationConfig: { OnFailure: { Destination: 'arn:aws:dynamodb:eu-west-1:000000000000:table/t' } } });
    await wrong({ EventSourceArn: `${arn}-nowhere` });
    for (const input of [{ ScalingConfig: { MaximumConcurrency: 1 } }, { ScalingConfig: { MaximumConcurrency: 1001 } }, { BatchSize: 11 }, { StartingPosition: 'LATEST' }, { EventSourceArn: `${standard}-nowhere` }]) {
      await expect(ofQueue(input)).rejects.toMatchObject({ name: expect.stringMatching(/^(InvalidParameterValue|Validation|ResourceNotFound)Exception$/) as string });
    }
    await expect(ofQueue({ EventSourceArn: slow })).rejects.toMatchObject(refused('InvalidParameterValueException', 'visibility timeout: 1 seconds is less than Function timeout: 3 seconds'));
    await expect(create({ FunctionName: target.unique('nobody') })).rejects.toMatchObject(refused('ResourceNotFoundException'));
    await expect(lambda.send(new UpdateEventSourceMappingCommand({ UUID: crypto.randomUUID(), BatchSize: 1 }))).rejects.toMatchObject(refused('ResourceNotFoundException'));
    if (target.own) await expect(create({ TumblingWindowInSeconds: 30 })).rejects.toMatchObject(refused('InvalidParameterValueException', 'no tumbling windows'));
  });

  it('needs a role that may read the source', async () => {
    const poor = target.unique('poor');
    const Role = await makeRole(target, poor, ['lambda.amazonaws.com'], ['logs:*']);
    const [name, { arn }, { arn: queueArn }] = [await consumer({ Role }), await stream(), await queue()];
    await expect(map(name, arn)).rejects.toMatchObject(refused('InvalidParameterValueException', 'Cannot access stream'));
    await expect(map(name, queueArn)).rejects.toMatchObject(refused('InvalidParameterValueException', 'ReceiveMessage'));
    await removeRole(target, poor);
  });
});

describe('streams', () => {
  it('are read by the filter from the horizon on, stand still while disabled and go on where they stood', async () => {
    const [name, { name: events, arn }] = [await consumer(), await stream()];
    await put(events, '{"a":1,"n":"one"}', '{"a":2}', 'no json');
    const UUID = await map(name, arn, { FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ data: { a: [{ numeric: ['>', 0, '<', 2] }], n: [{ prefix: 'o' }, { suffix: 'o' }] } }) }] } });
    await given(name, 1);
    await update(UUID, { Enabled: false }, 'Disabled');
    await put(events, '{"a":1,"n":"two"}');
    await update(UUID, { Enabled: true }, 'Enabled');
    expect((await given(name, 2)).flat()).toEqual(['{"a":1,"n":"one"}', '{"a":1,"n":"two"}']);
  });

  it('begin at a time, and at the end', async () => {
    const [early, late, { name: events, arn }] = [await consumer(), await consumer(), await stream()];
    await put(events, 'old');
    await new Promise((done) => setTimeout(done, 20)); // arrivals are told apart by the millisecond
    const StartingPositionTimestamp = new Date();
    await put(events, 'new');
    await map(early, arn, { StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp });
    await map(late, arn, { StartingPosition: 'LATEST' });
    await put(events, 'newest');
    expect((await given(early, 2)).flat()).toEqual(['new', 'newest']);
    expect((await given(late, 1)).flat()).toEqual(['newest']);
  });

  it('isolate the record that fails; a bucket receives it whole, a queue what is known of it', async () => {
    const [name, { name: events, arn }, { url, arn: failures }] = [await consumer(), await stream(), await queue()];
    const Bucket = target.unique('failures');
    await s3.send(new CreateBucketCommand({ Bucket, ...(!target.own && { CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }) }));
    cleanups.push(() => s3.send(new DeleteBucketCommand({ Bucket })));
    const settings = { BatchSize: 10, BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1, FunctionResponseTypes: ['ReportBatchItemFailures' as const] };
    const UUID = await map(name, arn, { ...settings, DestinationConfig: { OnFailure: { Destination: `arn:aws:s3:::${Bucket}` } } });
    await put(events, 'a', 'bad', 'c', 'd');
    const [Key] = await until(async () => {
      const { Contents } = await s3.send(new ListObjectsV2Command({ Bucket }));
      return Contents?.map((one) => one.Key!);
    }, 60_000);
    expect(Key).toMatch(new RegExp(`^aws/lambda/${UUID}/shardId-000000000000/\\d{4}/\\d\\d/\\d\\d/\\d{4}-\\d\\d-\\d\\dT\\d\\d\\.\\d\\d\\.\\d\\d-[0-9a-f-]{36}$`));
    const kept = JSON.parse(await (await s3.send(new GetObjectCommand({ Bucket, Key }))).Body!.transformToString()) as { payload: string };
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    const about = (shardId: string) => ({ requestContext: { functionArn: expect.stringContaining(name) as string, condition: 'RetryAttemptsExhausted' }, responseContext: { statusCode: 200, executedVersion: '$LATEST' }, version: '1.0', KinesisBatchInfo: { shardId, batchSize: 1, streamArn: arn } });
    expect(kept).toMatchObject(about('shardId-000000000000'));
    const [record] = (JSON.parse(kept.payload) as { Records: { kinesis: { data: string } }[] }).Records;
    expect(Buffer.from(record!.kinesis.data, 'base64').toString()).toBe('bad');
    const seen = await until(async () => {
      const all = (await batches(name)).flat();
      return all.includes('d') && all.filter((one) => one === 'c').length > 1 ? all : undefined;
    }, 60_000);
    expect(seen.filter((one) => one === 'a')).toHaveLength(1);

    await update(UUID, { DestinationConfig: { OnFailure: { Destination: failures } } }, 'Enabled');
    await put(events, 'throw');
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 20 }));
    const told = JSON.parse(Messages![0]!.Body!) as object;
    expect(told).toMatchObject({ ...about('shardId-000000000000'), responseContext: { functionError: 'Unhandled' } });
    expect(told).not.toHaveProperty('payload');
  });

  it('read the children of a split shard after it', async () => {
    const [name, { name: events, arn }] = [await consumer(), await stream()];
    await map(name, arn, { StartingPosition: 'LATEST', BatchSize: 2 });
    await put(events, '1', '2', '3');
    await kinesis.send(new SplitShardCommand({ StreamName: events, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: String(2n ** 127n) }));
    await waitUntilStreamExists({ client: kinesis, maxWaitTime: 60, minDelay: 1 }, { StreamName: events });
    await put(events, '4', '5');
    expect((await given(name, 5)).flat()).toEqual(['1', '2', '3', '4', '5']);
  });

  it('tell how old their records are', async () => {
    const [name, { name: events, arn }] = [await consumer(), await stream()];
    await put(events, 'a');
    await map(name, arn);
    await given(name, 1);
    const cloudwatch = new CloudWatchClient(target.client);
    const point = await until(async () => {
      const { Datapoints } = await cloudwatch.send(new GetMetricStatisticsCommand({
        Namespace: 'AWS/Lambda', MetricName: 'IteratorAge', Dimensions: [{ Name: 'FunctionName', Value: name }], StartTime: new Date(Date.now() - 300_000), EndTime: new Date(Date.now() + 60_000), Period: 60, Statistics: ['Maximum'],
      }));
      return Datapoints?.[0];
    }, 300_000);
    expect(point.Maximum).toBeGreaterThanOrEqual(0);
    cloudwatch.destroy();
  });
});

describe('queues', () => {
  it('keep what failed, hand it to the dead letters in the end, and lose what no filter names', async () => {
    const dead = await queue();
    const { url, arn } = await queue({ VisibilityTimeout: '3', RedrivePolicy: JSON.stringify({ deadLetterTargetArn: dead.arn, maxReceiveCount: 2 }) });
    const name = await consumer({ Timeout: 2 });
    await map(name, arn, { BatchSize: 10, FunctionResponseTypes: ['ReportBatchItemFailures'], FilterCriteria: { Filters: [{ Pattern: '{"body":{"n":[{"anything-but":"other"}]}}' }] } });
    await send(url, '{"n":"fine"}', '{"n":"bad"}', '{"n":"other"}', 'no json');
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: dead.url, WaitTimeSeconds: 20 }));
    expect(Messages!.map((one) => one.Body)).toEqual(['{"n":"bad"}']);
    const seen = (await batches(name)).flat();
    expect(seen.filter((one) => one.includes('fine'))).toHaveLength(1);
    expect(seen.filter((one) => one.includes('bad'))).toHaveLength(2);
    expect(seen.filter((one) => !one.includes('fine') && !one.includes('bad'))).toEqual([]);
    const { Attributes } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl: url, AttributeNames: ['All'] }));
    expect([Attributes!['ApproximateNumberOfMessages'], Attributes!['ApproximateNumberOfMessagesNotVisible']]).toEqual(['0', '0']);
  });

  it('gather a batch for the length of a window', async () => {
    const [{ url, arn }, name] = [await queue(), await consumer()];
    await map(name, arn, { BatchSize: 20, MaximumBatchingWindowInSeconds: 1 });
    const ten = (from: number) => Array.from({ length: 10 }, (_, i) => String(from + i));
    await send(url, ...ten(0));
    await send(url, ...ten(10));
    const seen = await given(name, 20);
    expect(seen.length).toBeLessThan(20);
    expect([...seen.flat()].sort()).toEqual([...ten(0), ...ten(10)].sort());
  });

  it('a disabled mapping takes nothing', async () => {
    const [{ url, arn }, name] = [await queue(), await consumer()];
    const UUID = await map(name, arn);
    await update(UUID, { Enabled: false }, 'Disabled');
    await send(url, 'mine');
    const { Messages } = await sqs.send(new ReceiveMessageCommand({ QueueUrl: url, WaitTimeSeconds: 5, MessageSystemAttributeNames: ['ApproximateReceiveCount'] }));
    expect(Messages!.map((one) => [one.Body, one.Attributes!['ApproximateReceiveCount']])).toEqual([['mine', '1']]);
  });
});
