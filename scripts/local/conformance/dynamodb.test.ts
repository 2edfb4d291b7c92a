import {
  BatchGetItemCommand, BatchWriteItemCommand, CreateTableCommand, DeleteItemCommand, DeleteTableCommand, DescribeContinuousBackupsCommand, DescribeTableCommand, DescribeTimeToLiveCommand, DynamoDBClient, ExecuteStatementCommand,
  GetItemCommand, ListTablesCommand, ListTagsOfResourceCommand, paginateScan, PutItemCommand, QueryCommand, ScanCommand, TagResourceCommand, TransactGetItemsCommand, TransactWriteItemsCommand, UntagResourceCommand,
  UpdateContinuousBackupsCommand, UpdateItemCommand, UpdateTableCommand, UpdateTimeToLiveCommand, waitUntilTableExists,
} from '@aws-sdk/client-dynamodb';
import type { AttributeValue, TransactWriteItem } from '@aws-sdk/client-dynamodb';
import { conformanceTarget } from './target.ts';
import type { ConformanceTarget } from './target.ts';

let target: ConformanceTarget;
let client: DynamoDBClient;
let TableName: string;

beforeAll(async () => {
  target = await conformanceTarget();
  client = new DynamoDBClient({ ...target.client, maxAttempts: 1 });
  TableName = target.unique('in-flight');
  await client.send(new CreateTableCommand({
    TableName, BillingMode: 'PAY_PER_REQUEST', Tags: [{ Key: 'owner', Value: 'core' }],
    AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }, { AttributeName: 'sk', AttributeType: 'S' }, { AttributeName: 'state', AttributeType: 'S' }, { AttributeName: 'due', AttributeType: 'N' }],
    KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }, { AttributeName: 'sk', KeyType: 'RANGE' }],
    GlobalSecondaryIndexes: [{ IndexName: 'due', KeySchema: [{ AttributeName: 'state', KeyType: 'HASH' }, { AttributeName: 'due', KeyType: 'RANGE' }], Projection: { ProjectionType: 'KEYS_ONLY' } }],
  }));
  await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName });
});

afterAll(async () => {
  await client.send(new DeleteTableCommand({ TableName }));
  client.destroy();
  await target.close();
});

const key = (pk: string, sk = 'ORDER') => ({ pk: { S: pk }, sk: { S: sk } });
const put = (pk: string, more = {}) => client.send(new PutItemCommand({ TableName, Item: { ...key(pk), version: { N: '1' }, ...more } }));
const get = async (pk: string) => (await client.send(new GetItemCommand({ TableName, Key: key(pk), ConsistentRead: true }))).Item;
const transact = (items: TransactWriteItem[], ClientRequestToken?: string) => client.send(new TransactWriteItemsCommand({ TransactItems: items, ...(ClientRequestToken !== undefined && { ClientRequestToken }) }));
const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };
const update = async (pk: string, UpdateExpression: string, values?: Record<string, AttributeValue>, more: object = {}) =>
  (await client.send(new UpdateItemCommand({ TableName, Key: key(pk), UpdateExpression, ...(values && { ExpressionAttributeValues: values }), ReturnValues: 'ALL_NEW', ...more }))).Attributes!;
const invalid = (message: RegExp | string) => ({ name: 'ValidationException', message: expect.stringMatching(message) as string });

test('a table keeps its tags and describes its index', async () => {
  const { Table } = await client.send(new DescribeTableCommand({ TableName }));
  expect(Table).toMatchObject({ TableStatus: 'ACTIVE', TableArn: expect.stringContaining(TableName) as string });
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
  await put('taken');
  await put('gone');
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
    { Delete: { TableName, Key: key('gone') } },
  ]);
  expect(await get('made-1')).toBeDefined();
  expect((await get('exists'))!['version']).toEqual({ N: '2' });
  expect(await get('taken')).toBeDefined();
  expect(await get('gone')).toBeUndefined();
});

test('a transaction repeated under its token has one effect; the token with other content is refused', async () => {
  await put('tally');
  const add: TransactWriteItem[] = [{ Update: { TableName, Key: key('tally'), UpdateExpression: 'ADD version :one', ExpressionAttributeValues: { ':one': { N: '1' } } } }];
  const token = target.unique('token');
  await transact(add, token);
  await transact(add, token);
  expect((await get('tally'))!['version']).toEqual({ N: '2' });
  await expect(transact([{ Delete: { TableName, Key: key('tally') } }], token)).rejects.toMatchObject({ name: 'IdempotentParameterMismatchException' });
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

test('keeps the backup setting', async () => {
  await client.send(new UpdateContinuousBackupsCommand({ TableName, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: true } }));
  const { ContinuousBackupsDescription } = await client.send(new DescribeContinuousBackupsCommand({ TableName }));
  expect(ContinuousBackupsDescription!.PointInTimeRecoveryDescription!.PointInTimeRecoveryStatus).toBe('ENABLED');
});

describe('update expressions', () => {
  const list = (...values: string[]) => ({ L: values.map((S) => ({ S })) });

  test('set, remove, add and delete act on the item as it was', async () => {
    await put('acts', { a: { N: '1' }, b: { N: '2' }, l: list('0', '1', '2', '3'), s: { SS: ['x', 'y'] }, m: { M: { k: { S: 'v' } } } });
    const after = await update('acts', 'SET a = b, b = a, m.n = if_not_exists(m.n, :one), l[9] = :end, copied = m REMOVE l[0], l[2] ADD tally :one, s :z DELETE gone :z', { ':one': { N: '1' }, ':end': { S: 'end' }, ':z': { SS: ['z'] } });
    expect(after).toMatchObject({ a: { N: '2' }, b: { N: '1' }, l: list('1', '3', 'end'), tally: { N: '1' }, m: { M: { k: { S: 'v' }, n: { N: '1' } } }, copied: { M: { k: { S: 'v' } } } });
    expect(after['s']!.SS!.sort()).toEqual(['x', 'y', 'z']);
    expect(after['gone']).toBeUndefined();
    expect((await update('acts', 'DELETE s :all SET l = list_append(:first, l), a = a - :one', { ':all': { SS: ['x', 'y', 'z'] }, ':first': list('f'), ':one': { N: '1' } }))).toMatchObject({ l: list('f', '1', '3', 'end'), a: { N: '1' } });
    expect((await get('acts'))!['s']).toBeUndefined();
  });

  test('says what is wrong', async () => {
    await put('wrong', { t: { S: 'text' } });
    await expect(update('wrong', 'SET pk = :v', { ':v': { S: 'x' } })).rejects.toMatchObject(invalid('part of the key'));
    await expect(update('wrong', 'SET a.b = :v', { ':v': { S: 'x' } })).rejects.toMatchObject(invalid('document path'));
    await expect(update('wrong', 'ADD t :v', { ':v': { N: '1' } })).rejects.toMatchObject(invalid('incorrect data type'));
    await expect(update('wrong', 'SET a = absent', undefined)).rejects.toMatchObject(invalid('does not exist in the item'));
    await expect(update('wrong', 'SET a = :v', { ':v': { S: 'x' }, ':unused': { S: 'x' } })).rejects.toMatchObject(invalid('unused'));
    await expect(update('wrong', 'SET a = :v, a = :v', { ':v': { S: 'x' } })).rejects.toMatchObject(invalid('overlap'));
    await expect(update('wrong', 'SET name = :v', { ':v': { S: 'x' } })).rejects.toMatchObject(invalid('reserved'));
    await expect(update('wrong', 'SET due = :v', { ':v': { S: 'x' } })).rejects.toMatchObject(invalid('.'));
    await expect(put('wrong', { due: { S: 'not a number' } })).rejects.toMatchObject(invalid('Type mismatch for Index Key'));
    await expect(put('wrong', { state: { S: '' } })).rejects.toMatchObject(invalid('secondary index key'));
  });

  test('tells old and new values', async () => {
    await put('told', { a: { N: '1' } });
    const returned = async (ReturnValues: 'UPDATED_OLD' | 'UPDATED_NEW' | 'ALL_OLD' | 'NONE') => (await client.send(new UpdateItemCommand({ TableName, Key: key('told'), UpdateExpression: 'ADD a :one', ExpressionAttributeValues: { ':one': { N: '1' } }, ReturnValues }))).Attributes;
    expect(await returned('UPDATED_OLD')).toEqual({ a: { N: '1' } });
    expect(await returned('UPDATED_NEW')).toEqual({ a: { N: '3' } });
    expect(await returned('ALL_OLD')).toMatchObject({ a: { N: '3' }, version: { N: '1' } });
    expect(await returned('NONE')).toBeUndefined();
    expect((await client.send(new DeleteItemCommand({ TableName, Key: key('told'), ReturnValues: 'ALL_OLD' }))).Attributes).toMatchObject({ a: { N: '5' } });
  });

  test('numbers keep 38 digits and no more', async () => {
    const most = '9'.repeat(38);
    await put('number', { n: { N: most } });
    expect((await get('number'))!['n']).toEqual({ N: most });
    await expect(put('number', { n: { N: '9'.repeat(39) } })).rejects.toMatchObject(invalid('38 significant digits'));
    await expect(update('number', 'ADD n :v', { ':v': { N: '0.1' } })).rejects.toMatchObject(invalid('38 significant digits'));
    await expect(put('number', { n: { N: '1e126' } })).rejects.toMatchObject(invalid('overflow'));
  });
});

describe('conditions', () => {
  const holds = async (ConditionExpression: string, values?: Record<string, AttributeValue>) => client.send(new PutItemCommand({
    TableName, Item: { ...key('probe'), ...probe }, ConditionExpression, ...(values && { ExpressionAttributeValues: values }),
  })).then(() => true, (error: unknown) => {
    if ((error as Error).name === 'ConditionalCheckFailedException') return false;
    throw error;
  });
  const probe = { n: { N: '10' }, s: { S: 'abc' }, l: { L: [{ N: '1' }, { M: { k: { S: 'v' } } }] }, m: { M: { k: { S: 'v' } } }, ss: { SS: ['b', 'a'] }, bin: { B: new Uint8Array([255, 1]) }, off: { BOOL: false } };
  beforeAll(() => client.send(new PutItemCommand({ TableName, Item: { ...key('probe'), ...probe } })));

  test.each<[string, Record<string, AttributeValue> | undefined, boolean]>([
    ['n > :v', { ':v': { N: '9' } }, true],
    ['n = :v', { ':v': { N: '10.0' } }, true],
    ['n BETWEEN :a AND :b', { ':a': { N: '10' }, ':b': { N: '11' } }, true],
    ['n IN (:a, :b)', { ':a': { N: '1' }, ':b': { N: '10' } }, true],
    ['s < :v', { ':v': { S: 'abd' } }, true],
    ['s < :v', { ':v': { N: '1' } }, false],
    ['begins_with(s, :v)', { ':v': { S: 'ab' } }, true],
    ['begins_with(bin, :v)', { ':v': { B: new Uint8Array([255]) } }, true],
    ['contains(s, :v)', { ':v': { S: 'bc' } }, true],
    ['contains(ss, :v)', { ':v': { S: 'a' } }, true],
    ['contains(l, :v)', { ':v': { M: { k: { S: 'v' } } } }, true],
    ['contains(l, :v)', { ':v': { N: '2' } }, false],
    ['m = :v', { ':v': { M: { k: { S: 'v' } } } }, true],
    ['l = :v', { ':v': { L: [{ N: '1' }, { M: { k: { S: 'v' } } }] } }, true],
    ['ss = :v', { ':v': { SS: ['a', 'b'] } }, true],
    ['m.k = l[1].k', undefined, true],
    ['size(l) = :v', { ':v': { N: '2' } }, true],
    ['attribute_type(m, :v)', { ':v': { S: 'M' } }, true],
    ['attribute_exists(m.k) AND NOT attribute_exists(m.x)', undefined, true],
    ['absent <> :v', { ':v': { S: 'x' } }, true],
    ['absent = :v OR absent < :v', { ':v': { S: 'x' } }, false],
    ['attribute_not_exists(off)', undefined, false],
  ])('%s', async (expression, values, expected) => {
    expect(await holds(expression, values)).toBe(expected);
  });
});

describe('reads', () => {
  test('a scan ends a page at 1 MB, goes through segments, filters after it has read', async () => {
    const Big = target.unique('big');
    await client.send(new CreateTableCommand({ TableName: Big, BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] }));
    await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, { TableName: Big });
    for (let i = 0; i < 15; i++) await client.send(new PutItemCommand({ TableName: Big, Item: { pk: { S: `item-${i}` }, fill: { S: 'x'.repeat(100_000) } } }));
    const first = await client.send(new ScanCommand({ TableName: Big, FilterExpression: 'pk = :never', ExpressionAttributeValues: { ':never': { S: '-' } }, ReturnConsumedCapacity: 'TOTAL' }));
    expect(first).toMatchObject({ Count: 0, ScannedCount: 11, LastEvaluatedKey: { pk: { S: expect.any(String) as string } } });
    expect(first.ConsumedCapacity!.CapacityUnits).toBeGreaterThan(130);
    const seen: string[] = [];
    for (const Segment of [0, 1, 2]) for await (const page of paginateScan({ client }, { TableName: Big, Segment, TotalSegments: 3, ProjectionExpression: 'pk' })) seen.push(...page.Items!.map((item) => item['pk']!.S!));
    expect(seen.sort()).toEqual(Array.from({ length: 15 }, (_, i) => `item-${i}`).sort());
    const counted = await client.send(new ScanCommand({ TableName: Big, Select: 'COUNT', Limit: 4 }));
    expect([counted.Count, counted.Items]).toEqual([4, undefined]);
    await client.send(new DeleteTableCommand({ TableName: Big }));
  });

  test('an index is never read consistently, and holds its projection only', async () => {
    await put('projected', { state: { S: 'PROJECTED' }, due: { N: '1' } });
    const query = (more: object) => client.send(new QueryCommand({ TableName, IndexName: 'due', KeyConditionExpression: '#s = :s', ExpressionAttributeNames: { '#s': 'state' }, ExpressionAttributeValues: { ':s': { S: 'PROJECTED' } }, ...more }));
    await expect(query({ ConsistentRead: true })).rejects.toMatchObject(invalid('not supported on global secondary indexes'));
    await expect(query({ Select: 'ALL_ATTRIBUTES' })).rejects.toMatchObject(invalid('ALL_ATTRIBUTES'));
    expect((await query({})).Items).toEqual([{ ...key('projected'), state: { S: 'PROJECTED' }, due: { N: '1' } }]);
  });

  test('a range of an index has its bounds', async () => {
    for (const due of ['1', '2', '3', '10']) await put(`bound-${due}`, { state: { S: 'BOUND' }, due: { N: due } });
    const found = async (condition: string, values: Record<string, AttributeValue>, more: object = {}) => (await client.send(new QueryCommand({
      TableName, IndexName: 'due', KeyConditionExpression: `#s = :s AND ${condition}`, ExpressionAttributeNames: { '#s': 'state' }, ExpressionAttributeValues: { ':s': { S: 'BOUND' }, ...values }, ...more,
    }))).Items!.map((item) => Number(item['due']!.N));
    const two = { ':v': { N: '2' } };
    expect(await found('due = :v', two)).toEqual([2]);
    expect(await found('due <= :v', two)).toEqual([1, 2]);
    expect(await found('due < :v', two)).toEqual([1]);
    expect(await found('due >= :v', two)).toEqual([2, 3, 10]);
    expect(await found('due > :v', two)).toEqual([3, 10]);
    expect(await found('due BETWEEN :v AND :w', { ...two, ':w': { N: '10' } })).toEqual([2, 3, 10]);
    expect(await found('due BETWEEN :v AND :w', { ...two, ':w': { N: '10' } }, { ScanIndexForward: false, Limit: 2 })).toEqual([10, 3]);
  });

  test('keys have limits, and are not empty', async () => {
    await expect(put('')).rejects.toMatchObject(invalid('empty string value'));
    await expect(put('x'.repeat(2049))).rejects.toMatchObject(invalid('2048|hashkey'));
    await expect(client.send(new PutItemCommand({ TableName, Item: key('sort', 'ä'.repeat(513)) }))).rejects.toMatchObject(invalid('1024'));
    await expect(put('too big', { fill: { S: 'ä'.repeat(204_800) } })).rejects.toMatchObject(invalid('maximum allowed size'));
    await put('empty text', { fill: { S: '' } });
    await expect(put('empty set', { fill: { SS: [] } })).rejects.toMatchObject({ name: 'ValidationException' });
  });
});

describe('batches', () => {
  const write = (...pks: string[]) => client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: pks.map((pk) => ({ PutRequest: { Item: key(pk) } })) } }));

  test('write up to 25 and read up to 100, each item once', async () => {
    const pks = Array.from({ length: 25 }, (_, i) => `batch-${i}`);
    expect((await write(...pks)).UnprocessedItems).toEqual({});
    await expect(write(...pks, 'one more')).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(write('twice', 'twice')).rejects.toMatchObject(invalid('duplicates'));
    const read = await client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: [...pks, 'absent'].map((pk) => key(pk)), ProjectionExpression: 'pk' } } }));
    expect(read.Responses![TableName]!.map((item) => item['pk']!.S).sort()).toEqual(pks.sort());
    expect(read.UnprocessedKeys).toEqual({});
    await expect(client.send(new BatchGetItemCommand({ RequestItems: { [TableName]: { Keys: Array.from({ length: 101 }, (_, i) => key(`k-${i}`)) } } }))).rejects.toMatchObject({ name: 'ValidationException' });
    await client.send(new BatchWriteItemCommand({ RequestItems: { [TableName]: pks.map((pk) => ({ DeleteRequest: { Key: key(pk) } })) } }));
    expect(await get('batch-0')).toBeUndefined();
  });

  test('a transaction has up to 100 actions; what is wrong in itself is no cancellation', async () => {
    const many = (count: number) => transact(Array.from({ length: count }, (_, i) => ({ Put: { TableName, Item: key(`t-${i}`) } })));
    await many(100);
    await expect(many(101)).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(transact([{ Update: { TableName, Key: key('t-1'), UpdateExpression: 'SET a = nonsense(' } }])).rejects.toMatchObject({ name: 'ValidationException' });
    await put('typed', { t: { S: 'text' } });
    await expect(transact([{ Put: { TableName, Item: key('t-2'), ...isNew } }, { Update: { TableName, Key: key('typed'), UpdateExpression: 'ADD t :one', ExpressionAttributeValues: { ':one': { N: '1' } } } }]))
      .rejects.toMatchObject({ name: 'TransactionCanceledException', CancellationReasons: [{ Code: 'ConditionalCheckFailed' }, { Code: 'ValidationError' }] });
    await expect(transact([{ Put: { TableName: target.unique('nowhere'), Item: key('x') } }])).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  });
});

describe('tables', () => {
  test('indexes come and go, protection is heeded, tags are kept', async () => {
    const Name = target.unique('changing');
    const named = { TableName: Name };
    await client.send(new CreateTableCommand({ ...named, BillingMode: 'PAY_PER_REQUEST', DeletionProtectionEnabled: true, AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] }));
    await waitUntilTableExists({ client, maxWaitTime: 60, minDelay: 1 }, named);
    await client.send(new PutItemCommand({ ...named, Item: { pk: { S: '1' }, kind: { S: 'a' } } }));
    await client.send(new PutItemCommand({ ...named, Item: { pk: { S: '2' } } }));
    await client.send(new UpdateTableCommand({
      ...named, AttributeDefinitions: [{ AttributeName: 'kind', AttributeType: 'S' }],
      GlobalSecondaryIndexUpdates: [{ Create: { IndexName: 'kind', KeySchema: [{ AttributeName: 'kind', KeyType: 'HASH' }], Projection: { ProjectionType: 'ALL' } } }],
    }));
    const byKind = () => client.send(new QueryCommand({ ...named, IndexName: 'kind', KeyConditionExpression: 'kind = :a', ExpressionAttributeValues: { ':a': { S: 'a' } } }));
    await settled(async () => (await client.send(new DescribeTableCommand(named))).Table!.GlobalSecondaryIndexes?.[0]?.IndexStatus === 'ACTIVE');
    expect((await byKind()).Items).toEqual([{ pk: { S: '1' }, kind: { S: 'a' } }]);
    await client.send(new PutItemCommand({ ...named, Item: { pk: { S: '3' }, kind: { S: 'a' } } }));
    expect((await byKind()).Count).toBe(2);
    await client.send(new UpdateTableCommand({ ...named, GlobalSecondaryIndexUpdates: [{ Delete: { IndexName: 'kind' } }] }));
    await settled(async () => (await client.send(new DescribeTableCommand(named))).Table!.GlobalSecondaryIndexes === undefined);
    await expect(byKind()).rejects.toMatchObject({ name: 'ValidationException' });
    await expect(client.send(new DeleteTableCommand(named))).rejects.toMatchObject(invalid('protected'));
    await client.send(new UpdateTableCommand({ ...named, DeletionProtectionEnabled: false }));
    const { Table } = await client.send(new DescribeTableCommand(named));
    expect(Table).toMatchObject({ DeletionProtectionEnabled: false, BillingModeSummary: { BillingMode: 'PAY_PER_REQUEST' } });
    await client.send(new TagResourceCommand({ ResourceArn: Table!.TableArn!, Tags: [{ Key: 'a', Value: '1' }, { Key: 'b', Value: '2' }] }));
    await client.send(new UntagResourceCommand({ ResourceArn: Table!.TableArn!, TagKeys: ['a'] }));
    expect((await client.send(new ListTagsOfResourceCommand({ ResourceArn: Table!.TableArn! }))).Tags).toEqual([{ Key: 'b', Value: '2' }]);
    expect((await client.send(new ListTablesCommand({ ExclusiveStartTableName: Name.slice(0, -1), Limit: 1 }))).TableNames).toEqual([Name]);
    await client.send(new DeleteTableCommand(named));
    await settled(() => client.send(new DescribeTableCommand(named)).then(() => false, (error: unknown) => (error as Error).name === 'ResourceNotFoundException'));
  });

  test('time to live is set once and taken away once', async () => {
    const ttl = (Enabled: boolean) => client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification: { AttributeName: 'expires', Enabled } }));
    await ttl(true);
    await expect(ttl(true)).rejects.toMatchObject(invalid('already enabled'));
    expect((await client.send(new DescribeTimeToLiveCommand({ TableName }))).TimeToLiveDescription!.AttributeName).toBe('expires');
    // what has expired is there until it is deleted
    await put('expired', { expires: { N: String(Math.floor(Date.now() / 1000) - 10) } });
    expect(await get('expired')).toBeDefined();
  });

  test('what is not there says so', async () => {
    await expect(client.send(new GetItemCommand({ TableName: target.unique('nowhere'), Key: key('x') }))).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
    await expect(client.send(new CreateTableCommand({ TableName, BillingMode: 'PAY_PER_REQUEST', AttributeDefinitions: [{ AttributeName: 'pk', AttributeType: 'S' }], KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }] }))).rejects.toMatchObject({ name: 'ResourceInUseException' });
    if (target.own) await expect(client.send(new ExecuteStatementCommand({ Statement: `SELECT * FROM "${TableName}"` }))).rejects.toMatchObject({ name: 'UnknownOperationException' });
  });
});

/** Asks until it is so; here that is at once. */
async function settled(isSo: () => Promise<boolean>): Promise<void> {
  for (let attempt = 0; !(await isSo()); attempt++) {
    if (attempt > 60) throw new Error('it never came to be so');
    await new Promise((resolve) => setTimeout(resolve, 1000));
  }
}
