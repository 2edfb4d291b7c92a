import type { Journal } from '../journal.ts';
import type { Shard, Streams } from '../kinesis/streams.ts';
import { AwsError } from '../service.ts';
import { openCheckpoints } from './checkpoints.ts';
import { compileFilters } from './filter.ts';
import { nameOfArn, type MappingDefinition } from './mapping.ts';
import type { StreamPorts } from './ports.ts';
import { startShardReader, type ShardReader } from './shard-reader.ts';
import type { RunningMapping } from './running.ts';

export interface KinesisMappingOptions extends StreamPorts {
  readonly journal: Journal;
  readonly streams: Streams;
  readonly gatherMs: number;
}

/** Reads every shard of a stream, children only after their parents, from where the checkpoints stand. */
export function startKinesisMapping(mapping: MappingDefinition, options: KinesisMappingOptions): RunningMapping {
  const { journal, streams } = options;
  const stream = nameOfArn(mapping.sourceArn);
  const filter = compileFilters(mapping.filters, 'data');
  const readers = new Map<string, ShardReader>();
  const checkpoints = openCheckpoints(journal, mapping.uuid);
  let ended = false;

  /** Undefined when the stream is not there: a later one of that name is another one. */
  const shards = (): Shard[] | undefined => {
    try {
      return streams.shards(stream);
    } catch (error) {
      if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) throw error;
      options.report(mapping, 'PROBLEM: Stream not found');
      for (const reader of readers.values()) void reader.stop();
      readers.clear();
      checkpoints.forget();
      return undefined;
    }
  };
  /** The starting position is that of the shards which are there at first; what a resharding opens later is read from its begin. */
  const place = (present: readonly Shard[]): void => {
    if (!checkpoints.empty) return;
    for (const { shardId } of present) {
      if (mapping.startingPosition === 'LATEST') checkpoints.save(shardId, streams.tip(stream, shardId));
      else if (mapping.startingPosition === 'AT_TIMESTAMP') checkpoints.save(shardId, streams.placeAt(stream, shardId, mapping.startingAt ?? 0));
      else checkpoints.save(shardId, undefined);
    }
  };
  const startReady = (): void => {
    const present = ended ? undefined : shards();
    if (!present) return;
    place(present);
    const kept = new Set(present.map((shard) => shard.shardId));
    for (const { shardId, parentShardId, adjacentParentShardId } of present) {
      const parents = [parentShardId, adjacentParentShardId].filter((id): id is string => id !== undefined && kept.has(id));
      if (readers.has(shardId) || checkpoints.isFinished(shardId) || !parents.every((id) => checkpoints.isFinished(id))) continue;
      if (!checkpoints.knows(shardId)) checkpoints.save(shardId, undefined);
      readers.set(shardId, startShardReader({
        ...options, mapping, stream, streams, filter, shardId,
        after: checkpoints.reached(shardId),
        checkpoint: (sequence) => checkpoints.save(shardId, sequence),
        finished() {
          checkpoints.finish(shardId);
          readers.delete(shardId);
          startReady();
        },
      }));
    }
  };
  startReady();
  const stopListening = streams.onAppend(stream, (shardId) => {
    const reader = readers.get(shardId);
    if (reader) reader.wake();
    else if (!checkpoints.isFinished(shardId)) startReady();
  });
  return {
    definition: mapping,
    flush: () => readers.forEach((reader) => reader.flush()),
    activity() {
      if (!shards()) return { records: 0, unread: false };
      const all = [...readers.values()];
      return { records: all.reduce((sum, reader) => sum + reader.outstanding, 0), unread: all.some((reader) => reader.unread) };
    },
    async stop() {
      ended = true;
      stopListening();
      await Promise.all([...readers.values()].map((reader) => reader.stop()));
    },
  };
}
