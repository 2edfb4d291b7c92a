import { documentClient, redshiftDataClient, s3Client } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { DynamoStore, OversizeLines } from '@orderflow/shared/store';
import { s3Objects } from '@orderflow/shared/stream';
import type * as z from 'zod/mini';
import { s3Staging } from '../landed/staging.ts';
import { dataApi } from '@orderflow/shared/aws';
import type { env } from './env.ts';
import type { Erase } from './handle.ts';

export const deps = (variables: z.output<typeof env>, tools: Tools): Erase => ({
  ...tools,
  warehouse: dataApi(redshiftDataClient(), { workgroup: variables.WORKGROUP, database: variables.DATABASE }),
  staging: s3Staging(s3Client(), variables.STAGING_BUCKET),
  store: new DynamoStore({
    client: documentClient(), table: variables.TABLE, clock: tools.clock, newId: tools.newId,
    oversize: new OversizeLines(s3Objects(s3Client()), variables.STAGING_BUCKET),
  }),
});
