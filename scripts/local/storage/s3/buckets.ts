import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { AwsError } from '../../service.ts';

export type Versioning = 'Enabled' | 'Suspended' | undefined;

/** Buckets and their configurations, kept as the XML that was put. */
export class Buckets {
  readonly #database: DatabaseSync;
  readonly #find: StatementSync;
  readonly #watched: Set<string>;
  readonly #versioning = new Map<string, Versioning>();

  constructor(database: DatabaseSync) {
    this.#database = database;
    database.exec(`CREATE TABLE IF NOT EXISTS bucket (name TEXT PRIMARY KEY, made_at INTEGER NOT NULL, watched INTEGER NOT NULL DEFAULT 0);
      CREATE TABLE IF NOT EXISTS setting (bucket TEXT REFERENCES bucket ON DELETE CASCADE, name TEXT, body TEXT NOT NULL, PRIMARY KEY (bucket, name));`);
    this.#find = database.prepare('SELECT 1 FROM bucket WHERE name = ?');
    this.#watched = new Set(database.prepare('SELECT name FROM bucket WHERE watched').all().map((row) => row['name'] as string));
  }

  all(): { name: string; madeAt: number }[] {
    return this.#database.prepare('SELECT name, made_at AS madeAt FROM bucket ORDER BY name').all() as { name: string; madeAt: number }[];
  }

  /** False when it exists. */
  create(name: string): boolean {
    if (!/^(?!\d+\.\d+\.\d+\.\d+$)(?!.*\.\.)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) throw new AwsError('InvalidBucketName', 'The specified bucket is not valid.', 400, { BucketName: name });
    return this.#database.prepare('INSERT OR IGNORE INTO bucket (name, made_at) VALUES (?, ?)').run(name, Date.now()).changes === 1;
  }

  need(name: string): void {
    if (!this.#find.get(name)) throw new AwsError('NoSuchBucket', 'The specified bucket does not exist', 404, { BucketName: name });
  }

  remove(name: string): void {
    this.need(name);
    if (this.#database.prepare('SELECT 1 FROM object WHERE bucket = ? LIMIT 1').get(name)) {
      const versioned = this.versioning(name) !== undefined;
      throw new AwsError('BucketNotEmpty', `The bucket you tried to delete is not empty.${versioned ? ' You must delete all versions in the bucket.' : ''}`, 409, { BucketName: name });
    }
    this.#database.prepare('DELETE FROM upload WHERE bucket = ?').run(name);
    this.#database.prepare('DELETE FROM bucket WHERE name = ?').run(name);
    this.#watched.delete(name);
    this.#versioning.delete(name);
  }

  /** Objects made in it from now on are told; creates the bucket if need be. */
  watch(name: string): void {
    this.create(name);
    this.#database.prepare('UPDATE bucket SET watched = 1 WHERE name = ?').run(name);
    this.#watched.add(name);
  }

  isWatched(name: string): boolean {
    return this.#watched.has(name);
  }

  versioning(bucket: string): Versioning {
    if (!this.#versioning.has(bucket)) this.#versioning.set(bucket, /<Status>(Enabled|Suspended)</.exec(this.setting(bucket, 'versioning') ?? '')?.[1] as Versioning);
    return this.#versioning.get(bucket);
  }

  setting(bucket: string, name: string): string | undefined {
    return this.#database.prepare('SELECT body FROM setting WHERE bucket = ? AND name = ?').get(bucket, name)?.['body'] as string | undefined;
  }

  putSetting(bucket: string, name: string, body: string): void {
    this.#database.prepare('INSERT OR REPLACE INTO setting VALUES (?, ?, ?)').run(bucket, name, body);
    this.#versioning.delete(bucket);
  }

  removeSetting(bucket: string, name: string): void {
    this.#database.prepare('DELETE FROM setting WHERE bucket = ? AND name = ?').run(bucket, name);
    this.#versioning.delete(bucket);
  }
}
