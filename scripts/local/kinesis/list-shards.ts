import { optionalText, text } from '../fields.ts';
import { AwsError } from '../service.ts';
import type { LogShard, LogStream } from './log-types.ts';
import { sequenceNumber } from './sequence.ts';
import type { StreamStore } from './stream-store.ts';

const MOST_SHARDS = 1000;
const TOKEN_LIFE_MS = 300_000;

type Input = Record<string, unknown>;

export const shardShape = (shard: LogShard): object => ({
  ShardId: shard.shardId, ParentShardId: shard.parents[0], AdjacentParentShardId: shard.parents[1],
  HashKeyRange: { StartingHashKey: String(shard.start), EndingHashKey: String(shard.end) },
  SequenceNumberRange: { StartingSequenceNumber: sequenceNumber(shard.opened), ...(shard.closed !== undefined && { EndingSequenceNumber: sequenceNumber(shard.closed) }) },
});

/** Counters are microseconds of the clock. */
const openedAt = (shard: LogShard): number => shard.opened / 1000;
const closedAt = (shard: LogShard): number => (shard.closed ?? Infinity) / 1000;

/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_ShardFilter.html */
function filterOf(filter: { Type?: string; ShardId?: string; Timestamp?: number } | undefined, stream: LogStream): (shard: LogShard) => boolean {
  if (!filter) return () => true;
  const time = (): number => {
    if (typeof filter.Timestamp !== 'number') throw new AwsError('InvalidArgumentException', `Timestamp must be provided with ShardFilter type ${filter.Type}`);
    return filter.Timestamp * 1000;
  };
  switch (filter.Type) {
    case 'AT_LATEST':
      return (shard) => shard.closed === undefined;
    case 'FROM_TRIM_HORIZON':
      return () => true;
    case 'AT_TRIM_HORIZON':
      // what retention has kept no parent of was open at the horizon
      return (shard) => !stream.shards.some((one) => shard.parents.includes(one.shardId));
    case 'AT_TIMESTAMP': {
      const at = time();
      return (shard) => openedAt(shard) <= at && closedAt(shard) >= at;
    }
    case 'FROM_TIMESTAMP': {
      const from = time();
      return (shard) => closedAt(shard) >= from;
    }
    case 'AFTER_SHARD_ID': {
      const { ShardId: after } = filter;
      if (after === undefined) throw new AwsError('InvalidArgumentException', 'ShardId must be provided with ShardFilter type AFTER_SHARD_ID');
      return (shard) => shard.shardId > after;
    }
    default:
      throw new AwsError('ValidationException', `1 validation error detected: Value '${filter.Type}' at 'shardFilter.type' failed to satisfy constraint: Member must satisfy enum value set: [AT_TRIM_HORIZON, FROM_TRIM_HORIZON, AT_LATEST, AT_TIMESTAMP, FROM_TIMESTAMP, AFTER_SHARD_ID]`);
  }
}

interface Place { readonly stream: string; readonly after: string; readonly filter: unknown; readonly madeAt: number }

function placeOf(input: Input, nameOf: (input: Input) => string, now: number): Place {
  const token = optionalText(input, 'NextToken');
  if (token === undefined) return { stream: nameOf(input), after: text(input, 'ExclusiveStartShardId'), filter: input['ShardFilter'], madeAt: now };
  if (input['StreamName'] !== undefined || input['ExclusiveStartShardId'] !== undefined) throw new AwsError('InvalidArgumentException', 'NextToken and StreamName or ExclusiveStartShardId cannot be provided together.');
  let place: Place;
  try {
    place = JSON.parse(Buffer.from(token, 'base64').toString()) as Place;
  } catch {
    throw new AwsError('InvalidArgumentException', 'Invalid NextToken.');
  }
  if (now - place.madeAt > TOKEN_LIFE_MS) throw new AwsError('ExpiredNextTokenException', `NextToken expired: it lives for ${TOKEN_LIFE_MS / 1000} s.`);
  return place;
}

export function listShards(store: StreamStore, input: Input, nameOf: (input: Input) => string): unknown {
  const place = placeOf(input, nameOf, store.now());
  const most = Math.min(Number(input['MaxResults'] ?? MOST_SHARDS), MOST_SHARDS);
  if (!(most >= 1)) throw new AwsError('InvalidArgumentException', 'MaxResults must be at least 1');
  const stream = store.stream(place.stream);
  const wanted = filterOf(place.filter as never, stream);
  const found = stream.shards.filter((shard) => shard.shardId > place.after && wanted(shard));
  const page = found.slice(0, most);
  const more = found.length > page.length ? { NextToken: Buffer.from(JSON.stringify({ ...place, after: page.at(-1)?.shardId, madeAt: store.now() })).toString('base64') } : {};
  return { Shards: page.map(shardShape), ...more };
}
