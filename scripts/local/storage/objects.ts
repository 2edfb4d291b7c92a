import { createHash, hash, randomUUID } from 'node:crypto';
import { closeSync, createReadStream, mkdirSync, openSync, readdirSync, readFileSync, readSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Readable } from 'node:stream';
import { AwsError } from '../service.ts';

/** Bodies up to this size lie in the database, larger ones in files of their own. */
const INLINE_BYTES = 65_536;

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

export interface Created {
  readonly bucket: string;
  readonly key: string;
  readonly size: number;
  readonly eTag: string;
  readonly at: number;
  readonly event: string;
}

interface Body {
  readonly inline: Uint8Array | null;
  readonly file: string | null;
}

interface Row extends Body {
  readonly key: string;
  readonly size: number;
  readonly eTag: string;
  readonly modifiedAt: number;
  readonly headers: string;
}

const COLUMNS = 'key, size, etag AS eTag, modified_at AS modifiedAt, headers, inline, file';

/**
 * Buckets and objects on disk. An object becomes visible, and its notification due, in one SQLite transaction after its
 * file is written: a kill leaves either the old object or the new one, and never an object without its notification.
 */
export class ObjectStore {
  readonly database: DatabaseSync;
  readonly #folder: string;
  readonly #watched: Set<string>;
  /** Told of each notification as soon as it is on disk. */
  onNotice: (id: number, created: Created) => void = () => undefined;

  constructor(folder: string) {
    this.#folder = join(folder, 'bodies');
    mkdirSync(this.#folder, { recursive: true });
    this.database = new DatabaseSync(join(folder, 's3.db'));
    this.database.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA foreign_keys=ON;
      CREATE TABLE IF NOT EXISTS bucket (name TEXT PRIMARY KEY, made_at INTEGER NOT NULL, watched INTEGER NOT NULL DEFAULT 0);
      CREATE TABLE IF NOT EXISTS setting (bucket TEXT REFERENCES bucket ON DELETE CASCADE, name TEXT, body TEXT NOT NULL, PRIMARY KEY (bucket, name));
      CREATE TABLE IF NOT EXISTS object (bucket TEXT NOT NULL REFERENCES bucket, key TEXT NOT NULL, size INTEGER NOT NULL, etag TEXT NOT NULL,
        modified_at INTEGER NOT NULL, headers TEXT NOT NULL, inline BLOB, file TEXT, UNIQUE (bucket, key));
      CREATE TABLE IF NOT EXISTS upload (id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, headers TEXT NOT NULL, at INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS part (upload TEXT REFERENCES upload ON DELETE CASCADE, number INTEGER, size INTEGER NOT NULL, etag TEXT NOT NULL, file TEXT NOT NULL, PRIMARY KEY (upload, number));
      CREATE TABLE IF NOT EXISTS notice (id INTEGER PRIMARY KEY AUTOINCREMENT, created TEXT NOT NULL);`);
    this.#watched = new Set(this.database.prepare('SELECT name FROM bucket WHERE watched').all().map((row) => row['name'] as string));
    this.#sweep();
  }

  buckets(): { name: string; madeAt: number }[] {
    return this.database.prepare('SELECT name, made_at AS madeAt FROM bucket ORDER BY name').all() as { name: string; madeAt: number }[];
  }

  createBucket(name: string): boolean {
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) throw new AwsError('InvalidBucketName', `The specified bucket is not valid: ${name}`);
    return this.database.prepare('INSERT OR IGNORE INTO bucket (name, made_at) VALUES (?, ?)').run(name, Date.now()).changes === 1;
  }

  need(bucket: string): void {
    if (!this.#has.get(bucket)) throw new AwsError('NoSuchBucket', `The specified bucket does not exist: ${bucket}`, 404);
  }

  get #has() {
    return (this.#hasStatement ??= this.database.prepare('SELECT 1 FROM bucket WHERE name = ?'));
  }
  #hasStatement: ReturnType<DatabaseSync['prepare']> | undefined;

  removeBucket(name: string): void {
    this.need(name);
    if (this.database.prepare('SELECT 1 FROM object WHERE bucket = ? LIMIT 1').get(name)) throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
    this.database.prepare('DELETE FROM upload WHERE bucket = ?').run(name);
    this.database.prepare('DELETE FROM bucket WHERE name = ?').run(name);
    this.#watched.delete(name);
  }

  /** Objects made in this bucket from now on are told, and told again after a kill until `settle`. */
  watch(bucket: string): void {
    this.createBucket(bucket);
    this.database.prepare('UPDATE bucket SET watched = 1 WHERE name = ?').run(bucket);
    this.#watched.add(bucket);
  }

  unsettled(): { id: number; created: Created }[] {
    return this.database.prepare('SELECT id, created FROM notice ORDER BY id').all()
      .map((row) => ({ id: Number(row['id']), created: JSON.parse(row['created'] as string) as Created }));
  }

  settle(notice: number): void {
    this.database.prepare('DELETE FROM notice WHERE id = ?').run(notice);
  }

  head(bucket: string, key: string): ObjectHead | undefined {
    const row = this.#row(bucket, key);
    return row && head(row);
  }

  put(bucket: string, key: string, body: Buffer, headers: Readonly<Record<string, string>>, event = 'ObjectCreated:Put'): ObjectHead {
    return this.#commit(bucket, key, this.#store(body), body.length, `"${hash('md5', body)}"`, headers, event);
  }

  /** The body, or the bytes `from` to `to` of it, both included. Large ones come as a stream. */
  read(bucket: string, key: string, from: number, to: number): Buffer | Readable {
    const row = this.#row(bucket, key)!;
    if (row.inline !== null) return Buffer.from(row.inline.buffer, row.inline.byteOffset, row.inline.byteLength).subarray(from, to + 1);
    return createReadStream(join(this.#folder, row.file!), { start: from, end: to, highWaterMark: 262_144 });
  }

  remove(bucket: string, key: string): void {
    const row = this.#row(bucket, key);
    if (!row) return;
    this.database.prepare('DELETE FROM object WHERE bucket = ? AND key = ?').run(bucket, key);
    this.#discard(row.file);
  }

  copy(from: { bucket: string; key: string }, bucket: string, key: string, headers: Readonly<Record<string, string>> | undefined): ObjectHead {
    const row = this.#row(from.bucket, from.key);
    if (!row) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
    const body = row.inline !== null ? Buffer.from(row.inline) : readFileSync(join(this.#folder, row.file!));
    return this.#commit(bucket, key, this.#store(body), row.size, row.eTag, headers ?? (JSON.parse(row.headers) as Record<string, string>), 'ObjectCreated:Copy');
  }

  /** Heads of objects in order of their keys, from `after` on. */
  *list(bucket: string, prefix: string, after: string): Generator<ObjectHead> {
    for (let from = after; ; ) {
      const rows = this.database.prepare(`SELECT ${COLUMNS.replace('inline, file', 'NULL AS inline, NULL AS file')} FROM object
        WHERE bucket = ? AND key > ? AND key >= ? AND substr(key, 1, length(?)) = ? ORDER BY key LIMIT 1000`).all(bucket, from, prefix, prefix, prefix) as unknown as Row[];
      for (const row of rows) yield head(row);
      if (rows.length < 1000) return;
      from = rows.at(-1)!.key;
    }
  }

  startUpload(bucket: string, key: string, headers: Readonly<Record<string, string>>): string {
    const id = randomUUID();
    this.database.prepare('INSERT INTO upload VALUES (?, ?, ?, ?, ?)').run(id, bucket, key, JSON.stringify(headers), Date.now());
    return id;
  }

  putPart(upload: string, number: number, body: Buffer): string {
    this.#upload(upload);
    const file = this.#file(body);
    const eTag = `"${hash('md5', body)}"`;
    const old = this.database.prepare('SELECT file FROM part WHERE upload = ? AND number = ?').get(upload, number);
    this.database.prepare('INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?, ?)').run(upload, number, body.length, eTag, file);
    this.#discard((old?.['file'] as string | undefined) ?? null);
    return eTag;
  }

  parts(upload: string): { number: number; size: number; eTag: string }[] {
    this.#upload(upload);
    return this.database.prepare('SELECT number, size, etag AS eTag FROM part WHERE upload = ? ORDER BY number').all(upload) as never;
  }

  completeUpload(upload: string, wanted: readonly { number: number; eTag: string }[]): ObjectHead {
    const { bucket, key, headers } = this.#upload(upload);
    const kept = this.database.prepare('SELECT number, size, etag AS eTag, file FROM part WHERE upload = ?').all(upload) as unknown as { number: number; size: number; eTag: string; file: string }[];
    const digest = createHash('md5');
    const parts = wanted.map((want, i) => {
      const part = kept.find((one) => one.number === want.number && one.eTag.replaceAll('"', '') === want.eTag.replaceAll('"', ''));
      if (!part) throw new AwsError('InvalidPart', `Part ${want.number} was not uploaded, or its ETag differs`);
      if (i > 0 && want.number <= wanted[i - 1]!.number) throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order');
      digest.update(Buffer.from(part.eTag.replaceAll('"', ''), 'hex'));
      return part;
    });
    if (parts.length === 0) throw new AwsError('MalformedXML', 'You must specify at least one part');
    const file = randomUUID();
    const target = openSync(join(this.#folder, file), 'w');
    for (const part of parts) this.#append(target, part.file);
    closeSync(target);
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    const made = this.#commit(bucket, key, { inline: null, file }, size, `"${digest.digest('hex')}-${parts.length}"`, headers, 'ObjectCreated:CompleteMultipartUpload');
    this.abortUpload(upload);
    return made;
  }

  abortUpload(upload: string): void {
    this.#upload(upload);
    const files = this.database.prepare('SELECT file FROM part WHERE upload = ?').all(upload);
    this.database.prepare('DELETE FROM upload WHERE id = ?').run(upload);
    for (const row of files) this.#discard(row['file'] as string);
  }

  setting(bucket: string, name: string): string | undefined {
    return this.database.prepare('SELECT body FROM setting WHERE bucket = ? AND name = ?').get(bucket, name)?.['body'] as string | undefined;
  }

  putSetting(bucket: string, name: string, body: string): void {
    this.database.prepare('INSERT OR REPLACE INTO setting VALUES (?, ?, ?)').run(bucket, name, body);
  }

  removeSetting(bucket: string, name: string): void {
    this.database.prepare('DELETE FROM setting WHERE bucket = ? AND name = ?').run(bucket, name);
  }

  close(): void {
    this.database.close();
  }

  #commit(bucket: string, key: string, body: Body, size: number, eTag: string, headers: Readonly<Record<string, string>>, event: string): ObjectHead {
    const at = Date.now();
    const old = this.#row(bucket, key);
    const watched = this.#watched.has(bucket);
    const created: Created = { bucket, key, size, eTag, at, event };
    let notice = 0;
    if (watched) this.database.exec('BEGIN');
    (this.#insert ??= this.database.prepare('INSERT OR REPLACE INTO object VALUES (?, ?, ?, ?, ?, ?, ?, ?)')).run(bucket, key, size, eTag, at, JSON.stringify(headers), body.inline, body.file);
    if (watched) {
      notice = Number(this.database.prepare('INSERT INTO notice (created) VALUES (?)').run(JSON.stringify(created)).lastInsertRowid);
      this.database.exec('COMMIT');
      this.onNotice(notice, created);
    }
    this.#discard(old?.file ?? null);
    return { key, size, eTag, modifiedAt: at, headers };
  }
  #insert: ReturnType<DatabaseSync['prepare']> | undefined;

  #row(bucket: string, key: string): Row | undefined {
    return (this.#select ??= this.database.prepare(`SELECT ${COLUMNS} FROM object WHERE bucket = ? AND key = ?`)).get(bucket, key) as unknown as Row | undefined;
  }
  #select: ReturnType<DatabaseSync['prepare']> | undefined;

  #upload(id: string): { bucket: string; key: string; headers: Record<string, string> } {
    const row = this.database.prepare('SELECT bucket, key, headers FROM upload WHERE id = ?').get(id);
    if (!row) throw new AwsError('NoSuchUpload', 'The specified upload does not exist.', 404);
    return { bucket: row['bucket'] as string, key: row['key'] as string, headers: JSON.parse(row['headers'] as string) as Record<string, string> };
  }

  #store(body: Buffer): Body {
    return body.length <= INLINE_BYTES ? { inline: body, file: null } : { inline: null, file: this.#file(body) };
  }

  #file(body: Buffer): string {
    const file = randomUUID();
    writeFileSync(join(this.#folder, file), body);
    return file;
  }

  #append(target: number, file: string): void {
    const source = openSync(join(this.#folder, file), 'r');
    const { size } = statSync(join(this.#folder, file));
    const bytes = Buffer.alloc(Math.min(size, 8 * 1024 * 1024));
    for (let at = 0; at < size; ) {
      const read = readSync(source, bytes, 0, bytes.length, at);
      writeFileSync(target, bytes.subarray(0, read));
      at += read;
    }
    closeSync(source);
  }

  #discard(file: string | null): void {
    if (file !== null) rmSync(join(this.#folder, file), { force: true });
  }

  /** Files that a kill has left without an owner. */
  #sweep(): void {
    const owned = new Set(this.database.prepare('SELECT file FROM object WHERE file IS NOT NULL UNION SELECT file FROM part').all().map((row) => row['file'] as string));
    for (const file of readdirSync(this.#folder)) if (!owned.has(file)) this.#discard(file);
  }
}

function head(row: Row): ObjectHead {
  return { key: row.key, size: row.size, eTag: row.eTag, modifiedAt: row.modifiedAt, headers: JSON.parse(row.headers) as Record<string, string> };
}
