import { createHash, hash, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { AwsError } from '../../service.ts';
import type { Bodies } from './bodies.ts';
import type { ObjectHead, Objects } from './objects.ts';

interface Part {
  readonly number: number;
  readonly size: number;
  readonly eTag: string;
  readonly file: string;
}

const bare = (eTag: string): string => eTag.replaceAll('"', '');

/** Multipart uploads. https://docs.aws.amazon.com/AmazonS3/latest/userguide/mpuoverview.html */
export class Uploads {
  readonly #database: DatabaseSync;
  readonly #bodies: Bodies;
  readonly #objects: Objects;

  constructor(database: DatabaseSync, bodies: Bodies, objects: Objects) {
    this.#database = database;
    this.#bodies = bodies;
    this.#objects = objects;
    database.exec(`CREATE TABLE IF NOT EXISTS upload (id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, headers TEXT NOT NULL, at INTEGER NOT NULL);
      CREATE TABLE IF NOT EXISTS part (upload TEXT REFERENCES upload ON DELETE CASCADE, number INTEGER, size INTEGER NOT NULL, etag TEXT NOT NULL, file TEXT NOT NULL, PRIMARY KEY (upload, number));`);
  }

  start(bucket: string, key: string, headers: Readonly<Record<string, string>>): string {
    const id = randomUUID();
    this.#database.prepare('INSERT INTO upload VALUES (?, ?, ?, ?, ?)').run(id, bucket, key, JSON.stringify(headers), Date.now());
    return id;
  }

  /** Answers the part's ETag. */
  put(upload: string, number: number, body: Buffer): string {
    this.#need(upload);
    const eTag = `"${hash('md5', body)}"`;
    const old = this.parts(upload).find((part) => part.number === number);
    this.#database.prepare('INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?, ?)').run(upload, number, body.length, eTag, this.#bodies.write(body));
    this.#bodies.discard(old?.file ?? null);
    return eTag;
  }

  parts(upload: string): Part[] {
    this.#need(upload);
    return this.#database.prepare('SELECT number, size, etag AS eTag, file FROM part WHERE upload = ? ORDER BY number').all(upload) as unknown as Part[];
  }

  complete(upload: string, wanted: readonly { readonly number: number; readonly eTag: string }[]): ObjectHead {
    const { bucket, key, headers } = this.#need(upload);
    const kept = this.parts(upload);
    if (wanted.length === 0) throw new AwsError('MalformedXML', 'You must specify at least one part');
    const digest = createHash('md5');
    let before = 0;
    const parts = wanted.map((want) => {
      const part = kept.find((one) => one.number === want.number && bare(one.eTag) === bare(want.eTag));
      if (!part) throw new AwsError('InvalidPart', `Part ${want.number} was not uploaded, or its ETag differs`);
      if (want.number <= before) throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order');
      before = want.number;
      digest.update(Buffer.from(bare(part.eTag), 'hex'));
      return part;
    });
    const file = this.#bodies.join(parts.map((part) => part.file));
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    const eTag = `"${digest.digest('hex')}-${parts.length}"`;
    const made = this.#objects.commit({ bucket, key, size, eTag, event: 'ObjectCreated:CompleteMultipartUpload' }, { inline: null, file }, headers);
    this.abort(upload);
    return made;
  }

  abort(upload: string): void {
    const parts = this.parts(upload);
    this.#database.prepare('DELETE FROM upload WHERE id = ?').run(upload);
    for (const part of parts) this.#bodies.discard(part.file);
  }

  #need(id: string): { readonly bucket: string; readonly key: string; readonly headers: Record<string, string> } {
    const row = this.#database.prepare('SELECT bucket, key, headers FROM upload WHERE id = ?').get(id);
    if (!row) throw new AwsError('NoSuchUpload', 'The specified upload does not exist.', 404);
    return { bucket: row['bucket'] as string, key: row['key'] as string, headers: JSON.parse(row['headers'] as string) as Record<string, string> };
  }
}
