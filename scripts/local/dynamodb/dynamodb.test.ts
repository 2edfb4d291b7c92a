import { hash } from 'node:crypto';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import {
  BatchWriteItemCommand, CreateTableCommand, DeleteTableCommand, DescribeTimeToLiveCommand, DynamoDBClient, paginateQuery, PutItemCommand, ScanCommand, UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import { CallLedger } from '../calls.ts';
import { startDynamoDb } from './front.ts';
import type { DynamoDbFront } from './front.ts';

const dataDir = mkdtempSync(join(tmpdir(), 'orderflow-dynamodb-'));
const calls = new CallLedger(join(dataDir, 'calls.db'));
let front: DynamoDbFront;
let client: DynamoDBClient;
const TableName = 'in-flight';

beforeAll(async () => {
  front = await startDynamoDb({ dataDir, codeDir: join(__dirname, '..'), host: '127.0.0.1', calls, onGateReport: () => undefined });
  client = new DynamoDBClient({ endpoint: `http://127.0.0.1:${front.port}`, region: 'eu-west-1', credentials: { accessKeyId: 'local', secretAccessKey: 'local' }, maxAttempts: 1 });
  await client.send(new CreateTableCommand({
    TableName, BillingMode: 'PAY_PER_REQUEST', Tags: [{ Key: 'owner', Value: 'core' }],
    AttributeDefinitions: ['pk', 'sk', 'state'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })).concat([{ AttributeName: 'due', AttributeType: 'N' as never }]),
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
    GlobalSecondaryIndexes: [{ IndexName: 'due', KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }, { AttributeName: 'due', KeyType: 'RANGE' }], Projection: { ProjectionType: 'KEYS_ONLY' } }],
  }));
});

afterAll(async () => {
  client.destroy();
  await front.close();
  calls.close();
  rmSync(dataDir, { recursive: true, force: true });
});

const key = (pk: string, sk = 'ORDER') => ({ pk: { S: pk }, sk: { S: sk } });

test('an index holds every item, also those whose keys dynalite would mistake for each other, and pages through them', async () => {
  // dynalite tells items of one index key apart by 24 bits of MD5 only: two keys that agree in them
  const seen = new Map<string, string>();
  let twins: string[] = [];
  for (let i = 0; twins.length === 0; i++) {
    const bits = hash('md5', `Outliersdue-${i}ORDER`).slice(0, 6);
    const other = seen.get(bits);
    if (other !== undefined) twins = [other, `due-${i}`];
    seen.set(bits, `due-${i}`);
  }
  const pks = [...twins, ...Array.from({ length: 23 }, (_, i) => `more-${i}`)];
  await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: pks.map((pk) => ({ PutRequest: { Item: { ...key(pk), state: { S: 'PARKED' }, due: { N: '7' } } } })) } }));
  const found: (string | undefined)[] = [];
  const pages = paginateQuery({ client, pageSize: 7 }, {
    TableName, IndexName: 'due', KeyConditionExpression: '#s = :s AND due <= :now', ExpressionAttributeNames: { '#s': 'state' }, ExpressionAttributeValues: { ':s': { S: 'PARKED' }, ':now': { N: '8' } },
  });
  for await (const page of pages) found.push(...(page.Items ?? []).map((item) => item['pk']?.S));
  expect(found.sort()).toEqual(pks.sort());
});

test('what has expired is deleted, what has not is not', async () => {
  const created = new CreateTableCommand({ TableName: 'guards', BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] });
  await client.send(created);
  await client.send(new UpdateTimeToLiveCommand({ TableName: 'guards', TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } }));
  expect((await client.send(new DescribeTimeToLiveCommand({ TableName: 'guards' }))).TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' });
  const now = Math.floor(Date.now() / 1000);
  for (const [pk, ttl] of [['past', now - 1], ['future', now + 60], ['long past', 1]] as const) await client.send(new PutItemCommand({ TableName: 'guards', Item: { pk: { S: pk }, ttl: { N: String(ttl) } } }));
  await client.send(new PutItemCommand({ TableName: 'guards', Item: { pk: { S: 'none' } } }));
  expect(await front.expire()).toBe(1);
  const left = await client.send(new ScanCommand({ TableName: 'guards' }));
  expect(left.Items!.map((item) => item['pk']!.S).sort()).toEqual(['future', 'long past', 'none']);
  await client.send(new DeleteTableCommand({ TableName: 'guards' }));
  await client.send(created);
  expect((await client.send(new DescribeTimeToLiveCommand({ TableName: 'guards' }))).TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'DISABLED' });
  expect((await client.send(new ScanCommand({ TableName: 'guards' }))).Items).toEqual([]);
});

test('an operation that is not there is an AWS error, and said', async () => {
  const said = jest.spyOn(process.stderr, 'write').mockReturnValue(true);
  await expect(front.call('ExecuteStatement', {})).rejects.toMatchObject({ name: 'UnknownOperationException' });
  said.mockRestore();
});

test('calls are counted under their key, in process ones are not', async () => {
  await front.tellCounts();
  const counted = calls.snapshot().find((one) => one.operation === 'BatchWriteItem');
  expect(counted).toMatchObject({ accessKeyId: 'local', service: 'dynamodb', status: 200, calls: 1 });
  expect(calls.snapshot().some((one) => one.operation === 'ExecuteStatement')).toBe(false);
});
