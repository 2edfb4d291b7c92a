import { ListObjectsV2Command, type S3Client } from '@aws-sdk/client-s3';
import { s3Objects } from '@orderflow/shared/stream';

/** The raw archive's bucket, read by the hour. */
export interface ArchiveStore {
  /** Keys of the objects of one hour (`2026/11/22/12`), in the order of their names, after `from` where it is set. */
  keys(hour: string, from?: string): AsyncIterable<string>;
  get(key: string): Promise<Uint8Array>;
  put(key: string, object: Uint8Array): Promise<void>;
}

export function s3ArchiveStore(client: S3Client, Bucket: string): ArchiveStore {
  const objects = s3Objects(client);
  return {
    async *keys(hour, from) {
      let ContinuationToken: string | undefined;
      do {
        const page = await client.send(
          new ListObjectsV2Command({
            Bucket, Prefix: `raw/${hour}/`,
            ...(from === undefined ? {} : { StartAfter: from }), ...(ContinuationToken === undefined ? {} : { ContinuationToken }),
          }),
        );
        for (const { Key } of page.Contents ?? []) if (Key !== undefined) yield Key;
        ContinuationToken = page.NextContinuationToken;
      } while (ContinuationToken !== undefined);
    },
    get: (key) => objects.get(Bucket, key),
    put: (key, object) => objects.put(Bucket, key, object),
  };
}
