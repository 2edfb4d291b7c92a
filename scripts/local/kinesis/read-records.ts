import { AwsError } from '../service.ts';
import { counterOf, sequenceNumber } from './sequence.ts';
import { shardOf } from './shards.ts';
import type { StreamStore } from './stream-store.ts';
import type { Shard } from './streams.ts';

const ITERATOR_LIFE_MS = 300_000;
const MOST_BYTES = 10 * 1024 * 1024;

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

export function getShardIterator(store: StreamStore, stream: string, input: Record<string, unknown>): unknown {
  const shard = shardOf(store.stream(stream), String(input['ShardId']));
  const type = String(input['ShardIteratorType']);
  const iterator = (after: number): unknown => ({ ShardIterator: write({ stream, shardId: shard.shardId, after, madeAt: Date.now() }) });
  switch (type) {
    case 'TRIM_HORIZON':
      return iterator(0);
    case 'LATEST':
      return iterator(store.log.lastCounter(shard.number) ?? shard.opened);
    case 'AT_TIMESTAMP':
      return iterator(store.log.counterBefore(shard.number, Number(input['Timestamp']) * 1000) ?? store.log.lastCounter(shard.number) ?? shard.opened);
    case 'AT_SEQUENCE_NUMBER':
    case 'AFTER_SEQUENCE_NUMBER': {
      const counter = counterOf(String(input['StartingSequenceNumber']));
      if (Number.isNaN(counter)) throw new AwsError('InvalidArgumentException', 'StartingSequenceNumber is not one of this stream');
      return iterator(type === 'AT_SEQUENCE_NUMBER' ? counter - 1 : counter);
    }
    default:
      throw new AwsError('ValidationException', `ShardIteratorType ${type} is unknown`);
  }
}

export function getRecords(store: StreamStore, input: Record<string, unknown>): unknown {
  const at = parse(input['ShardIterator']);
  if (Date.now() - at.madeAt > ITERATOR_LIFE_MS) throw new AwsError('ExpiredIteratorException', 'Iterator expired: they live for five minutes.');
  const limit = Number(input['Limit'] ?? 10_000);
  if (!(limit >= 1 && limit <= 10_000)) throw new AwsError('InvalidArgumentException', 'Limit must be 1 to 10000');
  const read = store.read(at.stream, at.shardId, sequenceNumber(at.after), limit, MOST_BYTES);
  const last = read.records.at(-1);
  return {
    Records: read.records.map((record) => ({
      SequenceNumber: record.sequenceNumber, ApproximateArrivalTimestamp: record.arrivedAt / 1000, Data: record.data.toString('base64'),
      PartitionKey: record.partitionKey, EncryptionType: 'NONE',
    })),
    MillisBehindLatest: read.millisBehindLatest,
    ...(read.finished
      ? { ChildShards: store.shards(at.stream).filter((shard) => read.children.includes(shard.shardId)).map(child) }
      : { NextShardIterator: write({ ...at, after: last ? counterOf(last.sequenceNumber) : at.after, madeAt: Date.now() }) }),
  };
}

function child(shard: Shard): unknown {
  return {
    ShardId: shard.shardId,
    ParentShards: [shard.parentShardId, shard.adjacentParentShardId].filter((id) => id !== undefined),
    HashKeyRange: { StartingHashKey: shard.startingHashKey, EndingHashKey: shard.endingHashKey },
  };
}
