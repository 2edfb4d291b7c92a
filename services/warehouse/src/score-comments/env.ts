import { modelEnv } from '@orderflow/shared/model';
import * as z from 'zod/mini';

export const env = z.object({
  WORKGROUP: z.string(),
  DATABASE: z.string(),
  FACTS_STREAM: z.string(),
  STAGING_BUCKET: z.string(),
  ...modelEnv,
});
