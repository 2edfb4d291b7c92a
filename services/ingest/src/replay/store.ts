import { DeleteObjectCommand, ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { s3Objects } from '@orderflow/shared/stream';

/** The quarantine bucket, read and emptied. */
export interface QuarantineStore {
  /** Index entries, oldest day first, as parsed JSON with their keys. */
  entries(): AsyncIterable<{ readonly key: string; readonly entry: unknown }>;
  raw(key: string): Promise<Uint8Array>;
  remove(key: string): Promise<void>;
}

export function s3QuarantineStore(client: S3Client, Bucket: string): QuarantineStore {
  const objects = s3Objects(client);
  return {
    async *entries() {
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({ Bucket, Prefix: 'index/', ...(ContinuationToken === undefined ? {} : { ContinuationToken }) }),
        );
        for (const { Key } of page.Contents ?? []) {
          if (Key === undefined) continue;
          const body = await objects.get(Bucket, Key);
          yield { key: Key, entry: JSON.parse(Buffer.from(body).toString('utf8')) as unknown };
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
    },
    raw: (key) => objects.get(Bucket, key),
    async remove(Key) {
      await client.send(new DeleteObjectCommand({ Bucket, Key }));
    },
  };
}
