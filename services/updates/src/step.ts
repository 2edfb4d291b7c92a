import * as z from 'zod/mini';
import { sentOutcomes, type InFlightItem, type InFlightStore } from '@orderflow/shared/store';
import { executionInput } from '@orderflow/shared/workflow';

/** Where process-update goes next. STOP: a newer attempt owns the update, or it is done. */
export const nexts = ['LOAD', 'PARKED', 'STOP', 'DONE'] as const;

/** Input and output of every state of process-update: keys, ids, numbers and status words, nothing personal. */
export const step = z.extend(executionInput, {
  orderKey: z.optional(z.string()),
  version: z.optional(z.int()),
  next: z.optional(z.enum(nexts)),
  mail: z.optional(z.enum(['SEND', 'NONE'])),
  notice: z.optional(z.enum(['shipping', 'NONE'])),
  /** Messages of this execution so far; Done records them. */
  sent: z.optional(
    z.array(z.object({ transition: z.string(), outcome: z.enum(sentOutcomes), messageId: z.optional(z.string()) })),
  ),
});
export type Step = z.infer<typeof step>;

/** True when this execution may still act on the update. */
export const owns = (item: InFlightItem | undefined, { attempt }: Step): item is InFlightItem =>
  item?.state === 'RECEIVED' && item.attempt === attempt;

/** Reads the update of a step; nothing when it is not this execution's any more. */
export async function ownUpdate(store: InFlightStore, one: Step): Promise<InFlightItem | undefined> {
  const item = await store.get(one);
  return owns(item, one) ? item : undefined;
}

export const fenceOf = ({ attempt, revision }: InFlightItem) => ({ attempt, revision });
export const stop = (one: Step): Step => ({ ...one, next: 'STOP' });

/** The step with one more message to record. */
export const withSent = (one: Step, record: NonNullable<Step['sent']>[number] | undefined): Step =>
  record ? { ...one, sent: [...(one.sent ?? []), record] } : one;
