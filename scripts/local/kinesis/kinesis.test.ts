import { randomBytes } from 'node:crypto';
import {
  AddTagsToStreamCommand, CreateStreamCommand, DeleteStreamCommand, DescribeStreamCommand, DescribeStreamSummaryCommand, GetRecordsCommand, GetShardIteratorCommand, IncreaseStreamRetentionPeriodCommand,
  KinesisClient, ListShardsCommand, ListStreamsCommand, ListTagsForStreamCommand, MergeShardsCommand, PutRecordCommand, PutRecordsCommand, SplitShardCommand, UpdateShardCountCommand,
} from '@aws-sdk/client-kinesis';
import type { GetShardIteratorCommandInput } from '@aws-sdk/client-kinesis';
import { startForTest } from '../started-for-test.ts';
import type { StartedForTest } from '../started-for-test.ts';

let started: StartedForTest;
let client: KinesisClient;

beforeAll(async () => {
  started = await startForTest(`${__dirname}/..`);
  client = new KinesisClient({ ...started.client, maxAttempts: 1 });
});

afterAll(async () => {
  client.destroy();
  await started.close();
});

let made = 0;
async function stream(ShardCount: number): Promise<string> {
  const StreamName = `events-${++made}`;
  await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
  return StreamName;
}
const shardIds = async (StreamName: string) => (await client.send(new ListShardsCommand({ StreamName }))).Shards!.map((one) => one.ShardId!);
const put = (StreamName: string, ...keys: string[]) => client.send(new PutRecordsCommand({ StreamName, Records: keys.map((PartitionKey) => ({ PartitionKey, Data: Buffer.from(`data of ${PartitionKey}`) })) }));
const iterator = async (StreamName: string, ShardId: string, more: Partial<GetShardIteratorCommandInput> = {}) =>
  (await client.send(new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON', ...more }))).ShardIterator!;
const records = (ShardIterator: string, Limit?: number) => client.send(new GetRecordsCommand({ ShardIterator, ...(Limit !== undefined && { Limit }) }));
const text = (data: Uint8Array | undefined) => Buffer.from(data!).toString();

test('what was put is read in order, with rising sequence numbers, and the same key always lies in the same shard', async () => {
  const StreamName = await stream(3);
  const keys = Array.from({ length: 60 }, (_, i) => `key-${i % 20}`);
  const { Records, FailedRecordCount } = await put(StreamName, ...keys);
  expect(FailedRecordCount).toBe(0);
  expect(new Set(Records!.map((one) => one.ShardId)).size).toBe(3);
  for (const [i, key] of keys.entries()) expect(Records![i]!.ShardId).toBe(Records![keys.indexOf(key)]!.ShardId);
  let total = 0;
  for (const id of await shardIds(StreamName)) {
    const { Records: read, MillisBehindLatest } = await records(await iterator(StreamName, id));
    total += read!.length;
    expect(MillisBehindLatest).toBe(0);
    const sequences = read!.map((one) => one.SequenceNumber!);
    expect(sequences).toEqual([...sequences].sort());
    expect(sequences.every((one) => one.length === 56)).toBe(true);
    for (const one of read!) expect(text(one.Data)).toBe(`data of ${one.PartitionKey}`);
  }
  expect(total).toBe(60);
});

test('reads on from where an iterator stands', async () => {
  const StreamName = await stream(1);
  const [ShardId] = await shardIds(StreamName);
  const placed = (await put(StreamName, 'a', 'b', 'c', 'd')).Records!;
  const keysFrom = async (more: Partial<GetShardIteratorCommandInput>) => (await records(await iterator(StreamName, ShardId!, more))).Records!.map((one) => one.PartitionKey);
  const first = await records(await iterator(StreamName, ShardId!), 3);
  expect(first.Records).toHaveLength(3);
  expect(first.MillisBehindLatest).toBeGreaterThan(0);
  expect((await records(first.NextShardIterator!)).Records!.map((one) => one.PartitionKey)).toEqual(['d']);
  expect(await keysFrom({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: placed[1]!.SequenceNumber! })).toEqual(['b', 'c', 'd']);
  expect(await keysFrom({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: placed[1]!.SequenceNumber! })).toEqual(['c', 'd']);
  expect(await keysFrom({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(Date.now() - 60_000) })).toEqual(['a', 'b', 'c', 'd']);
  expect(await keysFrom({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(Date.now() + 60_000) })).toEqual([]);
  const latest = await iterator(StreamName, ShardId!, { ShardIteratorType: 'LATEST' });
  await put(StreamName, 'e');
  expect((await records(latest)).Records!.map((one) => one.PartitionKey)).toEqual(['e']);
});

test('a split closes the shard, names its children, and loses nothing', async () => {
  const StreamName = await stream(1);
  await put(StreamName, ...Array.from({ length: 20 }, (_, i) => `k${i}`));
  await client.send(new SplitShardCommand({ StreamName, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: String(2n ** 127n) }));
  await put(StreamName, ...Array.from({ length: 20 }, (_, i) => `k${i}`));
  const parent = await records(await iterator(StreamName, 'shardId-000000000000'));
  expect(parent.Records).toHaveLength(20);
  expect(parent.NextShardIterator).toBeUndefined();
  expect(parent.ChildShards!.map((one) => [one.ShardId, one.ParentShards])).toEqual([['shardId-000000000001', ['shardId-000000000000']], ['shardId-000000000002', ['shardId-000000000000']]]);
  const children = await Promise.all(['shardId-000000000001', 'shardId-000000000002'].map(async (id) => (await records(await iterator(StreamName, id))).Records!.length));
  expect(children[0]! + children[1]!).toBe(20);
  expect(Math.min(...children)).toBeGreaterThan(0);

  await client.send(new MergeShardsCommand({ StreamName, ShardToMerge: 'shardId-000000000001', AdjacentShardToMerge: 'shardId-000000000002' }));
  const merged = (await client.send(new DescribeStreamCommand({ StreamName }))).StreamDescription!.Shards!.at(-1)!;
  expect(merged).toMatchObject({ ParentShardId: 'shardId-000000000001', AdjacentParentShardId: 'shardId-000000000002', HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) } });
});

test('a new shard count leaves ranges without gaps', async () => {
  const StreamName = await stream(2);
  for (const target of [5, 3]) {
    await client.send(new UpdateShardCountCommand({ StreamName, TargetShardCount: target, ScalingType: 'UNIFORM_SCALING' }));
    const open = (await client.send(new ListShardsCommand({ StreamName, ShardFilter: { Type: 'AT_LATEST' } }))).Shards!.map((one) => one.HashKeyRange!).sort((a, b) => (BigInt(a.StartingHashKey!) < BigInt(b.StartingHashKey!) ? -1 : 1));
    expect(open).toHaveLength(target);
    let next = 0n;
    for (const range of open) {
      expect(BigInt(range.StartingHashKey!)).toBe(next);
      next = BigInt(range.EndingHashKey!) + 1n;
    }
    expect(next).toBe(2n ** 128n);
  }
});

test('limits are those of the service', async () => {
  const StreamName = await stream(1);
  await expect(put(StreamName, ...Array.from({ length: 501 }, (_, i) => `k${i}`))).rejects.toMatchObject({ name: 'ValidationException' });
  const large = (bytes: number) => ({ StreamName, PartitionKey: 'k', Data: Buffer.alloc(bytes) });
  await expect(client.send(new PutRecordCommand(large(1024 * 1024)))).rejects.toMatchObject({ name: 'ValidationException' });
  await client.send(new PutRecordCommand(large(1024 * 1024 - 1)));
  const six = Array.from({ length: 6 }, () => ({ PartitionKey: 'k', Data: randomBytes(900_000) }));
  await expect(client.send(new PutRecordsCommand({ StreamName, Records: six }))).rejects.toMatchObject({ name: 'InvalidArgumentException' });
  await expect(put('nowhere', 'k')).rejects.toMatchObject({ name: 'ResourceNotFoundException' });
  await expect(records('nonsense')).rejects.toMatchObject({ name: 'InvalidArgumentException' });
});

test('describes, tags, retains and deletes', async () => {
  const StreamName = await stream(2);
  await client.send(new IncreaseStreamRetentionPeriodCommand({ StreamName, RetentionPeriodHours: 168 }));
  await client.send(new AddTagsToStreamCommand({ StreamName, Tags: { owner: 'core' } }));
  expect((await client.send(new ListTagsForStreamCommand({ StreamName }))).Tags).toEqual([{ Key: 'owner', Value: 'core' }]);
  expect((await client.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary).toMatchObject({ OpenShardCount: 2, RetentionPeriodHours: 168, StreamStatus: 'ACTIVE', StreamARN: `arn:aws:kinesis:eu-west-1:000000000000:stream/${StreamName}` });
  await expect(client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))).rejects.toMatchObject({ name: 'ResourceInUseException' });
  await client.send(new DeleteStreamCommand({ StreamName }));
  expect((await client.send(new ListStreamsCommand({}))).StreamNames).not.toContain(StreamName);
});

test('a poller in this process is woken, reads by bytes and by position, and sees how far behind it is', async () => {
  const StreamName = await stream(1);
  const { kinesis } = started.services;
  const woken: string[] = [];
  const undo = kinesis.onAppend(StreamName, (shardId) => woken.push(shardId));
  const placed = (await put(StreamName, 'a', 'b', 'c')).Records!;
  expect(woken).toEqual(['shardId-000000000000']);
  const all = kinesis.read(StreamName, 'shardId-000000000000', undefined, 10, 1e6);
  expect(all.records.map((one) => one.partitionKey)).toEqual(['a', 'b', 'c']);
  expect(all.finished).toBe(false);
  expect(kinesis.read(StreamName, 'shardId-000000000000', undefined, 10, 1).records).toHaveLength(1);
  expect(kinesis.read(StreamName, 'shardId-000000000000', placed[1]!.SequenceNumber, 10, 1e6).records.map((one) => one.partitionKey)).toEqual(['c']);
  expect(kinesis.tip(StreamName, 'shardId-000000000000')).toBe(placed[2]!.SequenceNumber);
  expect(kinesis.iteratorAge(StreamName, 'shardId-000000000000', placed[2]!.SequenceNumber)).toBe(0);
  undo();
  await client.send(new SplitShardCommand({ StreamName, ShardToSplit: 'shardId-000000000000', NewStartingHashKey: '1000' }));
  expect(woken).toHaveLength(1);
  expect(kinesis.read(StreamName, 'shardId-000000000000', placed[2]!.SequenceNumber, 10, 1e6)).toMatchObject({ records: [], finished: true, children: ['shardId-000000000001', 'shardId-000000000002'] });
});
