import * as z from 'zod/mini';
import { seen } from './seen.ts';
import { executionInput, sentSoFar } from '@orderflow/shared/workflow';
import { parkReasons } from '@orderflow/shared/store';

/** Where process-order goes next. STOP: a newer attempt owns the order, or it is done. */
export const nexts = ['CONFIRM', 'LOAD', 'WAIT', 'REFUSED', 'OVERDUE', 'STOP', 'PARKED', 'AGAIN', 'DONE'] as const;

/** Input and output of every state of process-order: keys, ids, numbers and status words, nothing personal. */
export const step = z.extend(executionInput, {
  /** From ConstructOrder to CheckPayment only. */
  seen: z.optional(seen),
  version: z.optional(z.int()),
  revision: z.optional(z.int()),
  next: z.optional(z.enum(nexts)),
  mail: z.optional(z.enum(['order-confirmed', 'payment-failed', 'NONE'])),
  notice: z.optional(z.enum(['packaging', 'shipping', 'NONE'])),
  park: z.optional(z.object({ reason: z.enum(parkReasons), dueAt: z.string() })),
  sent: sentSoFar,
});
export type Step = z.infer<typeof step>;

export const stop = (one: Step): Step => ({ ...one, next: 'STOP' });

/** Thrown when an order is written by others faster than a step can read it; Step Functions tries the step again. */
export class Contended extends Error {
  constructor() {
    super('the order kept changing while this step read it: try again');
    this.name = 'Contended';
  }
}

/** Runs `act` until it has nothing to repeat, a few times. @throws Contended */
export async function untilSettled<T>(act: () => Promise<T | 'again'>): Promise<T> {
  for (let turn = 0; turn < 5; turn++) {
    const result = await act();
    if (result !== 'again') return result;
  }
  throw new Contended();
}
