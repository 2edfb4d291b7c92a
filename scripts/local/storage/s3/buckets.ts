import type { DatabaseSync, StatementSync } from 'node:sqlite';
import { AwsError } from '../../service.ts';

/** Buckets and their settings, which are kept and given back without any effect. */
export class Buckets {
  readonly #database: DatabaseSync;
  readonly #find: StatementSync;
  readonly #watched: Set<string>;

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
    if (!/^[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/.test(name)) throw new AwsError('InvalidBucketName', `The specified bucket is not valid: ${name}`);
    return this.#database.prepare('INSERT OR IGNORE INTO bucket (name, made_at) VALUES (?, ?)').run(name, Date.now()).changes === 1;
  }

  need(name: string): void {
    if (!this.#find.get(name)) throw new AwsError('NoSuchBucket', `The specified bucket does not exist: ${name}`, 404);
  }

  remove(name: string): void {
    this.need(name);
    if (this.#database.prepare('SELECT 1 FROM object WHERE bucket = ? LIMIT 1').get(name)) throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
    this.#database.prepare('DELETE FROM upload WHERE bucket = ?').run(name);
    this.#database.prepare('DELETE FROM bucket WHERE name = ?').run(name);
    this.#watched.delete(name);
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

  setting(bucket: string, name: string): string | undefined {
    return this.#database.prepare('SELECT body FROM setting WHERE bucket = ? AND name = ?').get(bucket, name)?.['body'] as string | undefined;
  }

  putSetting(bucket: string, name: string, body: string): void {
    this.#database.prepare('INSERT OR REPLACE INTO setting VALUES (?, ?, ?)').run(bucket, name, body);
  }

  removeSetting(bucket: string, name: string): void {
    this.#database.prepare('DELETE FROM setting WHERE bucket = ? AND name = ?').run(bucket, name);
  }
}
