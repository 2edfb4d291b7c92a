import { s3Client } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { s3Objects } from '@orderflow/shared/stream';
import { factsOf, storeOf } from '@orderflow/shared/workflow';
import type * as z from 'zod/mini';
import { executionsOf, quarantineOf } from '../wiring.ts';
import type { env } from './env.ts';
import type { Deps } from './handle.ts';

export const deps = (variables: z.output<typeof env>, tools: Tools): Deps => ({
  ...tools,
  objects: s3Objects(s3Client()),
  store: storeOf(variables, tools),
  executions: executionsOf(variables),
  facts: factsOf({ stream: variables.FACTS_STREAM, staging: variables.STAGING_BUCKET, batched: true }),
  quarantine: quarantineOf(variables.QUARANTINE_BUCKET, tools),
});
