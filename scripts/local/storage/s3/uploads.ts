import { createHash, randomUUID } from 'node:crypto';
import type { DatabaseSync } from 'node:sqlite';
import { AwsError } from '../../service.ts';
import type { Bodies, Body } from './bodies.ts';
import { checksum, headerOf, isAlgorithm } from './checksums.ts';
import type { ObjectHead } from './object-head.ts';
import type { Objects } from './objects.ts';

export interface Part {
  readonly number: number;
  readonly size: number;
  readonly eTag: string;
  readonly files: string;
  readonly at: number;
  /** `x-amz-checksum-…` of the part. */
  readonly checksums: Readonly<Record<string, string>>;
}

export interface Upload {
  readonly id: string;
  readonly bucket: string;
  readonly key: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly tags: Readonly<Record<string, string>>;
  /** Checksum of the whole that was asked for: `crc32`, and whether of all bytes or of the parts' checksums. */
  readonly algorithm?: string;
  readonly checksumType?: string;
  readonly at: number;
}

/** All parts but the last have at least so many bytes. */
const LEAST_PART = 5 * 1024 ** 2;
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
    database.exec(`CREATE TABLE IF NOT EXISTS upload (id TEXT PRIMARY KEY, bucket TEXT NOT NULL, key TEXT NOT NULL, content TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS part (upload TEXT REFERENCES upload ON DELETE CASCADE, number INTEGER, content TEXT NOT NULL, files TEXT NOT NULL, PRIMARY KEY (upload, number));`);
  }

  start(upload: Omit<Upload, 'id' | 'at'>): string {
    const id = randomUUID().replaceAll('-', '');
    this.#database.prepare('INSERT INTO upload VALUES (?, ?, ?, ?)').run(id, upload.bucket, upload.key, JSON.stringify({ ...upload, id, at: Date.now() }));
    return id;
  }

  /** The upload, which is of this object. */
  need(id: string, bucket: string, key: string): Upload {
    const row = this.#database.prepare('SELECT content FROM upload WHERE id = ? AND bucket = ? AND key = ?').get(id, bucket, key);
    if (!row) throw new AwsError('NoSuchUpload', 'The specified upload does not exist. The upload ID may be invalid, or the upload may have been aborted or completed.', 404, { UploadId: id });
    return JSON.parse(String(row['content'])) as Upload;
  }

  /** In order of keys. */
  all(bucket: string): Upload[] {
    return this.#database.prepare('SELECT content FROM upload WHERE bucket = ? ORDER BY key, id').all(bucket).map((row) => JSON.parse(String(row['content'])) as Upload);
  }

  put(upload: Upload, part: Omit<Part, 'at'>): void {
    if (!(Number.isInteger(part.number) && part.number >= 1 && part.number <= 10_000)) {
      this.#bodies.discard(part.files);
      throw new AwsError('InvalidArgument', 'Part number must be an integer between 1 and 10000, inclusive', 400, { ArgumentName: 'partNumber', ArgumentValue: String(part.number) });
    }
    const { files, ...content } = part;
    const old = this.#database.prepare('SELECT files FROM part WHERE upload = ? AND number = ?').get(upload.id, part.number);
    this.#database.prepare('INSERT OR REPLACE INTO part VALUES (?, ?, ?, ?)').run(upload.id, part.number, JSON.stringify({ ...content, at: Date.now() }), files);
    this.#bodies.discard((old?.['files'] as string | undefined) ?? null);
  }

  parts(upload: Upload): Part[] {
    return this.#database.prepare('SELECT content, files FROM part WHERE upload = ? ORDER BY number').all(upload.id).map((row) => ({ ...(JSON.parse(String(row['content'])) as Omit<Part, 'files'>), files: String(row['files']) }));
  }

  /** The object is the parts one behind the other: their files become its own, no byte is copied. */
  async complete(upload: Upload, wanted: readonly { readonly number: number; readonly eTag: string }[], claimed: Readonly<Record<string, string>>): Promise<ObjectHead> {
    const kept = new Map(this.parts(upload).map((part) => [part.number, part]));
    if (wanted.length === 0) throw new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
    if (wanted.some((want, at) => at > 0 && want.number <= (wanted[at - 1]?.number ?? 0))) throw new AwsError('InvalidPartOrder', 'The list of parts was not in ascending order. The parts list must be specified in order by part number.');
    const parts = wanted.map((want, at) => {
      const part = kept.get(want.number);
      if (!part || bare(part.eTag) !== bare(want.eTag)) throw new AwsError('InvalidPart', 'One or more of the specified parts could not be found. The part may not have been uploaded, or the specified entity tag may not match the part\'s entity tag.', 400, { UploadId: upload.id, PartNumber: want.number });
      if (at < wanted.length - 1 && part.size < LEAST_PART) throw new AwsError('EntityTooSmall', 'Your proposed upload is smaller than the minimum allowed size', 400, { ProposedSize: part.size, MinSizeAllowed: LEAST_PART, PartNumber: part.number });
      return part;
    });
    const digest = createHash('md5');
    for (const part of parts) digest.update(Buffer.from(bare(part.eTag), 'hex'));
    const body: Body = { inline: null, files: parts.map((part) => part.files).join(',') };
    const size = parts.reduce((sum, part) => sum + part.size, 0);
    const checksums = await this.#checksum(upload, parts, body, size);
    for (const [name, value] of Object.entries(checksums)) {
      if (claimed[name] !== undefined && claimed[name] !== value) throw new AwsError('BadDigest', `The ${name.slice(15)} you specified did not match what we received.`);
    }
    this.need(upload.id, upload.bucket, upload.key); // another call may have ended it meanwhile
    const used = new Set(parts.map((part) => part.number));
    const about = { bucket: upload.bucket, key: upload.key, size, eTag: `"${digest.digest('hex')}-${parts.length}"`, event: 'ObjectCreated:CompleteMultipartUpload', headers: { ...upload.headers, ...checksums }, tags: upload.tags };
    const made = this.#objects.commit(about, body, () => void this.#database.prepare('DELETE FROM upload WHERE id = ?').run(upload.id));
    for (const part of kept.values()) if (!used.has(part.number)) this.#bodies.discard(part.files);
    return made;
  }

  abort(upload: Upload): void {
    const parts = this.parts(upload);
    this.#database.prepare('DELETE FROM upload WHERE id = ?').run(upload.id);
    for (const part of parts) this.#bodies.discard(part.files);
  }

  /** https://docs.aws.amazon.com/AmazonS3/latest/userguide/checking-object-integrity-upload.html#large-object-checksums */
  async #checksum(upload: Upload, parts: readonly Part[], body: Body, size: number): Promise<Record<string, string>> {
    const { algorithm, checksumType } = upload;
    if (algorithm === undefined || !isAlgorithm(algorithm)) return {};
    const name = headerOf(algorithm);
    const sum = checksum(algorithm);
    if ((checksumType ?? (algorithm === 'crc64nvme' ? 'FULL_OBJECT' : 'COMPOSITE')) === 'COMPOSITE') {
      const each = parts.map((part) => part.checksums[name]);
      if (each.includes(undefined)) return {};
      for (const value of each) sum.update(Buffer.from(value ?? '', 'base64'));
      return { [name]: `${sum.digest()}-${parts.length}`, 'x-amz-checksum-type': 'COMPOSITE' };
    }
    const bytes = this.#bodies.read(body, 0, size - 1);
    if (Buffer.isBuffer(bytes)) sum.update(bytes);
    else for await (const chunk of bytes as AsyncIterable<Buffer>) sum.update(chunk);
    return { [name]: sum.digest(), 'x-amz-checksum-type': 'FULL_OBJECT' };
  }
}
