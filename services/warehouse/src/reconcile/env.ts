import * as z from 'zod/mini';

export const env = z.object({
  STAGE: z.string(),
  WORKGROUP: z.string(),
  DATABASE: z.string(),
  TABLE: z.string(),
  STAGING_BUCKET: z.string(),
  QUARANTINE_BUCKET: z.string(),
  /** Name of ingest's function that reads the raw archive. */
  TALLY_FUNCTION: z.string(),
  /** Name of ingest's function that reads a source's own list. */
  ASK_FUNCTION: z.string(),
  ALERTS_TOPIC: z.string(),
  COPY_ROLE: z.string(),
});
