import { DeleteObjectCommand, ListObjectsV2Command, S3ServiceException, type S3Client } from '@aws-sdk/client-s3';
import { s3Objects } from '@orderflow/shared/stream';

/** The quarantine bucket, read and emptied. */
export interface QuarantineStore {
  /** Index entries, oldest day first, as parsed JSON with their keys and ETags. */
  entries(): AsyncIterable<{ readonly key: string; readonly eTag?: string | undefined; readonly entry: unknown }>;
  raw(key: string): Promise<Uint8Array>;
  /** Nothing where somebody has written it anew meanwhile: what was replayed came back. */
  remove(key: string, eTag: string | undefined): Promise<void>;
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
        for (const { Key, ETag: eTag } of page.Contents ?? []) {
          if (Key === undefined) continue;
          const body = await objects.get(Bucket, Key);
          yield { key: Key, eTag, entry: JSON.parse(Buffer.from(body).toString('utf8')) as unknown };
        }
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
    },
    raw: (key) => objects.get(Bucket, key),
    async remove(Key, IfMatch) {
      try {
        await client.send(new DeleteObjectCommand({ Bucket, Key, IfMatch }));
      } catch (error) {
        // https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-deletes.html; a repeated call finds it gone
        if (!(error instanceof S3ServiceException) || !['PreconditionFailed', 'NoSuchKey'].includes(error.name)) throw error;
      }
    },
  };
}
