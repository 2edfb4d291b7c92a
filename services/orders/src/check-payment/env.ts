import * as z from 'zod/mini';
import { storeEnv } from '@orderflow/shared/workflow';

export const env = z.object({
  ...storeEnv,
  /** Stand-in that is asked instead of the real providers, `<url>/<provider>`; set on developers' machines only. */
  PAYMENTS_URL: z.optional(z.url()),
});
