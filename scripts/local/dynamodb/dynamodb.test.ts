import { hash } from 'node:crypto';
import {
  BatchWriteItemCommand, CreateTableCommand, DeleteTableCommand, DescribeContinuousBackupsCommand, DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient, GetItemCommand,
  ListTagsOfResourceCommand, paginateQuery, PutItemCommand, QueryCommand, ScanCommand, TransactGetItemsCommand, TransactWriteItemsCommand, UpdateContinuousBackupsCommand, UpdateItemCommand, UpdateTimeToLiveCommand,
} from '@aws-sdk/client-dynamodb';
import type { TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { startForTest } from '../started-for-test.ts';
import type { StartedForTest } from '../started-for-test.ts';

let started: StartedForTest;
let client: DynamoDBClient;
const TableName = 'in-flight';

beforeAll(async () => {
  started = await startForTest(`${__dirname}/..`);
  client = new DynamoDBClient({ ...started.client, maxAttempts: 1 });
  await client.send(new CreateTableCommand({
    TableName, BillingMode: 'PAY_PER_REQUEST', Tags: [{ Key: 'owner', Value: 'core' }],
    AttributeDefinitions: ['pk', 'sk', 'state'].map((AttributeName) => ({ AttributeName, AttributeType: 'S' as const })).concat([{ AttributeName: 'due', AttributeType: 'N' as never }]),
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
    GlobalSecondaryIndexes: [{ IndexName: 'due', KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }, { AttributeName: 'due', KeyType: 'RANGE' }], Projection: { ProjectionType: 'KEYS_ONLY' } }],
  }));
});

afterAll(async () => {
  client.destroy();
  await started.close();
});

const key = (pk: string, sk = 'ORDER') => ({ pk: { S: pk }, sk: { S: sk } });
const put = (pk: string, more = {}) => client.send(new PutItemCommand({ TableName, Item: { ...key(pk), version: { N: '1' }, ...more } }));
const get = async (pk: string) => (await client.send(new GetItemCommand({ TableName, Key: key(pk), ConsistentRead: true }))).Item;
const transact = (items: TransactWriteItem[], ClientRequestToken?: string) => client.send(new TransactWriteItemsCommand({ TransactItems: items, ...(ClientRequestToken !== undefined && { ClientRequestToken }) }));
const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };

test('a table is active at once, counts its items and keeps its tags', async () => {
  await put('counted');
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  expect(Table).toMatchObject({ TableStatus: 'ACTIVE', TableArn: 'arn:aws:dynamodb:eu-west-1:000000000000:table/in-flight' });
  expect(Table!.ItemCount).toBeGreaterThan(0);
  expect(Table!.GlobalSecondaryIndexes![0]!.IndexStatus).toBe('ACTIVE');
  expect((await client.send(new ListTagsOfResourceCommand({ ResourceArn: Table!.TableArn! }))).Tags).toEqual([{ Key: 'owner', Value: 'core' }]);
});

test('a failed condition tells the item that was in the way, if asked', async () => {
  await put('taken');
  const again = new PutItemCommand({ TableName, Item: key('taken'), ...isNew, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' });
  await expect(client.send(again)).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: { version: { N: '1' } } });
  const silent = client.send(new PutItemCommand({ TableName, Item: key('taken'), ...isNew }));
  await expect(silent).rejects.toMatchObject({ name: 'ConditionalCheckFailedException', Item: undefined });
});

test('a transaction writes all or nothing, and tells why for each action', async () => {
  await put('exists');
  const refused = transact([
    { Put: { TableName, Item: key('made-1'), ...isNew } },
    { Put: { TableName, Item: key('exists'), ...isNew, ReturnValuesOnConditionCheckFailure: 'ALL_OLD' } },
    { ConditionCheck: { TableName, Key: key('absent'), ConditionExpression: 'attribute_exists(pk)' } },
  ]);
  await expect(refused).rejects.toMatchObject({
    name: 'TransactionCanceledException',
    message: expect.stringContaining('[None, ConditionalCheckFailed, ConditionalCheckFailed]') as string,
    CancellationReasons: [{ Code: 'None' }, { Code: 'ConditionalCheckFailed', Item: { pk: { S: 'exists' } } }, { Code: 'ConditionalCheckFailed' }],
  });
  expect(await get('made-1')).toBeUndefined();

  await transact([
    { Put: { TableName, Item: key('made-1'), ...isNew } },
    { Update: { TableName, Key: key('exists'), UpdateExpression: 'ADD version :one', ConditionExpression: 'version = :one', ExpressionAttributeValues: { ':one': { N: '1' } } } },
    { ConditionCheck: { TableName, Key: key('taken'), ConditionExpression: 'attribute_exists(pk)' } },
    { Delete: { TableName, Key: key('counted') } },
  ]);
  expect(await get('made-1')).toBeDefined();
  expect((await get('exists'))!['version']).toEqual({ N: '2' });
  expect(await get('taken')).toBeDefined();
  expect(await get('counted')).toBeUndefined();
});

test('a transaction repeated under its token has one effect; the token with other content is refused', async () => {
  await put('tally');
  const add: TransactWriteItem[] = [{ Update: { TableName, Key: key('tally'), UpdateExpression: 'ADD version :one', ExpressionAttributeValues: { ':one': { N: '1' } } } }];
  await transact(add, 'token');
  await transact(add, 'token');
  expect((await get('tally'))!['version']).toEqual({ N: '2' });
  await expect(transact([{ Delete: { TableName, Key: key('tally') } }], 'token')).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
});

test('a transaction may name an item once only', async () => {
  await expect(transact([{ Put: { TableName, Item: key('twice') } }, { Delete: { TableName, Key: key('twice') } }])).rejects.toMatchObject({ name: 'ValidationException' });
});

test('of many at once, one claim wins and every increment counts', async () => {
  const claims = await Promise.allSettled(Array.from({ length: 20 }, (_, i) => transact([{ Put: { TableName, Item: key('claim'), ...isNew } }, { Put: { TableName, Item: key(`claim-${i}`) } }])));
  expect(claims.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  await put('counter');
  const add = { TableName, Key: key('counter'), UpdateExpression: 'ADD version :one', ExpressionAttributeValues: { ':one': { N: '1' } } };
  await Promise.all(Array.from({ length: 20 }, (_, i) => (i % 2 ? client.send(new UpdateItemCommand(add)) : transact([{ Update: add }]))));
  expect((await get('counter'))!['version']).toEqual({ N: '21' });
});

test('a transaction reads several items in order', async () => {
  await put('read-1');
  const { Responses } = await client.send(new TransactGetItemsCommand({ TransactItems: [{ Get: { TableName, Key: key('nothing') } }, { Get: { TableName, Key: key('read-1'), ProjectionExpression: 'version' } }] }));
  expect(Responses).toEqual([{}, { Item: { version: { N: '1' } } }]);
});

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

test('an item leaves the index with its attribute', async () => {
  const due = (value: string) => client.send(new QueryCommand({ TableName, IndexName: 'due', KeyConditionExpression: '#s = :s', ExpressionAttributeNames: { '#s': 'state' }, ExpressionAttributeValues: { ':s': { S: value } } }));
  await put('sparse', { state: { S: 'WAITING' }, due: { N: '1' } });
  expect((await due('WAITING')).Items).toHaveLength(1);
  await client.send(new UpdateItemCommand({ TableName, Key: key('sparse'), UpdateExpression: 'REMOVE #s', ExpressionAttributeNames: { '#s': 'state' } }));
  expect((await due('WAITING')).Items).toHaveLength(0);
});

test('queries a partition by range, backwards, with a filter and a projection', async () => {
  for (const sk of ['ORDER', 'SENT#confirmed', 'SENT#shipped', 'UPDATE#1']) await client.send(new PutItemCommand({ TableName, Item: { ...key('p', sk), n: { N: '1' } } }));
  const query = (more: object) => client.send(new QueryCommand({ TableName, KeyConditionExpression: 'pk = :p', ExpressionAttributeValues: { ':p': { S: 'p' } }, ...more }));
  const sks = async (more: object) => (await query(more)).Items!.map((item) => item['sk']!.S);
  expect(await sks({})).toEqual(['ORDER', 'SENT#confirmed', 'SENT#shipped', 'UPDATE#1']);
  expect(await sks({ ScanIndexForward: false, Limit: 1 })).toEqual(['UPDATE#1']);
  expect(await sks({ KeyConditionExpression: 'pk = :p AND begins_with(sk, :s)', ExpressionAttributeValues: { ':p': { S: 'p' }, ':s': { S: 'SENT#' } } })).toEqual(['SENT#confirmed', 'SENT#shipped']);
  expect((await query({ FilterExpression: 'n > :n', ExpressionAttributeValues: { ':p': { S: 'p' }, ':n': { N: '1' } } })).Items).toEqual([]);
  expect((await query({ ProjectionExpression: 'n', Limit: 1 })).Items).toEqual([{ n: { N: '1' } }]);
});

test('what has expired is deleted, what has not is not', async () => {
  const created = new CreateTableCommand({ TableName: 'guards', BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] });
  await client.send(created);
  await client.send(new UpdateTimeToLiveCommand({ TableName: 'guards', TimeToLiveSpecification: { AttributeName: 'ttl', Enabled: true } }));
  expect((await client.send(new DescribeTimeToLiveCommand({ TableName: 'guards' }))).TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'ENABLED', AttributeName: 'ttl' });
  const now = Math.floor(Date.now() / 1000);
  for (const [pk, ttl] of [['past', now - 1], ['future', now + 60], ['long past', 1]] as const) await client.send(new PutItemCommand({ TableName: 'guards', Item: { pk: { S: pk }, ttl: { N: String(ttl) } } }));
  await client.send(new PutItemCommand({ TableName: 'guards', Item: { pk: { S: 'none' } } }));
  expect(await started.services.dynamodb.expire()).toBe(1);
  const left = await client.send(new ScanCommand({ TableName: 'guards' }));
  expect(left.Items!.map((item) => item['pk']!.S).sort()).toEqual(['future', 'long past', 'none']);
  await client.send(new DeleteTableCommand({ TableName: 'guards' }));
  await client.send(created);
  expect((await client.send(new DescribeTimeToLiveCommand({ TableName: 'guards' }))).TimeToLiveDescription).toEqual({ TimeToLiveStatus: 'DISABLED' });
  expect((await client.send(new ScanCommand({ TableName: 'guards' }))).Items).toEqual([]);
});

test('keeps the backup setting', async () => {
  await client.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }));
  const { ContinuousBackupsDescription } = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
  expect(ContinuousBackupsDescription!.PointInTimeRecoveryDescription!.PointInTimeRecoveryStatus).toBe('ENABLED');
});

test('a missing table and an unknown operation are AWS errors', async () => {
  await expect(client.send(new GetItemCommand({ TableName: 'nowhere', Key: key('x') }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(started.services.dynamodb.call('ExecuteStatement', {})).rejects.toMatchObject({ name: 'UnknownOperationException' });
});

test('calls are counted under their key, in process ones are not', async () => {
  await started.services.settleCalls();
  const counted = started.services.calls.snapshot().find((one) => one.operation === 'TransactGetItems');
  expect(counted).toMatchObject({ accessKeyId: 'local', service: 'dynamodb', status: 200, calls: 1 });
  expect(started.services.calls.snapshot().some((one) => one.operation === 'ExecuteStatement')).toBe(false);
});
