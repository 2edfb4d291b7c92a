import * as z from 'zod/mini';
import { executionInput, sentSoFar } from '@orderflow/shared/workflow';

/** Where process-update goes next. STOP: a newer attempt owns the update, or it is done. */
export const nexts = ['LOAD', 'PARKED', 'STOP', 'DONE'] as const;

/** Input and output of every state of process-update: keys, ids, numbers and status words, nothing personal. */
export const step = z.extend(executionInput, {
  orderKey: z.optional(z.string()),
  version: z.optional(z.int()),
  next: z.optional(z.enum(nexts)),
  mail: z.optional(z.enum(['SEND', 'NONE'])),
  notice: z.optional(z.enum(['shipping', 'NONE'])),
  sent: sentSoFar,
});
export type Step = z.infer<typeof step>;

export const stop = (one: Step): Step => ({ ...one, next: 'STOP' });
