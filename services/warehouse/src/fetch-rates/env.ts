import * as z from 'zod/mini';

export const env = z.object({
  WORKGROUP: z.string(),
  DATABASE: z.string(),
  FACTS_STREAM: z.string(),
  STAGING_BUCKET: z.string(),
  /** What is asked instead of the bank: the stand-in of a developer's machine. No template sets it. */
  RATES_HOST: z._default(z.url({ protocol: /^https?$/ }), 'https://www.ecb.europa.eu'),
});
