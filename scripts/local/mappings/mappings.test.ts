import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { systemClock } from '../clock.ts';
import { AwsError } from '../service.ts';
import { openJournal, type Journal } from '../journal.ts';
import type { Shard, StreamRecord, Streams } from '../kinesis/streams.ts';
import type { InvocationResult } from '../lambda/function.ts';
import type { DiscardedBatch } from './discarded.ts';
import { startKinesisMapping } from './kinesis-mapping.ts';
import type { MappingDefinition } from './mapping.ts';
import { mappingFrom } from './settings.ts';
import { queueFailures, streamOutcome } from './outcome.ts';
import type { RunningMapping } from './running.ts';

interface Sent { readonly n: string; readonly key: string; readonly type?: string }

/** A stream in memory, as far as a mapping reads one. */
class FakeStream implements Pick<Streams, 'shards' | 'read' | 'tip' | 'onAppend' | 'placeAt' | 'retentionMs'> {
  readonly records = new Map<string, StreamRecord[]>();
  readonly all: (Shard & { closed: boolean })[] = [];
  #listener: (shardId: string) => void = () => undefined;
  #next = 0;
  open(shardId: string, parent?: string): void {
    this.all.push({ shardId, startingHashKey: '0', endingHashKey: '1', startingSequenceNumber: '0', closed: false, ...(parent ? { parentShardId: parent } : {}) });
    this.records.set(shardId, []);
  }
  put(shardId: string, ...sent: Sent[]): string[] {
    const made = sent.map((each) => ({ sequenceNumber: String((this.#next += 1)).padStart(56, '0'), partitionKey: each.key, data: Buffer.from(JSON.stringify({ type: 'wanted', ...each })), arrivedAt: Date.now() }));
    this.records.get(shardId)!.push(...made);
    this.#listener(shardId);
    return made.map((record) => record.sequenceNumber);
  }
  close(shardId: string): void {
    this.all.find((shard) => shard.shardId === shardId)!.closed = true;
    this.#listener(shardId);
  }
  shards = () => this.all;
  read = (_stream: string, shardId: string, after: string | undefined, limit: number) => {
    const behind = this.records.get(shardId)!.filter((record) => after === undefined || record.sequenceNumber > after);
    return { records: behind.slice(0, limit), millisBehindLatest: 0, finished: this.all.find((shard) => shard.shardId === shardId)!.closed && behind.length <= limit, children: [] };
  };
  tip = (_stream: string, shardId: string) => this.records.get(shardId)!.at(-1)?.sequenceNumber;
  placeAt = (_stream: string, shardId: string, time: number) => this.records.get(shardId)!.findLast((record) => record.arrivedAt < time)?.sequenceNumber;
  retentionMs = () => 24 * 3_600_000;
  onAppend = (_stream: string, listener: (shardId: string) => void) => {
    this.#listener = listener;
    return () => (this.#listener = () => undefined);
  };
}

type Batch = { n: string; key: string; sequence: string }[];
const ok: InvocationResult = { requestId: 'r', payload: '{"batchItemFailures":[]}', durationMs: 1 };
const failing: InvocationResult = { ...ok, functionError: 'Unhandled', payload: '{}' };
const failFrom = (sequence: string | null): InvocationResult => ({ ...ok, payload: JSON.stringify({ batchItemFailures: [{ itemIdentifier: sequence }] }) });

let folder: string;
let journal: Journal;
let stream: FakeStream;
let running: RunningMapping[];
let batches: Batch[];
let discarded: DiscardedBatch[];
let answer: (batch: Batch) => InvocationResult | Promise<InvocationResult>;
let destination: () => Promise<void>;
let refusals: AwsError[];
let look = (): void => undefined;
let metrics: [string, number][];
let reports: string[];

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'mapping-'));
  journal = openJournal(join(folder, 'compute.sqlite'));
  stream = new FakeStream();
  stream.open('s0');
  [running, batches, discarded, answer, metrics, reports, destination, refusals] = [[], [], [], () => ok, [], [], () => Promise.resolve(), []];
});
afterEach(async () => {
  await Promise.all(running.map((mapping) => mapping.stop()));
  journal.close();
  rmSync(folder, { recursive: true, force: true });
});

function start(properties: object = {}): RunningMapping {
  const definition: MappingDefinition = mappingFrom('u', 'f', 'arn:f', { EventSourceArn: 'arn:aws:kinesis:eu-west-1:000000000000:stream/events', StartingPosition: 'TRIM_HORIZON', FunctionResponseTypes: ['ReportBatchItemFailures'], BatchSize: 10, ...properties });
  const mapping = startKinesisMapping(definition, {
    journal, clock: systemClock, region: 'eu-west-1', streams: stream as unknown as Streams, gatherMs: 0, backoffMs: 1, backoffMaxMs: 4, roleOf: () => 'role',
    metric: (_name, metric, value) => void metrics.push([metric, value]), report: (_mapping, result) => void reports.push(result),
    async invoke(_name, payload) {
      const { Records } = JSON.parse(payload) as { Records: { kinesis: { data: string; partitionKey: string; sequenceNumber: string } }[] };
      const batch = Records.map(({ kinesis }) => ({ n: (JSON.parse(Buffer.from(kinesis.data, 'base64').toString()) as Sent).n, key: kinesis.partitionKey, sequence: kinesis.sequenceNumber }));
      batches.push(batch);
      return Promise.resolve(answer(batch)).finally(() => setImmediate(() => look()));
    },
    ask: () => refusals.shift(),
    async discard(_mapping, batch) {
      await destination();
      discarded.push(batch);
      setImmediate(() => look());
    },
  });
  running.push(mapping);
  return mapping;
}
const until = (fits: () => boolean): Promise<void> =>
  new Promise((resolve) => {
    look = () => {
      if (fits()) resolve();
      else setImmediate(() => look());
    };
    look();
  });
const idle = (mapping: RunningMapping) => until(() => mapping.activity().records === 0 && !mapping.activity().unread);
const letters = (): string[] => batches.map((batch) => batch.map((each) => each.n).join(''));
const put = (text: string, key = 'k', shard = 's0') => stream.put(shard, ...[...text].map((n) => ({ n, key })));

test('the lowest failed sequence is the checkpoint: what came before it is not repeated', async () => {
  const sequences = put('abcd');
  let first = true;
  answer = () => (first ? ((first = false), failFrom(sequences[2]!)) : ok);
  await idle(start());
  expect(letters()).toEqual(['abcd', 'cd']);
});

test.each([[null], [''], ['unknown']])('an identifier %p fails the whole batch', async (identifier) => {
  put('ab');
  let first = true;
  answer = () => (first ? ((first = false), failFrom(identifier)) : ok);
  await idle(start());
  expect(letters()).toEqual(['ab', 'ab']);
});

test('bisecting finds the bad record; it alone goes to the destination, in order, after its retries', async () => {
  put('abXd');
  answer = (batch) => (batch.some(({ n }) => n === 'X') ? failing : ok);
  await idle(start({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1 }));
  expect(letters()).toEqual(['abXd', 'ab', 'Xd', 'X', 'X', 'd']);
  expect(discarded.map((batch) => [batch.condition, batch.invocations, batch.records.length])).toEqual([['RetryAttemptsExhausted', 2, 1]]);
});

test('a failure at the first record of a batch is one of all of it: bisecting isolates that record, too', async () => {
  put('Xbcd');
  answer = (batch) => (batch[0]!.n === 'X' ? failFrom(batch[0]!.sequence) : ok);
  await idle(start({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 1 }));
  expect(letters()).toEqual(['Xbcd', 'Xb', 'X', 'X', 'b', 'cd']);
  expect(discarded.map((batch) => batch.records.length)).toEqual([1]);
});

test('bisecting spends no retry, neither in halves nor at the returned sequence number', async () => {
  put('abXd');
  answer = (batch) => {
    const at = batch.findIndex(({ n }) => n === 'X');
    return at < 0 ? ok : failFrom(batch[at]!.sequence);
  };
  await idle(start({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0 }));
  expect(letters()).toEqual(['abXd', 'Xd', 'X', 'd']);
  expect(discarded.map((batch) => [batch.invocations, batch.records.length])).toEqual([[1, 1]]);
});

test('without bisecting a partial failure spends one', async () => {
  put('abXd');
  answer = (batch) => failFrom(batch.find(({ n }) => n === 'X')!.sequence);
  await idle(start({ MaximumRetryAttempts: 1 }));
  expect(letters()).toEqual(['abXd', 'Xd']);
  expect(discarded.map((batch) => [batch.invocations, batch.records.length])).toEqual([[2, 2]]);
});

test('an invocation that did not reach the function spends no retry and splits nothing', async () => {
  put('ab');
  let throttles = 3;
  answer = () => (throttles-- > 0 ? Promise.reject(new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429)) : ok);
  await idle(start({ BisectBatchOnFunctionError: true, MaximumRetryAttempts: 0 }));
  expect(letters()).toEqual(['ab', 'ab', 'ab', 'ab']);
  expect(discarded).toEqual([]);
  expect(reports).toEqual([...Array.from({ length: 3 }, () => 'PROBLEM: Rate Exceeded.'), 'OK']);
});

test('what the stream no longer keeps is given up although there is no limit of age', async () => {
  put('a');
  stream.retentionMs = () => 0;
  stream.records.get('s0')![0] = { ...stream.records.get('s0')![0]!, arrivedAt: Date.now() - 1000 };
  await idle(start());
  expect(letters()).toEqual([]);
  expect(discarded.map((batch) => batch.condition)).toEqual(['RecordAgeExceeded']);
});

test('a destination that does not answer is tried until it does; one that says no loses the records, as on AWS', async () => {
  put('a');
  answer = () => failing;
  const errors = [new Error('connect ECONNREFUSED'), new AwsError('SlowDown', 'Please reduce your request rate.', 503)];
  destination = () => (errors.length > 0 ? Promise.reject(errors.shift()!) : Promise.resolve());
  const mapping = start({ MaximumRetryAttempts: 0 });
  await until(() => discarded.length === 1);
  await idle(mapping);
  destination = () => Promise.reject(new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404));
  put('b');
  await until(() => batches.length === 2);
  await idle(mapping);
  expect(discarded).toHaveLength(1);
  expect(metrics.filter(([name]) => name === 'DestinationDeliveryFailures')).toHaveLength(3);
});

test('the age of the last record goes out with each invocation', async () => {
  put('ab');
  stream.records.get('s0')!.forEach((record, i) => (stream.records.get('s0')![i] = { ...record, arrivedAt: Date.now() - 5000 * (2 - i) }));
  await idle(start());
  expect(metrics).toEqual([['IteratorAge', expect.any(Number)]]);
  expect(metrics[0]![1]).toBeGreaterThanOrEqual(5000);
  expect(metrics[0]![1]).toBeLessThan(9000);
});

test('a batch ends below six megabytes of event', async () => {
  const large = 'x'.repeat(1_000_000);
  stream.put('s0', ...['a', 'b', 'c', 'd', 'e', 'f'].map((n) => ({ n, key: 'k', type: large })));
  await idle(start({ BatchSize: 100 }));
  expect(letters()).toEqual(['abcd', 'ef']);
});

test('what may not be read now is read later; a function that is gone ends no shard', async () => {
  put('a');
  refusals.push(new AwsError('ProvisionedThroughputExceededException', 'Rate exceeded'), new AwsError('ResourceNotFoundException', 'Function not found: f', 404));
  const mapping = start();
  await until(() => batches.length === 1);
  await idle(mapping);
  put('b');
  await until(() => batches.length === 2);
  expect(reports.slice(0, 2)).toEqual(['PROBLEM: Rate exceeded', 'PROBLEM: Function not found: f']);
});

test('without bisecting the whole rest of the batch is given up', async () => {
  put('abXd');
  answer = () => failing;
  await idle(start({ MaximumRetryAttempts: 0 }));
  expect(discarded[0]!.records).toHaveLength(4);
  expect(JSON.parse(discarded[0]!.event)).toMatchObject({ Records: [{ eventSource: 'aws:kinesis', eventID: expect.stringMatching(/^s0:/) as string }, {}, {}, {}] });
});

test('records that are too old go to the destination, not to the function', async () => {
  put('a');
  stream.records.get('s0')![0] = { ...stream.records.get('s0')![0]!, arrivedAt: Date.now() - 120_000 };
  put('b');
  await idle(start({ MaximumRecordAgeInSeconds: 60 }));
  expect(letters()).toEqual(['b']);
  expect(discarded[0]).toMatchObject({ condition: 'RecordAgeExceeded', invocations: 0 });
});

test('only what the filter names is delivered; the rest is passed over for good', async () => {
  const filter = { FilterCriteria: { Filters: [{ Pattern: JSON.stringify({ data: { type: [{ prefix: 'order.' }], n: [{ 'anything-but': ['c'] }] } }) }] } };
  stream.put('s0', { n: 'a', key: 'k', type: 'order.created' }, { n: 'b', key: 'k' }, { n: 'c', key: 'k', type: 'order.created' });
  const mapping = start(filter);
  await until(() => batches.length === 1);
  await idle(mapping);
  expect(letters()).toEqual(['a']);
  await mapping.stop();
  await idle(start(filter));
  expect(letters()).toEqual(['a']);
});

test('keys run in parallel, each in its own order', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((done) => (release = done));
  answer = async (batch) => {
    if (batch.some(({ n }) => n === 'a')) await held;
    return ok;
  };
  const mapping = start({ ParallelizationFactor: 10, BatchSize: 1 });
  stream.put('s0', { n: 'a', key: '1' }, { n: 'b', key: '1' }, { n: 'x', key: '2' }, { n: 'y', key: '2' });
  await until(() => letters().includes('y'));
  expect(letters().sort()).toEqual(['a', 'x', 'y']);
  release();
  await idle(mapping);
  expect(letters().at(-1)).toBe('b');
});

test('other keys do not wait for a hot one', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((done) => (release = done));
  answer = async (batch) => {
    if (batch[0]!.key === '1') await held;
    return ok;
  };
  const mapping = start({ ParallelizationFactor: 2, BatchSize: 1 });
  stream.put('s0', ...Array.from({ length: 200 }, () => ({ n: 'h', key: '1' })), { n: 'x', key: '2' });
  await until(() => letters().includes('x'));
  expect(letters().sort()).toEqual(['h', 'x']);
  release();
  await idle(mapping);
});

test('a batch window gathers, and a flush ends it', async () => {
  const mapping = start({ MaximumBatchingWindowInSeconds: 300 });
  put('ab');
  await until(() => mapping.activity().records === 2);
  put('c');
  await until(() => mapping.activity().records === 3);
  expect(batches).toEqual([]);
  mapping.flush();
  await idle(mapping);
  expect(letters()).toEqual(['abc']);
});

test('after a stop in the middle what was not done is delivered again, and nothing is skipped', async () => {
  put('abc');
  answer = () => new Promise(() => undefined);
  start();
  await until(() => batches.length === 1);
  // As a kill leaves it: the running invocation never answers.
  running = [];
  answer = () => ok;
  await idle(start());
  expect(letters()).toEqual(['abc', 'abc']);
});

test('the children of a split shard are read after their parent', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((done) => (release = done));
  answer = async (batch) => {
    if (batch.some(({ n }) => n === 'a')) await held;
    return ok;
  };
  const mapping = start();
  put('a');
  await until(() => batches.length === 1);
  stream.open('s1', 's0');
  stream.close('s0');
  put('b', 'k', 's1');
  expect(letters()).toEqual(['a']);
  release();
  await until(() => batches.length === 2);
  await idle(mapping);
  expect(letters()).toEqual(['a', 'b']);
});

test('a stopped mapping starts no further shard when what ran ends', async () => {
  let release = (): void => undefined;
  const held = new Promise<void>((done) => (release = done));
  answer = () => held.then(() => ok);
  const mapping = start();
  put('a');
  await until(() => batches.length === 1);
  stream.open('s1', 's0');
  stream.close('s0');
  put('b', 'k', 's1');
  const stopped = mapping.stop();
  release();
  await stopped;
  for (let i = 0; i < 5; i += 1) await new Promise((turn) => setTimeout(turn, 1));
  expect(letters()).toEqual(['a']);
});

test('LATEST begins behind what was there before; a restart goes on where it stood', async () => {
  put('old');
  const first = start({ StartingPosition: 'LATEST' });
  put('n');
  await until(() => batches.length === 1);
  await idle(first);
  await first.stop();
  put('m');
  await idle(start({ StartingPosition: 'LATEST' }));
  expect(letters()).toEqual(['n', 'm']);
});

test('LATEST and AT_TIMESTAMP are of the shards that are there at first: children opened later are read from their begin', async () => {
  put('old');
  const mapping = start({ StartingPosition: 'LATEST' });
  await idle(mapping);
  stream.open('s1', 's0');
  stream.put('s1', { n: 'a', key: 'k' });
  stream.close('s0');
  await until(() => batches.length === 1);
  await idle(mapping);
  expect(letters()).toEqual(['a']);
});

test('AT_TIMESTAMP begins at the first record of that time', async () => {
  put('old');
  stream.records.get('s0')!.forEach((record, i) => (stream.records.get('s0')![i] = { ...record, arrivedAt: Date.now() - 60_000 }));
  put('n');
  await idle(start({ StartingPosition: 'AT_TIMESTAMP', StartingPositionTimestamp: (Date.now() - 30_000) / 1000 }));
  expect(letters()).toEqual(['n']);
});

test('answers of functions are read as AWS documents', () => {
  const of = (payload: string) => streamOutcome({ ...ok, payload }, ['1', '2', '3'], true).kind;
  expect(['', 'null', '{}', '{"batchItemFailures":null}', '{"batchItemFailures":[]}', '""'].map(of)).toEqual(Array.from({ length: 6 }, () => 'success'));
  const malformed = ['{"batchItemFailures":[{"itemIdentifier":""}]}', '{"batchItemFailures":[{}]}', '{"batchItemFailures":"2"}', '{"batchItemFailures":[{"id":"2"}]}', '{"batchItemFailures":[{"itemIdentifier":2}]}', '{"batchItemFailures":[null]}', '{"batchItemFailures":["2"]}', '"done"', 'not json'];
  expect(malformed.map(of)).toEqual(malformed.map(() => 'failed'));
  expect(of('{"batchItemFailures":[{"itemIdentifier":"2"},{"itemIdentifier":"9"}]}')).toBe('failed');
  expect(streamOutcome({ ...ok, payload: '{"batchItemFailures":[{"itemIdentifier":"3"},{"itemIdentifier":"2"}]}' }, ['1', '2', '3'], true)).toEqual({ kind: 'partial', from: 1 });
  expect(streamOutcome(failFrom('2'), ['1', '2', '3'], true)).toEqual({ kind: 'partial', from: 1 });
  expect(streamOutcome(failFrom('2'), ['1', '2', '3'], false)).toEqual({ kind: 'success' });
  expect(queueFailures(failFrom('2'), ['1', '2'], true)).toEqual(['2']);
  expect(queueFailures(failFrom('9'), ['1', '2'], true)).toEqual(['1', '2']);
});
