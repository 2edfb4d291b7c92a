import type * as z from 'zod/mini';
import { documentClient, s3Client, sqsClient } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { s3Objects, s3Quarantine } from '@orderflow/shared/stream';
import { intakeOnAws } from '../intake/wire.ts';
import { vendorOnAws } from '../vendor/wire.ts';
import type { environment } from './env.ts';
import type { FetchDeps } from './ports.ts';
import { sqsMessages } from './queue.ts';
import { dynamoResults } from './results.ts';

export const deps = (env: z.infer<typeof environment>, tools: Tools): FetchDeps => ({
  ...intakeOnAws(env, tools, { lingerMs: 0, patience: 'long' }),
  vendor: vendorOnAws(env, tools),
  results: dynamoResults(documentClient(), env.CURSORS_TABLE, tools.clock),
  queue: sqsMessages(sqsClient()),
  unfetched: s3Quarantine(s3Objects(s3Client()), env.QUARANTINE_BUCKET, tools.clock),
});
