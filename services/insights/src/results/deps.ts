import { PutObjectCommand } from '@aws-sdk/client-s3';
import { dataApi, redshiftDataClient, s3Client, warehouseReader, type WarehouseReader } from '@orderflow/shared/aws';
import * as z from 'zod/mini';
import type { Results } from './replace.ts';

/** Environment of every function that makes an insight. */
export const refreshEnv = z.object({ WORKGROUP: z.string(), DATABASE: z.string(), STAGING_BUCKET: z.string() });

/** What every function that makes an insight works with. */
export interface Refresh extends Results {
  readonly reader: WarehouseReader;
}

/** A statement over a year of days takes longer than a request may: Lambda's limit ends it. */
const mostMs = 240_000;

export function refreshDeps({ WORKGROUP: workgroup, DATABASE: database, STAGING_BUCKET: bucket }: z.output<typeof refreshEnv>): Refresh {
  const where = { workgroup, database };
  return {
    warehouse: dataApi(redshiftDataClient(), where),
    reader: warehouseReader(redshiftDataClient(), where, mostMs),
    bucket: {
      name: bucket,
      async put(Key, Body) {
        await s3Client().send(new PutObjectCommand({ Bucket: bucket, Key, Body }));
      },
    },
  };
}
