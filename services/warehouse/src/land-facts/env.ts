import * as z from 'zod/mini';

export const env = z.object({ STAGING_BUCKET: z.string(), QUARANTINE_BUCKET: z.string(), LOADER_FUNCTION: z.string() });
