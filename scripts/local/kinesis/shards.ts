import { AwsError } from '../service.ts';
import { evenRanges } from './hash-keys.ts';
import type { LogShard, LogStream } from './log-types.ts';

/** What the changes of a stream's shards need from outside. */
export interface ShardMaker {
  /** A sequence counter for this moment. */
  tick(): number;
  /** A shard number never used before. */
  nextNumber(): number;
}

export const isOpen = (shard: LogShard): boolean => shard.closed === undefined;

export function shardOf(stream: LogStream, shardId: string): LogShard {
  const shard = stream.shards.find((one) => one.shardId === shardId);
  if (!shard) throw new AwsError('ResourceNotFoundException', `Could not find shard ${shardId} in stream ${stream.name} under account 000000000000.`);
  return shard;
}

/** Ids count up within a stream, also over shards that retention has removed. */
function open(stream: LogStream, start: bigint, end: bigint, parents: readonly string[], maker: ShardMaker): void {
  const ordinal = stream.shards.reduce((most, shard) => Math.max(most, Number(shard.shardId.slice(8)) + 1), 0);
  stream.shards.push({ number: maker.nextNumber(), shardId: `shardId-${String(ordinal).padStart(12, '0')}`, parents, start, end, opened: maker.tick() });
}

export function openEvenly(stream: LogStream, count: number, maker: ShardMaker): void {
  for (const range of evenRanges(count)) open(stream, range.start, range.end, [], maker);
}

export function split(stream: LogStream, shard: LogShard, newStart: bigint, maker: ShardMaker): void {
  if (!isOpen(shard)) throw new AwsError('InvalidArgumentException', `Shard ${shard.shardId} is closed.`);
  if (newStart <= shard.start || newStart > shard.end) throw new AwsError('InvalidArgumentException', `NewStartingHashKey ${newStart} is not inside shard ${shard.shardId}.`);
  shard.closed = maker.tick();
  open(stream, shard.start, newStart - 1n, [shard.shardId], maker);
  open(stream, newStart, shard.end, [shard.shardId], maker);
}

export function merge(stream: LogStream, left: LogShard, right: LogShard, maker: ShardMaker): void {
  const [low, high] = left.start < right.start ? [left, right] : [right, left];
  if (!isOpen(low) || !isOpen(high) || low.end + 1n !== high.start) throw new AwsError('InvalidArgumentException', `Shards ${left.shardId} and ${right.shardId} are not open neighbours.`);
  low.closed = maker.tick();
  high.closed = maker.tick();
  open(stream, low.start, high.end, [left.shardId, right.shardId], maker);
}

/** Splits the widest or merges the narrowest neighbours until `target` shards are open. */
export function resize(stream: LogStream, target: number, maker: ShardMaker): void {
  const width = (shard: LogShard): bigint => shard.end - shard.start;
  for (;;) {
    const current = stream.shards.filter(isOpen).sort((a, b) => (a.start < b.start ? -1 : 1));
    if (current.length === target) return;
    if (current.length < target) {
      const widest = current.reduce((best, shard) => (width(shard) > width(best) ? shard : best));
      split(stream, widest, widest.start + (width(widest) + 1n) / 2n, maker);
      continue;
    }
    const neighbours = current.flatMap((left, i) => current.slice(i + 1, i + 2).map((right) => ({ left, right, width: right.end - left.start })));
    const narrowest = neighbours.reduce((best, pair) => (pair.width < best.width ? pair : best));
    merge(stream, narrowest.left, narrowest.right, maker);
  }
}
