import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { GatedCall } from '../gate/gate.ts';
import type { MetricStore } from '../metrics.ts';
import { AwsError } from '../service.ts';
import { listShards } from './list-shards.ts';
import { getRecords, getShardIterator } from './read-records.ts';
import { kinesisService } from './service.ts';
import { split } from './shards.ts';
import { streamName } from './stream-operations.ts';
import { StreamStore } from './stream-store.ts';
import { Throughput } from './throughput.ts';

const HOUR = 3_600_000;
const FIRST = 'shardId-000000000000';
let folder: string;
let file: string;
let now: number;
let store: StreamStore;
const measured: [string, number][] = [];
const metrics = { record: (_namespace: string, name: string, _dimensions: object, value: number) => void measured.push([name, value]) } as unknown as MetricStore;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'kinesis-'));
  file = join(folder, 'kinesis.db');
  now = Date.parse('2026-01-01T00:00:00Z');
  measured.length = 0;
  store = open();
  store.ensure('events', { shardCount: 1 });
});
afterEach(async () => {
  await store.close();
  rmSync(folder, { recursive: true, force: true });
});

const open = () => new StreamStore(file, () => now, (_stream, age) => measured.push(['age', age]));
const put = (...partitionKeys: string[]) => store.append('events', store.route('events', partitionKeys.map((partitionKey) => ({ partitionKey, data: Buffer.from('x') })))).map((one) => one.sequenceNumber);
const keys = (after?: string) => store.read('events', FIRST, after, 100, 1e6).records.map((one) => one.partitionKey);
const iterator = (more: object) => (getShardIterator(store, 'events', { ShardId: FIRST, ShardIteratorType: 'TRIM_HORIZON', ...more }) as { ShardIterator: string }).ShardIterator;

test('a poller in this process is woken, reads by bytes and by position, and sees how far behind it is', () => {
  const woken: string[] = [];
  const undo = store.onAppend('events', (shardId) => woken.push(shardId));
  const placed = put('a', 'b', 'c');
  expect(woken).toEqual([FIRST]);
  expect(keys()).toEqual(['a', 'b', 'c']);
  expect(store.read('events', FIRST, undefined, 10, 1).records).toHaveLength(1);
  expect(keys(placed[1])).toEqual(['c']);
  expect(store.tip('events', FIRST)).toBe(placed[2]);
  now += 5000;
  expect(store.read('events', FIRST, undefined, 2, 1e6).millisBehindLatest).toBe(5000);
  expect(store.read('events', FIRST, undefined, 3, 1e6).millisBehindLatest).toBe(0);
  undo();
  split(store.stream('events'), store.stream('events').shards[0]!, 1000n, store.maker);
  store.changed(store.stream('events'));
  expect(woken).toHaveLength(1);
  expect(store.read('events', FIRST, placed[2], 10, 1e6)).toMatchObject({ records: [], finished: true, children: ['shardId-000000000001', 'shardId-000000000002'] });
});

test('a place in time is found by the clock of arrival', () => {
  put('a');
  now += 1000;
  const then = now;
  put('b', 'c');
  expect(keys(store.placeAt('events', FIRST, then))).toEqual(['b', 'c']);
  expect(keys(store.placeAt('events', FIRST, then + 1))).toEqual([]);
  expect(keys(store.placeAt('events', FIRST, 0))).toEqual(['a', 'b', 'c']);
});

test('sequence numbers rise although the clock goes back, also over a restart', async () => {
  const [first] = put('a');
  now -= HOUR;
  const [second] = put('b');
  await store.close();
  store = open();
  const [third] = put('c');
  expect([first, second, third]).toEqual([first, second, third].sort());
  expect(keys()).toEqual(['a', 'b', 'c']);
});

test('what retention no longer covers is gone, closed shards with it', () => {
  put('old');
  split(store.stream('events'), store.stream('events').shards[0]!, 1000n, store.maker);
  store.changed(store.stream('events'));
  now += 25 * HOUR;
  put('new');
  store.trim();
  expect(store.shards('events').map((one) => one.shardId)).toEqual(['shardId-000000000001', 'shardId-000000000002']);
  const filtered = listShards(store, { StreamName: 'events', ShardFilter: { Type: 'AT_TRIM_HORIZON' } }, streamName) as { Shards: object[] };
  expect(filtered.Shards).toHaveLength(2);
});

test('iterators live five minutes, pages of shards too', () => {
  const at = iterator({});
  split(store.stream('events'), store.stream('events').shards[0]!, 1000n, store.maker);
  const { NextToken } = listShards(store, { StreamName: 'events', MaxResults: 1 }, streamName) as { NextToken: string };
  now += 299_000;
  expect(getRecords(store, { ShardIterator: at }, metrics)).toMatchObject({ Records: [] });
  now += 2000;
  expect(() => getRecords(store, { ShardIterator: at }, metrics)).toThrow(expect.objectContaining({ code: 'ExpiredIteratorException' }) as Error);
  expect(() => listShards(store, { NextToken }, streamName)).toThrow(expect.objectContaining({ code: 'ExpiredNextTokenException' }) as Error);
});

test('every read says how old its last record is, for the age of iterators', () => {
  put('a');
  now += 7000;
  getRecords(store, { ShardIterator: iterator({}) }, metrics);
  getRecords(store, { ShardIterator: iterator({ ShardIteratorType: 'LATEST' }) }, metrics);
  expect(measured).toEqual([['age', 7000], ['age', 0]]);
});

test('single records of a PutRecords fail by the gate, the others are stored', async () => {
  const calls: (readonly string[])[] = [];
  const throttled = new AwsError('ProvisionedThroughputExceededException', 'Rate exceeded');
  const gate = { failing: (_call: GatedCall, ids: readonly string[]) => (calls.push(ids), new Map([['events/1/b', throttled]])) } as never;
  const service = kinesisService(store, metrics, gate);
  const body = Buffer.from(JSON.stringify({ StreamName: 'events', Records: ['a', 'b', 'c'].map((PartitionKey) => ({ PartitionKey, Data: 'eA==' })) }));
  const answer = JSON.parse((await service.handle({ operation: 'PutRecords', body, accessKeyId: 'k' } as never)).body as string) as { FailedRecordCount: number; Records: Record<string, string>[] };
  expect(calls).toEqual([['events/0/a', 'events/1/b', 'events/2/c']]);
  expect(answer.FailedRecordCount).toBe(1);
  expect(answer.Records.map((one) => one['ErrorCode'] ?? one['ShardId'])).toEqual([FIRST, 'ProvisionedThroughputExceededException', FIRST]);
  expect(keys()).toEqual(['a', 'c']);
  expect(measured.slice(0, 3)).toEqual([['IncomingRecords', 2], ['IncomingBytes', 4], ['WriteProvisionedThroughputExceeded', 1]]);
});

test('a shard takes 1,000 records or 1 MiB and answers 5 reads or 2 MiB a second', () => {
  const throughput = new Throughput(() => now);
  const taken = (count: number, bytes: number) => Array.from({ length: count }, () => throughput.takes(1, bytes)).filter(Boolean).length;
  expect(taken(1200, 10)).toBe(1000);
  now += 1000;
  expect(taken(5, 300_000)).toBe(3);
  const answered = () => Array.from({ length: 7 }, () => throughput.answers(1)).filter(Boolean).length;
  expect(answered()).toBe(5);
  now += 1000;
  expect(throughput.answers(1)).toBe(true);
  throughput.gave(1, 5 * 1024 * 1024);
  now += 1000;
  expect(throughput.answers(1)).toBe(false);
  now += 1000;
  expect(throughput.answers(1)).toBe(true);
});

test('limits switched on are kept over a restart', async () => {
  store.limitShards('events', true);
  await store.close();
  store = open();
  expect(store.stream('events').limited).toBe(true);
});
