import { PassThrough, Readable, Transform } from 'node:stream';
import { createGunzip } from 'node:zlib';
import { GetObjectCommand, HeadObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Files in the intake bucket. */
export interface FilePort {
  /** Bytes as they lie there, from `from` on, with what identifies this content. */
  open(bucket: string, key: string): Promise<{ readonly etag: string; readonly body: Readable }>;
  /** Small objects beside a file (its mapping); undefined when there is none. */
  read(bucket: string, key: string): Promise<Uint8Array | undefined>;
  etag(bucket: string, key: string): Promise<string | undefined>;
}

const absent = (error: unknown): boolean =>
  error instanceof Error && (error.name === 'NoSuchKey' || error.name === 'NotFound');

export const s3Files = (client: Pick<S3Client, 'send'>): FilePort => ({
  async open(bucket, key) {
    const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!(answer.Body instanceof Readable)) throw new Error('the object has no body that can be streamed');
    return { etag: answer.ETag ?? '', body: answer.Body };
  },
  async read(bucket, key) {
    try {
      const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
      return await answer.Body?.transformToByteArray();
    } catch (error) {
      if (absent(error)) return undefined;
      throw error;
    }
  },
  async etag(bucket, key) {
    try {
      return (await client.send(new HeadObjectCommand({ Bucket: bucket, Key: key }))).ETag ?? '';
    } catch (error) {
      if (absent(error)) return undefined;
      throw error;
    }
  },
});

/** Takes the first `count` bytes off a stream. */
function skip(count: number): Transform {
  let left = count;
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const from = Math.min(left, chunk.length);
      left -= from;
      done(null, from === chunk.length ? undefined : chunk.subarray(from));
    },
  });
}

/** What a file is, judged by its content: gzip by its magic number, JSON lines by their first brace. */
export interface Opened {
  readonly format: 'csv' | 'jsonl';
  /** Decompressed bytes from `offset` on. */
  readonly bytes: Readable;
}


/** The first chunk of a stream, and the stream with that chunk put back. */
async function peek(stream: Readable): Promise<readonly [Buffer, Readable]> {
  const iterator = stream.iterator({ destroyOnReturn: false });
  const first = (await iterator.next()) as IteratorResult<Buffer, undefined>;
  const head = first.done === true ? Buffer.alloc(0) : first.value;
  await iterator.return?.();
  const whole = new PassThrough();
  whole.write(head);
  stream.on('error', (error) => whole.destroy(error));
  if (stream.readableEnded) whole.end();
  else stream.pipe(whole);
  return [head, whole];
}

/** Opens a body: decompressed if it is gzip, from `offset` decompressed bytes on. */
export async function openBody(body: Readable, offset: number): Promise<Opened> {
  const [magic, raw] = await peek(body);
  let plain = raw;
  if (magic[0] === 0x1f && magic[1] === 0x8b) {
    const gunzip = createGunzip();
    raw.on('error', (error) => gunzip.destroy(error));
    plain = raw.pipe(gunzip);
  }
  const [head, text] = await peek(plain);
  const first = head.toString('utf8').replace(/^\uFEFF/, '').trimStart()[0];
  const format = first === '{' ? 'jsonl' : 'csv';
  return { format, bytes: offset === 0 ? text : text.pipe(skip(offset)) };
}
