import * as z from 'zod/mini';

export const env = z.object({
  LEASE_TABLE: z.string(),
  WORKGROUP: z.string(),
  DATABASE: z.string(),
  /** Names of the roles that write, comma-separated: their database users may; `role=table table`: those tables only. */
  WRITER_ROLES: z.string(),
  /** ISO 4217; what views convert to. */
  REPORTING_CURRENCY: z.string().check(z.regex(/^[A-Z]{3}$/)),
  /** Where Lambda has unpacked the bundle; without it the working folder. */
  LAMBDA_TASK_ROOT: z.optional(z.string()),
});
