import { DeleteObjectCommand } from '@aws-sdk/client-s3';
import { documentClient, kinesisClient, redshiftDataClient, s3Client, warehouseReader } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { kinesisStream, s3Objects } from '@orderflow/shared/stream';
import { placeOf, streamFacts } from '@orderflow/shared/workflow';
import type * as z from 'zod/mini';
import { s3ArchiveStore } from '../archive/store.ts';
import { entryKey } from '../intake/quarantine.ts';
import { intakeOnAws } from '../intake/wire.ts';
import { dynamoClaims } from './claims.ts';
import type { environment } from './env.ts';
import type { ReinterpretDeps } from './handle.ts';
import { warehouseStanding } from './warehouse-standing.ts';

/** A sleeping warehouse takes a while to wake, milliseconds. */
const patienceMs = 60_000;

export function deps(env: z.infer<typeof environment>, tools: Tools): ReinterpretDeps {
  const { accounts, sink } = intakeOnAws(env, tools, { lingerMs: 0, patience: 'long' });
  return {
    accounts, sink,
    bucket: env.ARCHIVE_BUCKET,
    archive: s3ArchiveStore(s3Client(), env.ARCHIVE_BUCKET),
    standing: warehouseStanding(warehouseReader(redshiftDataClient(), { workgroup: env.WORKGROUP, database: env.DATABASE }, patienceMs)),
    claims: dynamoClaims(documentClient(), placeOf(env.TABLE_ARN).table),
    facts: streamFacts(kinesisStream(kinesisClient(), env.FACTS_STREAM), s3Objects(s3Client()), env.ARCHIVE_BUCKET),
    release: async (id, receivedAt) => {
      await s3Client().send(new DeleteObjectCommand({ Bucket: env.QUARANTINE_BUCKET, Key: entryKey(id, receivedAt) }));
    },
    clock: tools.clock, log: tools.log,
  };
}
