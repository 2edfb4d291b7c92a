import { fork } from 'node:child_process';
import type { ChildProcess } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { CreateTableCommand, DynamoDBClient, ScanCommand, TransactWriteItemsCommand } from '@aws-sdk/client-dynamodb';
import { CreateStreamCommand, KinesisClient, PutRecordsCommand } from '@aws-sdk/client-kinesis';
import { CreateBucketCommand, ListObjectsV2Command, PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { CreateEmailIdentityCommand, SESv2Client, SendEmailCommand } from '@aws-sdk/client-sesv2';
import { CreateQueueCommand, SQSClient, SendMessageCommand } from '@aws-sdk/client-sqs';
import { startDataServices } from './data-services.ts';

const TableName = 'in-flight';
const Bucket = 'intake';

/** The services in a process of their own, to be killed. */
async function startChild(dataDir: string): Promise<{ child: ChildProcess; port: number }> {
  const child = fork(join(__dirname, 'data-services-process.ts'), [dataDir], { execArgv: ['--disable-warning=ExperimentalWarning'] });
  const [message] = (await once(child, 'message')) as [{ port: number }];
  return { child, port: message.port };
}

const ENOUGH = 20;

/** Calls each of `writes` over and over with rising numbers until it fails; answers the numbers that each acknowledged. */
function untilTheyFail(writes: readonly ((i: number) => Promise<unknown>)[], onEnough: () => void): Promise<number[][]> {
  const acknowledged = writes.map((): number[] => []);
  return Promise.all(writes.map(async (write, which) => {
    const mine = acknowledged[which]!;
    for (let i = 0; ; i++) {
      try {
        await write(i);
      } catch {
        return mine;
      }
      mine.push(i);
      if (acknowledged.every((one) => one.length >= ENOUGH)) onEnough();
    }
  }));
}

test('all that was acknowledged before a SIGKILL is there after it', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'orderflow-'));
  const { child, port } = await startChild(dataDir);
  const client = { endpoint: `http://127.0.0.1:${port}`, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'x' }, maxAttempts: 1 };
  const clients = [new DynamoDBClient(client), new KinesisClient(client), new S3Client(client), new SQSClient(client), new SESv2Client(client)] as const;
  const [tables, streams, buckets, queues, mail] = clients;
  await tables.send(new CreateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] }));
  await streams.send(new CreateStreamCommand({ StreamName: 'events', ShardCount: 2 }));
  await buckets.send(new CreateBucketCommand({ Bucket }));
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: 'notices' }));
  await mail.send(new CreateEmailIdentityCommand({ EmailIdentity: 'shop.example' }));

  const put = (pk: string) => ({ Put: { TableName, Item: { pk: { S: pk } } } });
  const running = untilTheyFail([
    (i) => tables.send(new TransactWriteItemsCommand({ TransactItems: [put(`order-${i}`), put(`claim-${i}`)] })),
    (i) => streams.send(new PutRecordsCommand({ StreamName: 'events', Records: Array.from({ length: 20 }, (_, k) => ({ PartitionKey: `${i}-${k}`, Data: Buffer.from('x') })) })),
    (i) => buckets.send(new PutObjectCommand({ Bucket, Key: String(i), Body: Buffer.alloc(i % 2 ? 100 : 100_000) })),
    (i) => queues.send(new SendMessageCommand({ QueueUrl, MessageBody: String(i) })),
    (i) => mail.send(new SendEmailCommand({ FromEmailAddress: 'us@shop.example', Destination: { ToAddresses: ['you@mail.example'] }, Content: { Simple: { Subject: { Data: String(i) }, Body: { Text: { Data: 'text' } } } } })),
  ], () => child.kill('SIGKILL'));
  const [orders, puts, objects, messages, mails] = (await running) as [number[], number[], number[], number[], number[]];
  for (const acknowledged of [orders, puts, objects, messages, mails]) expect(acknowledged.length).toBeGreaterThanOrEqual(ENOUGH);
  for (const one of clients) one.destroy();

  const services = await startDataServices({ dataDir, port: 0, mailPort: 0, codeDir: __dirname });
  const again = { ...client, endpoint: `http://127.0.0.1:${services.ports.aws}` };
  const [tables2, buckets2] = [new DynamoDBClient(again), new S3Client(again)];
  const items = new Set((await tables2.send(new ScanCommand({ TableName }))).Items!.map((item) => item['pk']!.S));
  for (const i of orders) expect(items.has(`order-${i}`)).toBe(true);
  // a transaction that was cut off is either whole or not at all
  for (const pk of items) if (pk!.startsWith('order-')) expect(items.has(pk!.replace('order', 'claim'))).toBe(true);

  const keys = new Set(services.kinesis.shards('events').flatMap((shard) => services.kinesis.read('events', shard.shardId, undefined, 1e6, 1e9).records.map((record) => record.partitionKey)));
  for (const i of puts) for (let k = 0; k < 20; k++) expect(keys.has(`${i}-${k}`)).toBe(true);

  const listed = new Set((await buckets2.send(new ListObjectsV2Command({ Bucket }))).Contents!.map((one) => one.Key));
  for (const i of objects.slice(0, 1000)) expect(listed.has(String(i)) || listed.size === 1000).toBe(true);

  const received = new Set<string>();
  for (;;) {
    const batch = await services.storage.receive('notices', { max: 10, waitSeconds: 0 });
    if (batch.length === 0) break;
    for (const message of batch) received.add(message.body);
  }
  for (const i of messages) expect(received.has(String(i))).toBe(true);
  const subjects = new Set(services.mail.messages().map((one) => one.subject));
  for (const i of mails) expect(subjects.has(String(i))).toBe(true);

  for (const one of [tables2, buckets2]) one.destroy();
  await services.close();
  rmSync(dataDir, { recursive: true });
}, 90_000);

test('a message that somebody had taken when the process ended is there at once after the restart, counted as received', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'orderflow-'));
  const first = await startDataServices({ dataDir, port: 0, mailPort: 0, codeDir: __dirname });
  const queues = new SQSClient({ endpoint: `http://127.0.0.1:${first.ports.aws}`, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'x' } });
  const { QueueUrl } = await queues.send(new CreateQueueCommand({ QueueName: 'notices', Attributes: { VisibilityTimeout: '720' } }));
  for (const MessageBody of ['taken', 'waiting']) await queues.send(new SendMessageCommand({ QueueUrl, MessageBody, ...(MessageBody === 'waiting' && { DelaySeconds: 900 }) }));
  expect(await first.storage.receive('notices', { max: 10, waitSeconds: 0 })).toMatchObject([{ body: 'taken' }]);
  queues.destroy();
  await first.close();
  const second = await startDataServices({ dataDir, port: 0, mailPort: 0, codeDir: __dirname });
  expect(await second.storage.receive('notices', { max: 10, waitSeconds: 0 })).toMatchObject([{ body: 'taken', attributes: { ApproximateReceiveCount: '2' } }]);
  await second.close();
  rmSync(dataDir, { recursive: true });
});

test('a notification that a kill left undelivered is told after the restart', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'orderflow-'));
  const first = await startDataServices({ dataDir, port: 0, mailPort: 0, codeDir: __dirname });
  const client = new S3Client({ endpoint: first.endpoints['AWS_ENDPOINT_URL_S3']!, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'x' } });
  let asked: () => void;
  const wasAsked = new Promise<void>((resolve) => (asked = resolve));
  await first.storage.onObjectCreated(Bucket, () => (asked(), new Promise(() => undefined)));
  await client.send(new PutObjectCommand({ Bucket, Key: 'file.csv', Body: 'x' }));
  await wasAsked;
  client.destroy();
  await first.close();
  const second = await startDataServices({ dataDir, port: 0, mailPort: 0, codeDir: __dirname });
  const told = new Promise<string>((resolve) => void second.storage.onObjectCreated(Bucket, (created) => resolve(created.key)));
  expect(await told).toBe('file.csv');
  await second.close();
  rmSync(dataDir, { recursive: true });
});

test('runs as threads of one process, which has no children that could outlive it, and ends when its parent does', async () => {
  const dataDir = mkdtempSync(join(tmpdir(), 'orderflow-'));
  const { child } = await startChild(dataDir);
  const list = `/proc/${child.pid}/task/${child.pid}/children`;
  if (existsSync(list)) expect(readFileSync(list, 'utf8').trim()).toBe('');
  child.disconnect();
  expect(await once(child, 'exit')).toEqual([0, null]);
  rmSync(dataDir, { recursive: true });
});
