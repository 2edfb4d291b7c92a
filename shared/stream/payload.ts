import { createHash } from 'node:crypto';
import { promisify } from 'node:util';
import { gunzipSync, gzip } from 'node:zlib';
import { GetObjectCommand, PutObjectCommand, type S3Client } from '@aws-sdk/client-s3';

/** Canonical data above this many bytes lies on S3 with a pointer in the record (CONTRACTS, "Sizes"). */
export const inlineLimit = 200_000;

export interface Pointer {
  readonly pointer: { readonly bucket: string; readonly key: string; readonly bytes: number; readonly sha256: string };
}

/** Objects by bucket and key. */
export interface ObjectPort {
  put(bucket: string, key: string, body: Uint8Array): Promise<void>;
  get(bucket: string, key: string): Promise<Uint8Array>;
}

/** Objects of S3. A put that is not done after `putWithinMs`, the SDK's own attempts included, is given up. */
export const s3Objects = (client: S3Client, putWithinMs?: number): ObjectPort => ({
  async put(bucket, key, body) {
    const limit = putWithinMs === undefined ? {} : { abortSignal: AbortSignal.timeout(putWithinMs) };
    await client.send(new PutObjectCommand({ Bucket: bucket, Key: key, Body: body }), limit);
  },
  async get(bucket, key) {
    const answer = await client.send(new GetObjectCommand({ Bucket: bucket, Key: key }));
    if (!answer.Body) throw new Error(`s3://${bucket}/${key} has no body`);
    return answer.Body.transformToByteArray();
  },
});

const packed = promisify(gzip);

/** `value` itself when it is small, else a pointer to it: gzip'd JSON at `pointers/<sha256>.json.gz`, same content same key. */
export async function inlineOrPointer<T>(value: T, objects: ObjectPort, bucket: string): Promise<T | Pointer> {
  const json = Buffer.from(JSON.stringify(value));
  if (json.byteLength <= inlineLimit) return value;
  const sha256 = createHash('sha256').update(json).digest('hex');
  const key = `pointers/${sha256}.json.gz`;
  await objects.put(bucket, key, await packed(json));
  return { pointer: { bucket, key, bytes: json.byteLength, sha256 } };
}

/** Follows a pointer. @throws Error when the content is not what the pointer says. */
export async function follow({ pointer }: Pointer, objects: ObjectPort): Promise<unknown> {
  const json = gunzipSync(await objects.get(pointer.bucket, pointer.key));
  if (createHash('sha256').update(json).digest('hex') !== pointer.sha256) {
    throw new Error(`s3://${pointer.bucket}/${pointer.key} is not what its pointer says`);
  }
  return JSON.parse(json.toString('utf8')) as unknown;
}
