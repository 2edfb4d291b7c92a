import { redshiftDataClient, s3Client } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import type * as z from 'zod/mini';
import { s3Staging } from '../landed/staging.ts';
import { wakeLoader } from '../landed/wake.ts';
import { dataApi } from '@orderflow/shared/aws';
import type { env } from './env.ts';
import type { Rebuild } from './handle.ts';

export const deps = (variables: z.output<typeof env>, tools: Tools): Rebuild => ({
  ...tools,
  staging: s3Staging(s3Client(), variables.STAGING_BUCKET),
  warehouse: dataApi(redshiftDataClient(), { workgroup: variables.WORKGROUP, database: variables.DATABASE }),
  wakeLoader: wakeLoader(variables.LOADER_FUNCTION),
  landedDays: variables.LANDED_DAYS,
});
