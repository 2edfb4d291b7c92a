import * as z from 'zod/mini';

export const environment = z.object({
  STAGE: z.string(),
  EVENTS_STREAM: z.string(),
  FACTS_STREAM: z.string(),
  ARCHIVE_BUCKET: z.string(),
  QUARANTINE_BUCKET: z.string(),
  INTAKE_BUCKET: z.string(),
  TABLE_ARN: z.string(),
  WORKGROUP: z.string(),
  DATABASE: z.string(),
});
