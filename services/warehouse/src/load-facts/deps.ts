import { setTimeout as pause } from 'node:timers/promises';
import { documentClient, redshiftDataClient, s3Client } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { DynamoStore, OversizeLines } from '@orderflow/shared/store';
import { s3Objects, s3Quarantine } from '@orderflow/shared/stream';
import type * as z from 'zod/mini';
import { s3Staging } from '../landed/staging.ts';
import { dataApi } from '@orderflow/shared/aws';
import { dynamoLease } from '../load/lease.ts';
import type { env } from './env.ts';
import type { LoadFacts } from './handle.ts';

export const deps = (env_: z.output<typeof env>, tools: Tools): LoadFacts => ({
  ...tools,
  staging: s3Staging(s3Client(), env_.STAGING_BUCKET),
  quarantine: s3Quarantine(s3Objects(s3Client()), env_.QUARANTINE_BUCKET, tools.clock),
  quarantineBucket: env_.QUARANTINE_BUCKET,
  warehouse: dataApi(redshiftDataClient(), { workgroup: env_.WORKGROUP, database: env_.DATABASE }),
  copyRole: env_.COPY_ROLE,
  lease: dynamoLease(documentClient(), env_.LEASE_TABLE),
  store: new DynamoStore({
    client: documentClient(), table: env_.TABLE, clock: tools.clock, newId: tools.newId,
    oversize: new OversizeLines(s3Objects(s3Client()), env_.STAGING_BUCKET),
  }),
  pause: (milliseconds) => pause(milliseconds),
  batchesPerLoad: env_.BATCHES_PER_LOAD,
  rowsPerLoad: env_.ROWS_PER_LOAD,
  intervalMs: env_.LOAD_INTERVAL_MS,
});
