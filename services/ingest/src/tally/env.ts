import * as z from 'zod/mini';

export const environment = z.object({
  STAGE: z.string(),
  ARCHIVE_BUCKET: z.string(),
  STAGING_BUCKET: z.string(),
});
