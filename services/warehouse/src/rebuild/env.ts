import * as z from 'zod/mini';

export const env = z.object({
  WORKGROUP: z.string(),
  DATABASE: z.string(),
  STAGING_BUCKET: z.string(),
  LOADER_FUNCTION: z.string(),
  /** So long S3 keeps what has landed. */
  LANDED_DAYS: z.pipe(z.string().check(z.regex(/^[1-9]\d*$/)), z.transform(Number)),
});
