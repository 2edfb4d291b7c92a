import * as z from 'zod/mini';

export const env = z.object({ WORKGROUP: z.string(), DATABASE: z.string(), LEAD_DAYS: z.string().check(z.regex(/^\d{1,3}$/)) });
