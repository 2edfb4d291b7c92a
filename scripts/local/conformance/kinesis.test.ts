import { randomBytes } from 'node:crypto';
import {
  AddTagsToStreamCommand, CreateStreamCommand, DecreaseStreamRetentionPeriodCommand, DeleteStreamCommand, DescribeStreamCommand, DescribeStreamSummaryCommand, GetRecordsCommand, GetShardIteratorCommand,
  IncreaseStreamRetentionPeriodCommand, KinesisClient, ListShardsCommand, ListStreamsCommand, ListTagsForStreamCommand, MergeShardsCommand, PutRecordCommand, PutRecordsCommand, RemoveTagsFromStreamCommand,
  RegisterStreamConsumerCommand, SplitShardCommand, UpdateShardCountCommand, UpdateStreamModeCommand, waitUntilStreamExists, waitUntilStreamNotExists,
} from '@aws-sdk/client-kinesis';
import type { GetShardIteratorCommandInput, ListShardsCommandInput } from '@aws-sdk/client-kinesis';
import { conformanceTarget } from './target.ts';
import type { ConformanceTarget } from './target.ts';

let target: ConformanceTarget;
let client: KinesisClient;
const made: string[] = [];

beforeAll(async () => {
  target = await conformanceTarget();
  client = new KinesisClient({ ...target.client, maxAttempts: 1 });
});

afterAll(async () => {
  await Promise.all(made.map((StreamName) => client.send(new DeleteStreamCommand({ StreamName })).catch(() => undefined)));
  client.destroy();
  await target.close();
});

async function stream(ShardCount: number): Promise<string> {
  const StreamName = target.unique('events');
  made.push(StreamName);
  await client.send(new CreateStreamCommand({ StreamName, ShardCount }));
  await ready(StreamName);
  return StreamName;
}
/** Changes of shards take effect when the stream is ACTIVE again. */
const ready = (StreamName: string) => waitUntilStreamExists({ client, maxWaitTime: 60, minDelay: 1 }, { StreamName });
const shards = async (StreamName: string, more: Partial<ListShardsCommandInput> = {}) => (await client.send(new ListShardsCommand({ StreamName, ...more }))).Shards!;
const ids = async (StreamName: string, more: Partial<ListShardsCommandInput> = {}) => (await shards(StreamName, more)).map((one) => one.ShardId!);
const put = (StreamName: string, ...keys: string[]) => client.send(new PutRecordsCommand({ StreamName, Records: keys.map((PartitionKey) => ({ PartitionKey, Data: Buffer.from(`data of ${PartitionKey}`) })) }));
const iterator = async (StreamName: string, ShardId: string, more: Partial<GetShardIteratorCommandInput> = {}) =>
  (await client.send(new GetShardIteratorCommand({ StreamName, ShardId, ShardIteratorType: 'TRIM_HORIZON', ...more }))).ShardIterator!;
const records = (ShardIterator: string, Limit?: number) => client.send(new GetRecordsCommand({ ShardIterator, ...(Limit !== undefined && { Limit }) }));
const refused = (name: string, message: string | RegExp = '') => ({ name, message: expect.stringMatching(message) as string });
const text = (data: Uint8Array | undefined) => Buffer.from(data!).toString();
const keys = (count: number) => Array.from({ length: count }, (_, i) => `k${i}`);
const FIRST = 'shardId-000000000000';

describe('putting and reading', () => {
  it('reads in order what was put, with rising sequence numbers; one key lies in one shard', async () => {
    const StreamName = await stream(3);
    const sent = Array.from({ length: 60 }, (_, i) => `key-${i % 20}`);
    const { Records, FailedRecordCount } = await put(StreamName, ...sent);
    expect(FailedRecordCount).toBe(0);
    expect(new Set(Records!.map((one) => one.ShardId)).size).toBe(3);
    for (const [i, key] of sent.entries()) expect(Records![i]!.ShardId).toBe(Records![sent.indexOf(key)]!.ShardId);
    let total = 0;
    for (const id of await ids(StreamName)) {
      const { Records: read, MillisBehindLatest } = await records(await iterator(StreamName, id));
      total += read!.length;
      expect(MillisBehindLatest).toBe(0);
      const sequences = read!.map((one) => BigInt(one.SequenceNumber!));
      expect(sequences.every((one, i) => i === 0 || one > sequences[i - 1]!)).toBe(true);
      for (const one of read!) expect(text(one.Data)).toBe(`data of ${one.PartitionKey}`);
    }
    expect(total).toBe(60);
  });

  it('puts where an explicit hash key says', async () => {
    const StreamName = await stream(2);
    const at = async (ExplicitHashKey: string) => (await client.send(new PutRecordCommand({ StreamName, PartitionKey: 'same', ExplicitHashKey, Data: Buffer.from('x') }))).ShardId;
    expect([await at('0'), await at(String(2n ** 128n - 1n))]).toEqual([FIRST, 'shardId-000000000001']);
    await expect(at(String(2n ** 128n))).rejects.toMatchObject(refused('InvalidArgumentException', 'ExplicitHashKey'));
  });

  it('begins where each of the five iterator types says', async () => {
    const StreamName = await stream(1);
    const before = Date.now() - 60_000;
    const placed = (await put(StreamName, 'a', 'b', 'c', 'd')).Records!;
    const from = async (more: Partial<GetShardIteratorCommandInput>) => (await records(await iterator(StreamName, FIRST, more))).Records!.map((one) => one.PartitionKey);
    const StartingSequenceNumber = placed[1]!.SequenceNumber!;
    expect(await from({ ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual(['b', 'c', 'd']);
    expect(await from({ ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber })).toEqual(['c', 'd']);
    expect(await from({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(before) })).toEqual(['a', 'b', 'c', 'd']);
    const latest = await iterator(StreamName, FIRST, { ShardIteratorType: 'LATEST' });
    await put(StreamName, 'e');
    expect((await records(latest)).Records!.map((one) => one.PartitionKey)).toEqual(['e']);
    const arrived = (await records(await iterator(StreamName, FIRST, { ShardIteratorType: 'AFTER_SEQUENCE_NUMBER', StartingSequenceNumber: placed[3]!.SequenceNumber! }))).Records![0]!.ApproximateArrivalTimestamp!;
    expect((await from({ ShardIteratorType: 'AT_TIMESTAMP', Timestamp: arrived })).at(-1)).toBe('e');
  });

  it('goes on from the next iterator, and says how far behind it is', async () => {
    const StreamName = await stream(1);
    await put(StreamName, 'a', 'b', 'c', 'd');
    const first = await records(await iterator(StreamName, FIRST), 3);
    expect(first.Records).toHaveLength(3);
    expect(first.MillisBehindLatest).toBeGreaterThan(0);
    const rest = await records(first.NextShardIterator!);
    expect(rest.Records!.map((one) => one.PartitionKey)).toEqual(['d']);
    expect(rest.MillisBehindLatest).toBe(0);
  });

  it('keeps the limits of calls', async () => {
    const StreamName = await stream(1);
    await expect(put(StreamName, ...keys(501))).rejects.toMatchObject(refused('ValidationException'));
    await expect(put(StreamName)).rejects.toMatchObject(refused('ValidationException'));
    const large = (bytes: number) => ({ StreamName, PartitionKey: 'k', Data: Buffer.alloc(bytes) });
    await expect(client.send(new PutRecordCommand(large(1024 * 1024)))).rejects.toMatchObject(refused('ValidationException'));
    await client.send(new PutRecordCommand(large(1024 * 1024 - 1)));
    const eleven = Array.from({ length: 11 }, () => ({ PartitionKey: 'k', Data: randomBytes(1_000_000) }));
    await expect(client.send(new PutRecordsCommand({ StreamName, Records: eleven }))).rejects.toMatchObject({ name: expect.stringMatching(/^(InvalidArgument|Validation)Exception$/) as string });
    await expect(put(target.unique('nowhere'), 'k')).rejects.toMatchObject(refused('ResourceNotFoundException', 'not found'));
    await expect(records('nonsense')).rejects.toMatchObject(refused('InvalidArgumentException'));
    await expect(records(await iterator(StreamName, FIRST), 10_001)).rejects.toMatchObject({ name: expect.stringMatching(/^(InvalidArgument|Validation)Exception$/) as string });
    await expect(iterator(StreamName, 'shardId-000000000009')).rejects.toMatchObject(refused('ResourceNotFoundException'));
    await expect(iterator(StreamName, FIRST, { ShardIteratorType: 'AT_TIMESTAMP', Timestamp: new Date(Date.now() + 3_600_000) })).rejects.toMatchObject(refused('InvalidArgumentException', 'timestampInMillis'));
    await expect(iterator(StreamName, FIRST, { ShardIteratorType: 'AT_SEQUENCE_NUMBER', StartingSequenceNumber: '1' })).rejects.toMatchObject(refused('InvalidArgumentException', 'StartingSequenceNumber'));
  });
});

describe('resharding', () => {
  it('closes a split shard, names its children, loses nothing, and merges neighbours', async () => {
    const StreamName = await stream(1);
    await put(StreamName, ...keys(20));
    await client.send(new SplitShardCommand({ StreamName, ShardToSplit: FIRST, NewStartingHashKey: String(2n ** 127n) }));
    await ready(StreamName);
    await put(StreamName, ...keys(20));
    const children = ['shardId-000000000001', 'shardId-000000000002'];
    const parent = await records(await iterator(StreamName, FIRST));
    expect(parent.Records).toHaveLength(20);
    const end = parent.NextShardIterator ? await records(parent.NextShardIterator) : parent;
    expect(end.NextShardIterator).toBeUndefined();
    expect(end.ChildShards!.map((one) => [one.ShardId, one.ParentShards])).toEqual(children.map((id) => [id, [FIRST]]));
    const counts = await Promise.all(children.map(async (id) => (await records(await iterator(StreamName, id))).Records!.length));
    expect(counts[0]! + counts[1]!).toBe(20);
    expect(Math.min(...counts)).toBeGreaterThan(0);

    await client.send(new MergeShardsCommand({ StreamName, ShardToMerge: children[0], AdjacentShardToMerge: children[1] }));
    await ready(StreamName);
    const merged = (await client.send(new DescribeStreamCommand({ StreamName }))).StreamDescription!.Shards!.at(-1)!;
    expect(merged).toMatchObject({ ParentShardId: children[0], AdjacentParentShardId: children[1], HashKeyRange: { StartingHashKey: '0', EndingHashKey: String(2n ** 128n - 1n) } });
    await expect(client.send(new SplitShardCommand({ StreamName, ShardToSplit: FIRST, NewStartingHashKey: '5' }))).rejects.toMatchObject({ name: expect.stringMatching(/^(InvalidArgument|ResourceInUse)Exception$/) as string });
  });

  it('changes the shard count by up to double and down to half, without gaps', async () => {
    const StreamName = await stream(2);
    const count = async (TargetShardCount: number) => {
      await client.send(new UpdateShardCountCommand({ StreamName, TargetShardCount, ScalingType: 'UNIFORM_SCALING' }));
      await ready(StreamName);
      const ranges = (await shards(StreamName, { ShardFilter: { Type: 'AT_LATEST' } })).map((one) => one.HashKeyRange!).sort((a, b) => (BigInt(a.StartingHashKey!) < BigInt(b.StartingHashKey!) ? -1 : 1));
      expect(ranges).toHaveLength(TargetShardCount);
      let next = 0n;
      for (const range of ranges) {
        expect(BigInt(range.StartingHashKey!)).toBe(next);
        next = BigInt(range.EndingHashKey!) + 1n;
      }
      expect(next).toBe(2n ** 128n);
    };
    await count(4);
    await count(3);
    await count(2);
    await expect(count(5)).rejects.toMatchObject(refused('LimitExceededException'));
    await count(4);
    await expect(count(1)).rejects.toMatchObject(refused('LimitExceededException'));
  });

  it('lists shards by filter and page by page', async () => {
    const StreamName = await stream(2);
    const second = 'shardId-000000000001';
    await client.send(new SplitShardCommand({ StreamName, ShardToSplit: FIRST, NewStartingHashKey: '1000' }));
    await ready(StreamName);
    const [third, fourth] = ['shardId-000000000002', 'shardId-000000000003'];
    const filtered = async (ShardFilter: ListShardsCommandInput['ShardFilter']) => (await ids(StreamName, { ShardFilter })).sort();
    expect(await filtered({ Type: 'AT_LATEST' })).toEqual([second, third, fourth]);
    expect(await filtered({ Type: 'AT_TRIM_HORIZON' })).toEqual([FIRST, second]);
    expect(await filtered({ Type: 'FROM_TRIM_HORIZON' })).toEqual([FIRST, second, third, fourth]);
    expect(await filtered({ Type: 'AFTER_SHARD_ID', ShardId: second })).toEqual([third, fourth]);
    expect(await filtered({ Type: 'AT_TIMESTAMP', Timestamp: new Date() })).toEqual([second, third, fourth]);
    expect(await filtered({ Type: 'FROM_TIMESTAMP', Timestamp: new Date() })).toEqual([second, third, fourth]);

    const seen: string[] = [];
    let page = await client.send(new ListShardsCommand({ StreamName, MaxResults: 3 }));
    for (;;) {
      seen.push(...page.Shards!.map((one) => one.ShardId!));
      if (!page.NextToken) break;
      page = await client.send(new ListShardsCommand({ NextToken: page.NextToken, MaxResults: 3 }));
    }
    expect(seen).toEqual([FIRST, second, third, fourth]);
    expect(await ids(StreamName, { ExclusiveStartShardId: third })).toEqual([fourth]);
    await expect(client.send(new ListShardsCommand({ StreamName, NextToken: 'x' }))).rejects.toMatchObject(refused('InvalidArgumentException'));
  });
});

describe('streams', () => {
  it('describes, tags, retains and deletes', async () => {
    const StreamName = await stream(2);
    const hours = async (RetentionPeriodHours: number, Command: typeof IncreaseStreamRetentionPeriodCommand | typeof DecreaseStreamRetentionPeriodCommand) => {
      await client.send(new Command({ StreamName, RetentionPeriodHours }));
      await ready(StreamName);
    };
    await hours(168, IncreaseStreamRetentionPeriodCommand);
    await expect(hours(48, IncreaseStreamRetentionPeriodCommand)).rejects.toMatchObject(refused('InvalidArgumentException', 'can not be shorter'));
    await expect(hours(200, DecreaseStreamRetentionPeriodCommand)).rejects.toMatchObject(refused('InvalidArgumentException', 'can not be longer'));
    await expect(hours(1, DecreaseStreamRetentionPeriodCommand)).rejects.toMatchObject(refused('InvalidArgumentException', 'too short'));
    await expect(hours(9000, IncreaseStreamRetentionPeriodCommand)).rejects.toMatchObject(refused('InvalidArgumentException', 'too long'));
    await client.send(new AddTagsToStreamCommand({ StreamName, Tags: { owner: 'core', stage: 'local' } }));
    await client.send(new RemoveTagsFromStreamCommand({ StreamName, TagKeys: ['stage'] }));
    expect((await client.send(new ListTagsForStreamCommand({ StreamName }))).Tags).toEqual([{ Key: 'owner', Value: 'core' }]);
    const summary = (await client.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary!;
    expect(summary).toMatchObject({ OpenShardCount: 2, RetentionPeriodHours: 168, StreamStatus: 'ACTIVE', StreamModeDetails: { StreamMode: 'PROVISIONED' } });
    expect(summary.StreamARN).toMatch(new RegExp(`^arn:aws:kinesis:[a-z0-9-]+:\\d{12}:stream/${StreamName}$`));
    expect((await client.send(new ListShardsCommand({ StreamARN: summary.StreamARN }))).Shards).toHaveLength(2);
    expect((await client.send(new DescribeStreamCommand({ StreamName, Limit: 1 }))).StreamDescription).toMatchObject({ HasMoreShards: true, Shards: [{ ShardId: FIRST }] });
    await expect(client.send(new CreateStreamCommand({ StreamName, ShardCount: 1 }))).rejects.toMatchObject(refused('ResourceInUseException'));
    await client.send(new DeleteStreamCommand({ StreamName }));
    await waitUntilStreamNotExists({ client, maxWaitTime: 60, minDelay: 1 }, { StreamName });
    await expect(client.send(new DescribeStreamSummaryCommand({ StreamName }))).rejects.toMatchObject(refused('ResourceNotFoundException'));
  });

  it('lists streams page by page', async () => {
    const names = [await stream(1), await stream(1), await stream(1)].sort();
    const seen: string[] = [];
    for (let NextToken: string | undefined; ;) {
      const page = await client.send(new ListStreamsCommand({ Limit: 2, ...(NextToken !== undefined && { NextToken }) }));
      seen.push(...page.StreamNames!);
      if (page.HasMoreStreams !== true) break;
      NextToken = page.NextToken!;
    }
    expect(names.every((name) => seen.filter((one) => one === name).length === 1)).toBe(true);
  });

  it('refuses resharding by hand on demand, and names that are none', async () => {
    const StreamName = target.unique('on-demand');
    made.push(StreamName);
    await client.send(new CreateStreamCommand({ StreamName, StreamModeDetails: { StreamMode: 'ON_DEMAND' } }));
    await ready(StreamName);
    expect(await ids(StreamName)).toHaveLength(4);
    await expect(client.send(new UpdateShardCountCommand({ StreamName, TargetShardCount: 8, ScalingType: 'UNIFORM_SCALING' }))).rejects.toMatchObject(refused('ValidationException'));
    await expect(client.send(new CreateStreamCommand({ StreamName: 'a/b', ShardCount: 1 }))).rejects.toMatchObject(refused('ValidationException'));
    const { StreamARN } = (await client.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary!;
    await client.send(new UpdateStreamModeCommand({ StreamARN, StreamModeDetails: { StreamMode: 'PROVISIONED' } }));
    await ready(StreamName);
    expect((await client.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary!.StreamModeDetails).toEqual({ StreamMode: 'PROVISIONED' });
  });
});

describe('our own', () => {
  const ownOnly = (name: string, test: () => Promise<void>) => it(name, async () => {
    if (target.own) await test();
  });
  const limits = (stream: string, on: boolean) => fetch(`${target.client.endpoint}/_local/kinesis/limits`, { method: 'POST', body: JSON.stringify({ stream, on }) });

  ownOnly('holds the shards of a stream to their limits when asked to', async () => {
    const StreamName = await stream(1);
    expect((await limits(StreamName, true)).status).toBe(200);
    const answers = await Promise.all(Array.from({ length: 6 }, () => put(StreamName, ...keys(500))));
    const errors = answers.flatMap((one) => one.Records!.filter((record) => record.ErrorCode));
    // 3,000 records in at most three seconds of the clock
    expect(errors.length).toBeGreaterThan(0);
    expect(errors[0]).toMatchObject({ ErrorCode: 'ProvisionedThroughputExceededException', ErrorMessage: expect.stringContaining(`${FIRST} in stream ${StreamName}`) as string });
    expect(answers.reduce((sum, one) => sum + one.FailedRecordCount!, 0)).toBe(errors.length);
    const at = await iterator(StreamName, FIRST);
    const reads = await Promise.allSettled(Array.from({ length: 12 }, () => records(at, 1)));
    expect(reads.some((one) => one.status === 'rejected' && (one.reason as Error).name === 'ProvisionedThroughputExceededException')).toBe(true);
    await limits(StreamName, false);
    expect((await put(StreamName, ...keys(500))).FailedRecordCount).toBe(0);
    expect((await limits('nowhere', true)).status).toBe(404);
  });

  ownOnly('says clearly what it does not have', async () => {
    const StreamName = await stream(1);
    const { StreamARN } = (await client.send(new DescribeStreamSummaryCommand({ StreamName }))).StreamDescriptionSummary!;
    await expect(client.send(new RegisterStreamConsumerCommand({ StreamARN, ConsumerName: 'c' }))).rejects.toMatchObject(refused('InvalidArgumentException', 'no enhanced fan-out'));
  });
});
