import type * as z from 'zod/mini';
import { kinesisClient, s3Client } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { kinesisStream, s3Objects } from '@orderflow/shared/stream';
import { intakeOnAws } from '../intake/wire.ts';
import type { environment } from '../receive/env.ts';
import type { ReplayDeps } from './handle.ts';
import { s3QuarantineStore } from './store.ts';

export function deps(env: z.infer<typeof environment>, tools: Tools): ReplayDeps {
  const { accounts, sink } = intakeOnAws(env, tools, { lingerMs: 0, patience: 'long' });
  return {
    accounts, sink,
    store: s3QuarantineStore(s3Client(), env.QUARANTINE_BUCKET),
    streams: {
      events: kinesisStream(kinesisClient(), env.EVENTS_STREAM),
      facts: kinesisStream(kinesisClient(), env.FACTS_STREAM),
    },
    objects: s3Objects(s3Client()),
    pointerBucket: env.ARCHIVE_BUCKET,
    clock: tools.clock,
    log: tools.log,
  };
}
