import { s3Client } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { s3Objects, s3Quarantine } from '@orderflow/shared/stream';
import type * as z from 'zod/mini';
import { s3Staging } from '../landed/staging.ts';
import { wakeLoader } from '../landed/wake.ts';
import type { env } from './env.ts';
import type { LandFacts } from './handle.ts';

export const deps = (env_: z.output<typeof env>, tools: Tools): LandFacts => {
  const objects = s3Objects(s3Client());
  return {
    ...tools,
    staging: s3Staging(s3Client(), env_.STAGING_BUCKET),
    objects,
    quarantine: s3Quarantine(objects, env_.QUARANTINE_BUCKET, tools.clock),
    wakeLoader: wakeLoader(env_.LOADER_FUNCTION),
  };
};
