import type * as z from 'zod/mini';
import { kinesisClient, s3Client, sqsClient } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { kinesisStream, s3Objects, s3Quarantine } from '@orderflow/shared/stream';
import { noticeQueues } from '../intake/notice-queues.ts';
import type { environment } from './env.ts';
import type { DrainDeps } from './handle.ts';
import { s3OverflowStore } from './store.ts';

export const deps = (env: z.infer<typeof environment>, { clock, log, meter }: Tools): DrainDeps => ({
  store: s3OverflowStore(s3Client(), env.INTAKE_BUCKET),
  streams: {
    events: kinesisStream(kinesisClient(), env.EVENTS_STREAM),
    facts: kinesisStream(kinesisClient(), env.FACTS_STREAM),
    notices: noticeQueues(sqsClient(), env.NOTICES_QUEUES),
  },
  quarantine: s3Quarantine(s3Objects(s3Client()), env.QUARANTINE_BUCKET, clock),
  clock, log, meter,
});
