import { hash } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Readable } from 'node:stream';
import { AwsError } from '../../service.ts';
import type { Bodies, Body } from './bodies.ts';
import type { Buckets } from './buckets.ts';

/** What is known of an object besides its body. */
export interface ObjectHead {
  readonly key: string;
  readonly size: number;
  /** With its quotes. */
  readonly eTag: string;
  /** Epoch milliseconds. */
  readonly modifiedAt: number;
  /** Headers that a GET gives back: content type, encoding, user metadata, checksum. */
  readonly headers: Readonly<Record<string, string>>;
}

/** An object that was just made; `event` as S3 names it, e.g. `ObjectCreated:Put`. */
export interface Created {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly eTag: string;
  readonly at: number;
  readonly event: string;
}

interface Row extends Body {
  readonly key: string;
  readonly size: number;
  readonly eTag: string;
  readonly modifiedAt: number;
  readonly headers: string;
}

const PAGE = 1000;

/**
 * Objects on disk. One becomes visible, and its notification due, in one SQLite transaction after its file is written: a
 * kill leaves either the old object or the new one, and never an object without its notification.
 */
export class Objects {
  readonly #database: DatabaseSync;
  readonly #bodies: Bodies;
  readonly #buckets: Buckets;
  readonly #insert: StatementSync;
  readonly #select: StatementSync;
  readonly #page: StatementSync;
  /** Told of each notification as soon as it is on disk. */
  onNotice: (id: number, created: Created) => void = () => undefined;

  constructor(database: DatabaseSync, bodies: Bodies, buckets: Buckets) {
    this.#database = database;
    this.#bodies = bodies;
    this.#buckets = buckets;
    database.exec(`CREATE TABLE IF NOT EXISTS object (bucket TEXT NOT NULL REFERENCES bucket, key TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
        modified_at INTEGER NOT NULL, headers TEXT NOT NULL, inline BLOB, file TEXT, UNIQUE (bucket, key));
      CREATE TABLE IF NOT EXISTS notice (id INTEGER PRIMARY KEY AUTOINCREMENT, created TEXT NOT NULL);`);
    const head = 'key, size, etag AS eTag, modified_at AS modifiedAt, headers';
    this.#insert = database.prepare('INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?, ?, ?)');
    this.#select = database.prepare(`SELECT ${head}, inline, file FROM object WHERE bucket = ? AND key = ?`);
    this.#page = database.prepare(`SELECT ${head} FROM object WHERE bucket = ? AND key > ? AND key >= ? AND substr(key, 1, length(?)) = ? ORDER BY key LIMIT ${PAGE}`);
  }

  head(bucket: string, key: string): ObjectHead | undefined {
    const row = this.#row(bucket, key);
    return row && headOf(row);
  }

  put(bucket: string, key: string, body: Buffer, headers: Readonly<Record<string, string>>): ObjectHead {
    return this.commit({ bucket, key, size: body.length, eTag: `"${hash('md5', body)}"`, event: 'ObjectCreated:Put' }, this.#bodies.keep(body), headers);
  }

  /** Bytes `from` to `to` of the body, both included. */
  read(bucket: string, key: string, from: number, to: number): Buffer | Readable {
    return this.#bodies.read(this.#need(bucket, key), from, to);
  }

  remove(bucket: string, key: string): void {
    const row = this.#row(bucket, key);
    if (!row) return;
    this.#database.prepare('DELETE FROM object WHERE bucket = ? AND key = ?').run(bucket, key);
    this.#bodies.discard(row.file);
  }

  /** Copies within the store; without `headers` those of the source stay. */
  copy(from: { bucket: string; key: string }, bucket: string, key: string, headers?: Readonly<Record<string, string>>): ObjectHead {
    const source = this.#need(from.bucket, from.key);
    const body = this.#bodies.keep(this.#bodies.whole(source));
    return this.commit({ bucket, key, size: source.size, eTag: source.eTag, event: 'ObjectCreated:Copy' }, body, headers ?? headOf(source).headers);
  }

  /** Heads in byte order of their keys, from behind `after` on. */
  *list(bucket: string, prefix: string, after: string): Generator<ObjectHead> {
    for (let from = after; ; ) {
      const rows = this.#page.all(bucket, from, prefix, prefix, prefix) as unknown as Row[];
      for (const row of rows) yield headOf(row);
      const last = rows.at(-1);
      if (!last || rows.length < PAGE) return;
      from = last.key;
    }
  }

  /** Makes an object of a body that already lies on disk. */
  commit(about: Omit<Created, 'at'>, body: Body, headers: Readonly<Record<string, string>>): ObjectHead {
    const created: Created = { ...about, at: Date.now() };
    const { bucket, key, size, eTag, at: modifiedAt } = created;
    const old = this.#row(bucket, key);
    const insert = (): unknown => this.#insert.run(bucket, key, size, eTag, modifiedAt, JSON.stringify(headers), body.inline, body.file);
    if (this.#buckets.isWatched(bucket)) {
      this.#database.exec('BEGIN');
      insert();
      const notice = this.#database.prepare('INSERT INTO notice (created) VALUES (?)').run(JSON.stringify(created));
      this.#database.exec('COMMIT');
      this.onNotice(Number(notice.lastInsertRowid), created);
    } else insert();
    this.#bodies.discard(old?.file ?? null);
    return { key, size, eTag, modifiedAt, headers };
  }

  unsettled(): { id: number; created: Created }[] {
    return this.#database.prepare('SELECT id, created FROM notice ORDER BY id').all()
      .map((row) => ({ id: Number(row['id']), created: JSON.parse(row['created'] as string) as Created }));
  }

  settle(notice: number): void {
    this.#database.prepare('DELETE FROM notice WHERE id = ?').run(notice);
  }

  #row(bucket: string, key: string): Row | undefined {
    return this.#select.get(bucket, key) as unknown as Row | undefined;
  }

  #need(bucket: string, key: string): Row {
    const row = this.#row(bucket, key);
    if (!row) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    return row;
  }
}

function headOf({ key, size, eTag, modifiedAt, headers }: Row): ObjectHead {
  return { key, size, eTag, modifiedAt, headers: JSON.parse(headers) as Record<string, string> };
}
