import { CopyObjectCommand, CreateBucketCommand, GetObjectCommand, HeadObjectCommand, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateTopicCommand, PublishBatchCommand, PublishCommand, SNSClient, SubscribeCommand } from '@aws-sdk/client-sns';
import { CreateQueueCommand, GetQueueUrlCommand, ReceiveMessageCommand, SendMessageBatchCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Upload } from '@aws-sdk/lib-storage';
import { Readable } from 'node:stream';
import { startForTest } from '../started-for-test.ts';
import type { StartedForTest } from '../started-for-test.ts';
import type { ObjectCreated, TopicDelivery } from './front.ts';

let started: StartedForTest;
let s3: S3Client;
let sqs: SQSClient;
let sns: SNSClient;
const Bucket = 'orderflow-local-000000000000-archive';

beforeAll(async () => {
  started = await startForTest(`${__dirname}/..`);
  [s3, sqs, sns] = [new S3Client({ ...started.client, maxAttempts: 1 }), new SQSClient({ ...started.client, maxAttempts: 1 }), new SNSClient({ ...started.client, maxAttempts: 1 })];
  await s3.send(new CreateBucketCommand({ Bucket }));
});

afterAll(async () => {
  for (const client of [s3, sqs, sns]) client.destroy();
  await started.close();
});

const put = (Key: string, Body: string | Buffer = 'x', more = {}) => s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const read = async (Key: string, more = {}) => (await s3.send(new GetObjectCommand({ Bucket, Key, ...more }))).Body!.transformToString();
/** Resolves with the first `count` of what is told to `tell`. */
function collector<T>(count: number): { tell(one: T): void; all: Promise<T[]> } {
  const told: T[] = [];
  let finish: (all: T[]) => void;
  const all = new Promise<T[]>((resolve) => (finish = resolve));
  const tell = (one: T): void => {
    if (told.push(one) === count) finish(told);
  };
  return { tell, all };
}

describe('S3', () => {
  test('large objects and streams of unknown length come back byte by byte', async () => {
    const large = Buffer.alloc(3_000_000, 'abcdefg');
    await put('large', large);
    expect(Buffer.compare(Buffer.from(await (await s3.send(new GetObjectCommand({ Bucket, Key: 'large' }))).Body!.transformToByteArray()), large)).toBe(0);
    expect(await read('large', { Range: 'bytes=2999995-2999999' })).toBe(large.subarray(-5).toString());
    const done = await new Upload({ client: s3, params: { Bucket, Key: 'parts', Body: Readable.from([large, large, large]), ContentType: 'text/plain' } }).done();
    expect(done.ETag).toMatch(/-2"$/);
    const head = await s3.send(new HeadObjectCommand({ Bucket, Key: 'parts' }));
    expect(head).toMatchObject({ ContentLength: 9_000_000, ContentType: 'text/plain' });
    expect((await read('parts')).length).toBe(9_000_000);
  });

  test('tells of new objects, however made, and again until it was taken', async () => {
    const told = collector<ObjectCreated>(4);
    let refusals = 1;
    await started.services.storage.onObjectCreated('intake', (created) => {
      told.tell(created);
      if (created.key === 'put' && refusals-- > 0) throw new Error('the function was throttled');
    });
    const silent = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
    await s3.send(new PutObjectCommand({ Bucket: 'intake', Key: 'put', Body: '12345' }));
    await s3.send(new CopyObjectCommand({ Bucket: 'intake', Key: 'copy', CopySource: 'intake/put' }));
    await new Upload({ client: s3, params: { Bucket: 'intake', Key: 'parts', Body: Readable.from([Buffer.alloc(6_000_000)]) } }).done();
    const all = await told.all;
    silent.mockRestore();
    expect(all.map((one) => [one.key, one.size, one.event]).sort()).toEqual([
      ['copy', 5, 'ObjectCreated:Copy'], ['parts', 6_000_000, 'ObjectCreated:CompleteMultipartUpload'], ['put', 5, 'ObjectCreated:Put'], ['put', 5, 'ObjectCreated:Put'],
    ]);
  });
});

describe('SQS', () => {
  test('sends, waits, receives in process, hides and deletes', async () => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: 'notices', Attributes: { VisibilityTimeout: '30' } }));
    expect(QueueUrl).toBe(`${started.client.endpoint}/000000000000/notices`);
    expect((await sqs.send(new GetQueueUrlCommand({ QueueName: 'notices' }))).QueueUrl).toBe(QueueUrl);
    const waiting = started.services.storage.receive('notices', { max: 10, waitSeconds: 20 });
    await sqs.send(new SendMessageCommand({ QueueUrl, MessageBody: 'one', MessageAttributes: { topic: { DataType: 'String', StringValue: 't' } } }));
    const [message] = await waiting;
    expect(message).toMatchObject({ body: 'one', attributes: { ApproximateReceiveCount: '1', SenderId: '000000000000' }, messageAttributes: { topic: { StringValue: 't' } } });
    expect((await sqs.send(new ReceiveMessageCommand({ QueueUrl }))).Messages).toBeUndefined();
    await started.services.storage.changeVisibility('arn:aws:sqs:eu-west-1:000000000000:notices', message!.receiptHandle, 0);
    const again = await started.services.storage.receive(QueueUrl!, { max: 1, waitSeconds: 2 });
    expect(again[0]!.attributes['ApproximateReceiveCount']).toBe('2');
    await started.services.storage.deleteMessages('notices', [again[0]!.receiptHandle]);
    expect((await sqs.send(new SendMessageBatchCommand({ QueueUrl, Entries: [{ Id: 'a', MessageBody: '2' }, { Id: 'b', MessageBody: '3' }] }))).Successful).toHaveLength(2);
    expect(await started.services.storage.receive('notices', { max: 10, waitSeconds: 0 })).toHaveLength(2);
    await expect(started.services.storage.receive('no-queue', { max: 1, waitSeconds: 0 })).rejects.toThrow('no-queue');
  });
});

describe('SNS', () => {
  test('a message for a function waits until somebody takes it', async () => {
    const TopicArn = (await sns.send(new CreateTopicCommand({ Name: 'early' }))).TopicArn!;
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'lambda', Endpoint: 'arn:aws:lambda:eu-west-1:000000000000:function:x' }));
    await sns.send(new PublishCommand({ TopicArn, Message: 'before anybody listens' }));
    const told = collector<TopicDelivery>(1);
    started.services.storage.onTopicDelivery(told.tell);
    expect(await told.all).toMatchObject([{ message: 'before anybody listens' }]);
  });

  test('delivers to mail, functions and queues, each by its filter', async () => {
    const told = collector<TopicDelivery>(2);
    started.services.storage.onTopicDelivery(told.tell);
    const TopicArn = (await sns.send(new CreateTopicCommand({ Name: 'alerts' }))).TopicArn!;
    expect(TopicArn).toBe('arn:aws:sns:eu-west-1:000000000000:alerts');
    const lambda = 'arn:aws:lambda:eu-west-1:000000000000:function:handle-bounce';
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'lambda', Endpoint: lambda }));
    const FilterPolicy = JSON.stringify({ kind: ['digest'] });
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'email', Endpoint: 'staff@example.com', Attributes: { FilterPolicy } }));
    await sqs.send(new CreateQueueCommand({ QueueName: 'alerts', Attributes: { Policy: JSON.stringify({ Statement: [{ Effect: 'Allow', Principal: { Service: 'sns.amazonaws.com' }, Action: 'sqs:SendMessage', Resource: '*' }] }) } }));
    await sns.send(new SubscribeCommand({ TopicArn, Protocol: 'sqs', Endpoint: 'arn:aws:sqs:eu-west-1:000000000000:alerts' }));
    await sns.send(new PublishCommand({ TopicArn, Subject: '3 orders wait', Message: 'digest text', MessageAttributes: { kind: { DataType: 'String', StringValue: 'digest' } } }));
    await sns.send(new PublishBatchCommand({ TopicArn, PublishBatchRequestEntries: [{ Id: 'a', Message: 'other' }] }));
    const pushed = await told.all;
    expect(pushed).toMatchObject([{ endpoint: lambda, message: 'digest text', subject: '3 orders wait', attributes: { kind: { Type: 'String', Value: 'digest' } } }, { message: 'other' }]);
    expect(pushed[1]!.messageId).toMatch(/^[\da-f-]{36}$/);
    expect(started.services.mail.messages()).toMatchObject([{ to: ['staff@example.com'], subject: '3 orders wait', text: 'digest text', via: 'sns' }]);
    expect(await started.services.storage.receive('alerts', { max: 10, waitSeconds: 0 })).toHaveLength(2);
  });
});
