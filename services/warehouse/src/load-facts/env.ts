import * as z from 'zod/mini';

const whole = z.pipe(z.string().check(z.regex(/^\d+$/)), z.transform(Number));

export const env = z.object({
  STAGING_BUCKET: z.string(),
  QUARANTINE_BUCKET: z.string(),
  LEASE_TABLE: z.string(),
  TABLE: z.string(),
  WORKGROUP: z.string(),
  DATABASE: z.string(),
  COPY_ROLE: z.string(),
  /** Most landed batches in one load. */
  BATCHES_PER_LOAD: whole,
  /** Most rows in one load. */
  ROWS_PER_LOAD: whole,
  /** From the start of one load to the start of the next, unless `BATCHES_PER_LOAD` wait; milliseconds. */
  LOAD_INTERVAL_MS: whole,
});
