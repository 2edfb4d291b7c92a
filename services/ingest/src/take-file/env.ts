import * as z from 'zod/mini';

/** Notices do not come in files, so their queues are not among these. */
export const environment = z.object({
  STAGE: z.string(), EVENTS_STREAM: z.string(), FACTS_STREAM: z.string(), ARCHIVE_BUCKET: z.string(), QUARANTINE_BUCKET: z.string(),
  INTAKE_BUCKET: z.string(), CURSORS_TABLE: z.string(),
});
