import { DatabaseSync } from 'node:sqlite';
import type { StatementSync } from 'node:sqlite';
import type { LogRecord, LogShard, LogStream } from './log-types.ts';

export type { LogRecord, LogStream } from './log-types.ts';

/**
 * Streams, shards and records on disk. Writes are synchronous: what `append` has returned from is in the file
 * (WAL without fsync: survives the death of the process, which is what is promised, not of the machine).
 */
export class RecordLog {
  readonly #database: DatabaseSync;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #next: StatementSync;
  #counter: number;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;
      CREATE TABLE IF NOT EXISTS stream (name TEXT PRIMARY KEY, definition TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS shard (number INTEGER PRIMARY KEY, stream TEXT NOT NULL, definition TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS record (counter INTEGER PRIMARY KEY, shard INTEGER NOT NULL, partition_key TEXT NOT NULL, data BLOB NOT NULL, arrived_at INTEGER NOT NULL);
      CREATE INDEX IF NOT EXISTS record_of_shard ON record (shard, counter);`);
    this.#insert = this.#database.prepare('INSERT INTO record VALUES (?, ?, ?, ?, ?)');
    this.#select = this.#database.prepare('SELECT counter, partition_key AS partitionKey, data, arrived_at AS arrivedAt FROM record WHERE shard = ? AND counter > ? ORDER BY counter LIMIT ?');
    this.#next = this.#database.prepare('SELECT arrived_at AS arrivedAt FROM record WHERE shard = ? AND counter > ? ORDER BY counter LIMIT 1');
    this.#counter = (this.#database.prepare('SELECT max(counter) AS last FROM record').get()?.['last'] as number | null) ?? 0;
  }

  /** Next counter; also marks the begin and end of shards. */
  tick(now: number): number {
    this.#counter = Math.max(this.#counter + 1, now * 1000);
    return this.#counter;
  }

  load(): LogStream[] {
    const streams = this.#database.prepare('SELECT definition FROM stream').all().map((row) => JSON.parse(row['definition'] as string) as LogStream);
    for (const stream of streams) stream.shards = [];
    const byName = new Map(streams.map((stream) => [stream.name, stream]));
    for (const row of this.#database.prepare('SELECT stream, definition FROM shard ORDER BY number').all()) {
      const shard = JSON.parse(row['definition'] as string, (key, value: unknown) => (key === 'start' || key === 'end' ? BigInt(value as string) : value)) as LogShard;
      byName.get(row['stream'] as string)?.shards.push(shard);
      this.#counter = Math.max(this.#counter, shard.opened, shard.closed ?? 0);
    }
    return streams;
  }

  saveStream(stream: LogStream): void {
    const { shards, ...definition } = stream;
    this.#database.exec('BEGIN');
    this.#database.prepare('INSERT OR REPLACE INTO stream VALUES (?, ?)').run(stream.name, JSON.stringify(definition));
    const put = this.#database.prepare('INSERT OR REPLACE INTO shard VALUES (?, ?, ?)');
    for (const shard of shards) put.run(shard.number, stream.name, JSON.stringify(shard, (_key, value: unknown) => (typeof value === 'bigint' ? String(value) : value)));
    this.#database.exec('COMMIT');
  }

  removeStream(stream: LogStream): void {
    this.#database.exec('BEGIN');
    for (const shard of stream.shards) this.#database.prepare('DELETE FROM record WHERE shard = ?').run(shard.number);
    this.#database.prepare('DELETE FROM shard WHERE stream = ?').run(stream.name);
    this.#database.prepare('DELETE FROM stream WHERE name = ?').run(stream.name);
    this.#database.exec('COMMIT');
  }

  /** Highest number of a shard ever given, over all streams. */
  lastShardNumber(): number {
    return (this.#database.prepare('SELECT max(number) AS last FROM shard').get()?.['last'] as number | null) ?? 0;
  }

  /** Writes all records in one transaction; answers each with its counter. */
  append<T extends { readonly shard: number; readonly partitionKey: string; readonly data: Uint8Array }>(records: readonly T[], now: number): { record: T; counter: number }[] {
    this.#database.exec('BEGIN');
    try {
      const placed = records.map((record) => {
        const counter = this.tick(now);
        this.#insert.run(counter, record.shard, record.partitionKey, record.data, now);
        return { record, counter };
      });
      this.#database.exec('COMMIT');
      return placed;
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  read(shard: number, after: number, limit: number, maxBytes: number): LogRecord[] {
    const records: LogRecord[] = [];
    let bytes = 0;
    for (const row of this.#select.iterate(shard, after, limit) as unknown as Iterable<LogRecord>) {
      bytes += row.data.length + row.partitionKey.length;
      if (records.length > 0 && bytes > maxBytes) break;
      records.push(row);
    }
    return records;
  }

  /** Arrival of the first record behind `after`, undefined when there is none. */
  arrivalBehind(shard: number, after: number): number | undefined {
    return this.#next.get(shard, after)?.['arrivedAt'] as number | undefined;
  }

  lastCounter(shard: number): number | undefined {
    return (this.#database.prepare('SELECT max(counter) AS last FROM record WHERE shard = ?').get(shard)?.['last'] as number | null) ?? undefined;
  }

  /** The counter just before the first record that arrived at `time` or later. */
  counterBefore(shard: number, time: number): number | undefined {
    // a record's counter is never below its arrival in microseconds: the index finds the place
    const row = this.#database.prepare('SELECT counter FROM record WHERE shard = ? AND counter >= ? AND arrived_at >= ? ORDER BY counter LIMIT 1').get(shard, time * 1000, time);
    return row && Number(row['counter']) - 1;
  }

  trim(shard: number, before: number): void {
    this.#database.prepare('DELETE FROM record WHERE shard = ? AND counter < ?').run(shard, before * 1000);
  }

  removeShard(number: number): void {
    this.#database.prepare('DELETE FROM shard WHERE number = ?').run(number);
  }

  close(): void {
    this.#database.close();
  }
}
