import type { Journal } from '../journal.ts';

interface Row { readonly shard: string; readonly sequence: string | null; readonly finished: number }

/** Where a mapping stands in each shard of its stream; on disk. */
export interface Checkpoints {
  /** Nothing of the stream has been read yet. */
  readonly empty: boolean;
  knows(shardId: string): boolean;
  /** The last sequence number that is done; undefined = none. */
  reached(shardId: string): string | undefined;
  isFinished(shardId: string): boolean;
  save(shardId: string, sequence: string | undefined): void;
  finish(shardId: string): void;
  forget(): void;
}

const TABLE = 'CREATE TABLE IF NOT EXISTS checkpoint (mapping TEXT, shard TEXT, sequence TEXT, finished INTEGER, PRIMARY KEY (mapping, shard)) WITHOUT ROWID';

export function openCheckpoints(journal: Journal, mapping: string): Checkpoints {
  journal.define(TABLE);
  const rows = new Map(journal.all<Row>('SELECT shard, sequence, finished FROM checkpoint WHERE mapping = ?', mapping).map((row) => [row.shard, row]));
  const put = (row: Row): void => {
    rows.set(row.shard, row);
    journal.write('INSERT OR REPLACE INTO checkpoint VALUES (?, ?, ?, ?)', mapping, row.shard, row.sequence, row.finished);
  };
  return {
    get empty() {
      return rows.size === 0;
    },
    knows: (shardId) => rows.has(shardId),
    reached: (shardId) => rows.get(shardId)?.sequence ?? undefined,
    isFinished: (shardId) => rows.get(shardId)?.finished === 1,
    save: (shard, sequence) => put({ shard, sequence: sequence ?? null, finished: 0 }),
    finish: (shard) => put({ shard, sequence: rows.get(shard)?.sequence ?? null, finished: 1 }),
    forget() {
      rows.clear();
      journal.write('DELETE FROM checkpoint WHERE mapping = ?', mapping);
    },
  };
}
