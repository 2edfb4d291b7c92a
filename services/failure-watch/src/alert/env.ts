import * as z from 'zod/mini';

export const env = z.object({ WATCH_TABLE: z.string() });
