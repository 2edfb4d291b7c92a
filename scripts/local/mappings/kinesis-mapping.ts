import type { Journal } from '../journal.ts';
import type { Streams } from '../kinesis/streams.ts';
import type { BatchPorts } from './batch.ts';
import { compileFilters } from './filter.ts';
import { nameOfArn, type MappingDefinition } from './mapping.ts';
import { startShardReader, type ShardReader } from './shard-reader.ts';
import type { MappingActivity, RunningMapping } from './running.ts';

interface CheckpointRow { readonly shard: string; readonly sequence: string | null; readonly finished: number }

export interface KinesisMappingOptions extends BatchPorts {
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
  const finished = new Set<string>();
  journal.define('CREATE TABLE IF NOT EXISTS checkpoint (mapping TEXT, shard TEXT, sequence TEXT, finished INTEGER, PRIMARY KEY (mapping, shard)) WITHOUT ROWID');
  const known = new Map(journal.all<CheckpointRow>('SELECT shard, sequence, finished FROM checkpoint WHERE mapping = ?', mapping.uuid).map((row) => [row.shard, row]));
  for (const row of known.values()) if (row.finished) finished.add(row.shard);
  const firstStart = known.size === 0;

  const save = (shard: string, sequence: string | null, isFinished: number): void => {
    journal.write('INSERT INTO checkpoint VALUES (?, ?, ?, ?) ON CONFLICT DO UPDATE SET sequence = coalesce(excluded.sequence, sequence), finished = excluded.finished', mapping.uuid, shard, sequence, isFinished);
  };
  const initial = (shard: string): string | undefined => {
    const row = known.get(shard);
    if (row) return row.sequence ?? undefined;
    const from = mapping.startingPosition === 'LATEST' && firstStart ? streams.tip(stream, shard) : undefined;
    save(shard, from ?? null, 0);
    return from;
  };
  const startReady = (): void => {
    const shards = streams.shards(stream);
    const present = new Set(shards.map((shard) => shard.shardId));
    for (const shard of shards) {
      const parents = [shard.parentShardId, shard.adjacentParentShardId].filter((id): id is string => id !== undefined && present.has(id));
      if (readers.has(shard.shardId) || finished.has(shard.shardId) || !parents.every((id) => finished.has(id))) continue;
      const { shardId } = shard;
      readers.set(shardId, startShardReader({
        ...options, mapping, stream, streams, filter, shardId,
        after: initial(shardId),
        checkpoint: (sequence) => save(shardId, sequence, 0),
        finished() {
          save(shardId, null, 1);
          finished.add(shardId);
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
    else if (!finished.has(shardId)) startReady();
  });
  return {
    definition: mapping,
    flush: () => readers.forEach((reader) => reader.flush()),
    activity(): MappingActivity {
      const all = [...readers.values()];
      const records = all.reduce((sum, reader) => sum + reader.outstanding, 0);
      return { records, unread: all.some((reader) => reader.unread) };
    },
    async stop() {
      stopListening();
      await Promise.all([...readers.values()].map((reader) => reader.stop()));
    },
  };
}
