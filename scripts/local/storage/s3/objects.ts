import { randomBytes } from 'node:crypto';
import type { DatabaseSync, StatementSync } from 'node:sqlite';
import type { Readable } from 'node:stream';
import { AwsError } from '../../service.ts';
import type { Bodies, Body } from './bodies.ts';
import type { Buckets } from './buckets.ts';
import { COLUMNS, headOf, LAST } from './object-head.ts';
import type { Created, NewObject, ObjectHead, Row } from './object-head.ts';

/** Rows are read in growing pages: a reader may want only the first few. */
const FIRST_PAGE = 16;
const MOST_ROWS = 1000;
const larger = (page: number): number => Math.min(page * 4, MOST_ROWS);

/**
 * Objects on disk. One becomes visible, and its notification due, in one SQLite transaction after its file is written: a
 * kill leaves either the old object or the new one, and never an object without its notification.
 */
export class Objects {
  readonly #database: DatabaseSync;
  readonly #bodies: Bodies;
  readonly #buckets: Buckets;
  readonly #sql: Readonly<Record<'insert' | 'current' | 'version' | 'drop' | 'retire' | 'page' | 'versions', StatementSync>>;
  /** Told of each notification as soon as it is on disk. */
  onNotice: (id: number, created: Created) => void = () => undefined;

  constructor(database: DatabaseSync, bodies: Bodies, buckets: Buckets) {
    this.#database = database;
    this.#bodies = bodies;
    this.#buckets = buckets;
    database.exec(`CREATE TABLE IF NOT EXISTS object (id INTEGER PRIMARY KEY AUTOINCREMENT, bucket TEXT NOT NULL REFERENCES bucket, key TEXT NOT NULL, version TEXT NOT NULL, latest INTEGER NOT NULL, marker INTEGER NOT NULL,
        size INTEGER NOT NULL, etag TEXT NOT NULL, modified_at INTEGER NOT NULL, headers TEXT NOT NULL, tags TEXT, inline BLOB, files TEXT);
      CREATE UNIQUE INDEX IF NOT EXISTS object_current ON object (bucket, key) WHERE latest = 1;
      CREATE UNIQUE INDEX IF NOT EXISTS object_version ON object (bucket, key, version);
      CREATE TABLE IF NOT EXISTS notice (id INTEGER PRIMARY KEY AUTOINCREMENT, created TEXT NOT NULL);`);
    const within = 'bucket = ? AND key >= ? AND key < ?';
    this.#sql = {
      insert: database.prepare('INSERT INTO object (bucket, key, version, latest, marker, size, etag, modified_at, headers, tags, inline, files) VALUES (?, ?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?)'),
      current: database.prepare(`SELECT ${COLUMNS}, inline, files FROM object WHERE bucket = ? AND key = ? AND latest = 1`),
      version: database.prepare(`SELECT ${COLUMNS}, inline, files FROM object WHERE bucket = ? AND key = ? AND version = ?`),
      drop: database.prepare('DELETE FROM object WHERE id = ?'),
      retire: database.prepare('UPDATE object SET latest = 0 WHERE id = ?'),
      page: database.prepare(`SELECT ${COLUMNS} FROM object WHERE ${within} AND key > ? AND latest = 1 AND marker = 0 ORDER BY key LIMIT ?`),
      versions: database.prepare(`SELECT ${COLUMNS} FROM object WHERE ${within} AND (key > ?4 OR (key = ?4 AND id < ?5)) ORDER BY key, id DESC LIMIT ?6`),
    };
  }

  /** The current object, or the version asked for; a delete marker only if it was asked for as a version. */
  head(bucket: string, key: string, version?: string): ObjectHead | undefined {
    const row = this.#row(bucket, key, version);
    return row && (version !== undefined || row.marker === 0) ? headOf(row) : undefined;
  }

  /** The object's newest version is a delete marker. */
  isMarked(bucket: string, key: string): boolean {
    return this.#row(bucket, key)?.marker === 1;
  }

  /** Bytes `from` to `to` of the body, both included. */
  read(bucket: string, key: string, from: number, to: number, version?: string): Buffer | Readable {
    return this.#bodies.read(this.#need(bucket, key, version), from, to);
  }

  /** Its body for another owner, not yet anybody's: for copies. */
  share(bucket: string, key: string, version?: string): Body {
    return this.#bodies.share(this.#need(bucket, key, version));
  }

  /** Without `version` a versioned bucket keeps what was there and gets a marker on top. Answers what S3 tells of it. */
  remove(bucket: string, key: string, version?: string): { readonly version?: string; readonly marker?: boolean } {
    const status = this.#buckets.versioning(bucket);
    if (version !== undefined) {
      const row = this.#row(bucket, key, version);
      if (!row) return { version };
      this.#within(() => {
        this.#sql.drop.run(row.id);
        if (row.latest) this.#database.prepare('UPDATE object SET latest = 1 WHERE id = (SELECT max(id) FROM object WHERE bucket = ? AND key = ?)').run(bucket, key);
      });
      this.#bodies.discard(row.files);
      return { version, ...(row.marker && { marker: true }) };
    }
    if (status === undefined) {
      const row = this.#row(bucket, key);
      if (row) this.#sql.drop.run(row.id);
      this.#bodies.discard(row?.files ?? null);
      return {};
    }
    const made = status === 'Enabled' ? newVersion() : 'null';
    let gone: string | null = null;
    this.#within(() => {
      gone = this.#makeWay(bucket, key);
      this.#sql.insert.run(bucket, key, made, 1, 0, '', Date.now(), '{}', null, null, null);
    });
    this.#bodies.discard(gone);
    return { version: made, marker: true };
  }

  /** Heads in byte order of their keys, from behind `after` on. */
  *list(bucket: string, prefix: string, after: string): Generator<ObjectHead> {
    let from = after;
    for (let page = FIRST_PAGE; ; page = larger(page)) {
      const rows = this.#sql.page.all(bucket, prefix, prefix + LAST, from, page) as unknown as Row[];
      for (const row of rows) yield headOf(row);
      const last = rows.at(-1);
      if (!last || rows.length < page) return;
      from = last.key;
    }
  }

  /** All versions, the newest of a key first, from behind a key's version (of all of them without `version`) on. */
  *versions(bucket: string, prefix: string, after: string, version?: string): Generator<ObjectHead> {
    let from = after;
    let id = version === undefined ? 0 : (this.#row(bucket, after, version)?.id ?? 0);
    for (let page = FIRST_PAGE; ; page = larger(page)) {
      const rows = this.#sql.versions.all(bucket, prefix, prefix + LAST, from, id, page) as unknown as Row[];
      for (const row of rows) yield headOf(row);
      const last = rows.at(-1);
      if (!last || rows.length < page) return;
      [from, id] = [last.key, last.id];
    }
  }

  /** Makes an object of a body that already lies on disk; `also` happens in the same transaction. */
  commit(about: NewObject, body: Body, also: () => void = () => undefined): ObjectHead {
    const { bucket, key, size, eTag, event, headers, tags = {} } = about;
    const at = Date.now();
    const version = this.#buckets.versioning(bucket) === 'Enabled' ? newVersion() : 'null';
    const created: Created = { bucket, key, size, eTag, at, event, ...(version !== 'null' && { version }) };
    let gone: string | null = null;
    let notice: number | undefined;
    this.#within(() => {
      also();
      gone = this.#makeWay(bucket, key);
      this.#sql.insert.run(bucket, key, version, 0, size, eTag, at, JSON.stringify(headers), Object.keys(tags).length > 0 ? JSON.stringify(tags) : null, body.inline, body.files);
      if (this.#buckets.isWatched(bucket)) notice = Number(this.#database.prepare('INSERT INTO notice (created) VALUES (?)').run(JSON.stringify(created)).lastInsertRowid);
    });
    if (notice !== undefined) this.onNotice(notice, created);
    this.#bodies.discard(gone);
    return { key, size, eTag, modifiedAt: at, headers, tags, version, latest: true, marker: false };
  }

  setTags(bucket: string, key: string, tags: Readonly<Record<string, string>>, version?: string): void {
    this.#database.prepare('UPDATE object SET tags = ? WHERE id = ?').run(Object.keys(tags).length > 0 ? JSON.stringify(tags) : null, this.#need(bucket, key, version).id);
  }

  unsettled(): { id: number; created: Created }[] {
    return this.#database.prepare('SELECT id, created FROM notice ORDER BY id').all()
      .map((row) => ({ id: Number(row['id']), created: JSON.parse(row['created'] as string) as Created }));
  }

  settle(notice: number): void {
    this.#database.prepare('DELETE FROM notice WHERE id = ?').run(notice);
  }

  /** Takes the newest version's place: keeps it as an older one, or drops it and answers its files. */
  #makeWay(bucket: string, key: string): string | null {
    const old = this.#row(bucket, key);
    if (!old) return null;
    const status = this.#buckets.versioning(bucket);
    if (status === undefined) return this.#drop(old);
    if (status === 'Enabled' || old.version !== 'null') this.#sql.retire.run(old.id);
    if (status === 'Enabled') return null;
    const unversioned = old.version === 'null' ? old : this.#row(bucket, key, 'null');
    return unversioned ? this.#drop(unversioned) : null;
  }

  #drop(row: Row): string | null {
    this.#sql.drop.run(row.id);
    return row.files;
  }

  #within(work: () => void): void {
    this.#database.exec('BEGIN');
    try {
      work();
      this.#database.exec('COMMIT');
    } catch (error) {
      this.#database.exec('ROLLBACK');
      throw error;
    }
  }

  #row(bucket: string, key: string, version?: string): Row | undefined {
    return (version === undefined ? this.#sql.current.get(bucket, key) : this.#sql.version.get(bucket, key, version)) as unknown as Row | undefined;
  }

  #need(bucket: string, key: string, version?: string): Row {
    const row = this.#row(bucket, key, version);
    if (!row || row.marker) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    return row;
  }
}

const newVersion = (): string => randomBytes(24).toString('base64url');
