import type * as z from 'zod/mini';
import { s3Client } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { s3Objects, s3Quarantine } from '@orderflow/shared/stream';
import { intakeOnAws } from '../intake/wire.ts';
import type { environment } from './env.ts';
import type { QueueDeps } from './handle.ts';

export const deps = (env: z.infer<typeof environment>, tools: Tools): QueueDeps => ({
  ...intakeOnAws(env, tools, { lingerMs: 0, patience: 'long' }),
  unread: s3Quarantine(s3Objects(s3Client()), env.QUARANTINE_BUCKET, tools.clock),
});
