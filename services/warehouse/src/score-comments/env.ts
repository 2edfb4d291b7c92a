import * as z from 'zod/mini';

export const env = z.object({
  WORKGROUP: z.string(),
  DATABASE: z.string(),
  FACTS_STREAM: z.string(),
  STAGING_BUCKET: z.string(),
  /** Name of the endpoint, or `none`. */
  MODEL_ENDPOINT: z.string(),
});
