import * as z from 'zod/mini';

export const env = z.object({
  STAGE: z.string(),
  TABLE_ARN: z.string(),
  STAGING_BUCKET: z.string(),
  WATCH_TABLE: z.string(),
  QUARANTINE_BUCKET: z.string(),
  STREAM_FAILURES_BUCKET: z.string(),
  ALERTS_TOPIC: z.string(),
});
