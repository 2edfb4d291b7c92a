import * as z from 'zod/mini';

export const env = z.object({ STAGE: z.string(), WORKGROUP: z.string(), DATABASE: z.string(), API_VERSION: z.string() });
