import type { MetricStore } from '../metrics.ts';
import { optionalText } from '../fields.ts';
import { AwsError } from '../service.ts';
import { counterOf, sequenceNumber } from './sequence.ts';
import { shardOf } from './shards.ts';
import type { StreamStore } from './stream-store.ts';
import type { Shard } from './streams.ts';
import { rateExceeded } from './throughput.ts';

const ITERATOR_LIFE_MS = 300_000;
const MOST_BYTES = 10 * 1024 * 1024;
const MOST_RECORDS = 10_000;

interface Iterator {
  readonly stream: string;
  readonly shardId: string;
  /** Counter behind which to read. */
  readonly after: number;
  readonly madeAt: number;
}

const write = (it: Iterator): string => Buffer.from(JSON.stringify([it.stream, it.shardId, it.after, it.madeAt])).toString('base64');

function parse(token: unknown): Iterator {
  try {
    const [stream, shardId, after, madeAt] = JSON.parse(Buffer.from(String(token), 'base64').toString()) as [string, string, number, number];
    return { stream, shardId, after, madeAt };
  } catch {
    throw new AwsError('InvalidArgumentException', 'Invalid ShardIterator.');
  }
}

/** The counter behind which an iterator at a given sequence number or time begins. */
function startOf(store: StreamStore, stream: string, shardId: string, input: Record<string, unknown>): number {
  const shard = shardOf(store.stream(stream), shardId);
  const tip = (): number => store.log.lastCounter(shard.number) ?? shard.opened;
  const type = String(input['ShardIteratorType']);
  switch (type) {
    case 'TRIM_HORIZON':
      return 0;
    case 'LATEST':
      return tip();
    case 'AT_TIMESTAMP': {
      if (typeof input['Timestamp'] !== 'number') throw new AwsError('InvalidArgumentException', 'Must specify timestampInMillis parameter for iterator of type AT_TIMESTAMP.');
      const time = Math.round(input['Timestamp'] * 1000);
      if (time > store.now()) throw new AwsError('InvalidArgumentException', `The timestampInMillis parameter cannot be greater than the currentTimestampInMillis. timestampInMillis: ${time}, currentTimestampInMillis: ${store.now()}`);
      return store.log.counterBefore(shard.number, time) ?? tip();
    }
    case 'AT_SEQUENCE_NUMBER':
    case 'AFTER_SEQUENCE_NUMBER': {
      const sequence = optionalText(input, 'StartingSequenceNumber');
      if (sequence === undefined) throw new AwsError('InvalidArgumentException', `Must either specify (1) StartingSequenceNumber parameter for iterator of type ${type}`);
      const counter = counterOf(sequence);
      if (!(counter >= shard.opened && counter <= (shard.closed ?? Infinity))) {
        throw new AwsError('InvalidArgumentException', `StartingSequenceNumber ${sequence} used in GetShardIterator on shard ${shardId} in stream ${stream} under account 000000000000 is invalid because it did not come from this shard.`);
      }
      return type === 'AT_SEQUENCE_NUMBER' ? counter - 1 : counter;
    }
    default:
      throw new AwsError('ValidationException', `1 validation error detected: Value '${type}' at 'shardIteratorType' failed to satisfy constraint: Member must satisfy enum value set: [AFTER_SEQUENCE_NUMBER, LATEST, AT_TIMESTAMP, AT_SEQUENCE_NUMBER, TRIM_HORIZON]`);
  }
}

/** The stream that an iterator reads; undefined for what is none. */
export function streamOfIterator(iterator: string): string | undefined {
  try {
    return parse(iterator).stream;
  } catch {
    return undefined;
  }
}

export function getShardIterator(store: StreamStore, stream: string, input: Record<string, unknown>): unknown {
  const shardId = String(input['ShardId']);
  return { ShardIterator: write({ stream, shardId, after: startOf(store, stream, shardId, input), madeAt: store.now() }) };
}

export function getRecords(store: StreamStore, input: Record<string, unknown>, metrics: MetricStore): unknown {
  const at = parse(input['ShardIterator']);
  const age = store.now() - at.madeAt;
  if (age > ITERATOR_LIFE_MS) throw new AwsError('ExpiredIteratorException', `Iterator expired. The iterator was created ${Math.round(age / 1000)} s ago, and iterators live for ${ITERATOR_LIFE_MS / 1000} s.`);
  const limit = Number(input['Limit'] ?? MOST_RECORDS);
  if (!(limit >= 1)) throw new AwsError('ValidationException', "1 validation error detected: Value at 'limit' failed to satisfy constraint: Member must have value greater than or equal to 1");
  if (limit > MOST_RECORDS) throw new AwsError('InvalidArgumentException', `Limit ${limit} is greater than ${MOST_RECORDS}`);
  const stream = store.stream(at.stream);
  const { number } = shardOf(stream, at.shardId);
  if (stream.limited === true && !store.throughput.answers(number)) {
    metrics.record('AWS/Kinesis', 'ReadProvisionedThroughputExceeded', { StreamName: at.stream }, 1);
    throw rateExceeded(at.stream, at.shardId);
  }
  const read = store.read(at.stream, at.shardId, sequenceNumber(at.after), limit, MOST_BYTES);
  if (stream.limited === true) store.throughput.gave(number, read.records.reduce((sum, record) => sum + record.data.length, 0));
  const last = read.records.at(-1);
  return {
    Records: read.records.map((record) => ({
      SequenceNumber: record.sequenceNumber, ApproximateArrivalTimestamp: record.arrivedAt / 1000, Data: record.data.toString('base64'),
      PartitionKey: record.partitionKey, EncryptionType: 'NONE',
    })),
    MillisBehindLatest: read.millisBehindLatest,
    ...(read.finished
      ? { ChildShards: store.shards(at.stream).filter((shard) => read.children.includes(shard.shardId)).map(child) }
      : { NextShardIterator: write({ ...at, after: last ? counterOf(last.sequenceNumber) : at.after, madeAt: store.now() }) }),
  };
}

function child(shard: Shard): unknown {
  return {
    ShardId: shard.shardId,
    ParentShards: [shard.parentShardId, shard.adjacentParentShardId].filter((id) => id !== undefined),
    HashKeyRange: { StartingHashKey: shard.startingHashKey, EndingHashKey: shard.endingHashKey },
  };
}
