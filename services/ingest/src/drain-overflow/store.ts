import { DeleteObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { s3Objects } from '@orderflow/shared/stream';
import type { OverflowObject, OverflowStore } from './handle.ts';

/** More is not looked at in one run: a hundred thousand objects. */
const mostPages = 100;

export const s3OverflowStore = (client: S3Client, Bucket: string): OverflowStore => ({
  async list(Prefix) {
    const found: OverflowObject[] = [];
    let ContinuationToken: string | undefined;
    for (let page = 0; page < mostPages; page++) {
      const { Contents = [], NextContinuationToken } = await client.send(
        new ListObjectsV2Command({ Bucket, Prefix, ...(ContinuationToken === undefined ? {} : { ContinuationToken }) }),
      );
      for (const { Key, LastModified } of Contents) {
        if (Key !== undefined) found.push({ key: Key, writtenAt: LastModified?.getTime() ?? 0 });
      }
      if (NextContinuationToken === undefined) break;
      ContinuationToken = NextContinuationToken;
    }
    return found;
  },
  async get(key) {
    try {
      return await s3Objects(client).get(Bucket, key);
    } catch (error) {
      if (error instanceof Error && error.name === 'NoSuchKey') return undefined;
      throw error;
    }
  },
  replace: (key, body) => s3Objects(client).put(Bucket, key, body),
  async remove(Key) {
    await client.send(new DeleteObjectCommand({ Bucket, Key }));
  },
});
