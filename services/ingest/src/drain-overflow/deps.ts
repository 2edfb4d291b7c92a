import type * as z from 'zod/mini';
import { DeleteObjectCommand, ListObjectsV2Command } from '@aws-sdk/client-s3';
import { kinesisClient, s3Client } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { kinesisStream, s3Objects } from '@orderflow/shared/stream';
import type { environment } from './env.ts';
import type { DrainDeps } from './handle.ts';

export function deps(env: z.infer<typeof environment>, { log, meter }: Tools): DrainDeps {
  const Bucket = env.INTAKE_BUCKET;
  return {
    store: {
      async list(Prefix) {
        const { Contents = [] } = await s3Client().send(new ListObjectsV2Command({ Bucket, Prefix, MaxKeys: 500 }));
        return Contents.flatMap(({ Key }) => (Key === undefined ? [] : [Key]));
      },
      get: (key) => s3Objects(s3Client()).get(Bucket, key),
      async remove(Key) {
        await s3Client().send(new DeleteObjectCommand({ Bucket, Key }));
      },
    },
    streams: {
      events: kinesisStream(kinesisClient(), env.EVENTS_STREAM),
      facts: kinesisStream(kinesisClient(), env.FACTS_STREAM),
    },
    log,
    meter,
  };
}
