import * as z from 'zod/mini';

export const environment = z.object({
  STAGE: z.string(),
  ARCHIVE_BUCKET: z.string(),
  QUARANTINE_BUCKET: z.string(),
});
