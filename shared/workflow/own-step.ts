import * as z from 'zod/mini';
import { sentOutcomes, type InFlightItem, type InFlightStore, type ItemKey } from '@orderflow/shared/store';

/** Messages of an execution so far; its last state records them. */
export const sentSoFar = z.optional(
  z.array(z.object({ transition: z.string(), outcome: z.enum(sentOutcomes), messageId: z.optional(z.string()) })),
);
type Sent = z.infer<typeof sentSoFar>;

/** True when this execution may still act on its item. */
export const owns = (item: InFlightItem | undefined, { attempt }: { readonly attempt: number }): item is InFlightItem =>
  item?.state === 'RECEIVED' && item.attempt === attempt;

/**
 * True when an earlier try of this very step has parked the item for want of its order. It may have broken off before it
 * looked once more, and the order have come in between: the look is repeated.
 */
export const parkedByUs = (item: InFlightItem | undefined, { attempt }: { readonly attempt: number }): item is InFlightItem =>
  item?.state === 'PARKED' && item.attempt === attempt && (item.parked?.reason === 'order-unknown' || item.parked?.reason === 'payment-unknown');

/** Reads the item of a step; nothing when it is not this execution's any more. */
export async function ownItem(store: InFlightStore, one: ItemKey & { readonly attempt: number }): Promise<InFlightItem | undefined> {
  const item = await store.get(one);
  return owns(item, one) ? item : undefined;
}

export const fenceOf = ({ attempt, revision }: InFlightItem) => ({ attempt, revision });

/** The step with one more message to record. */
export const withSent = <Step extends { sent?: Sent }>(one: Step, record: NonNullable<Sent>[number] | undefined): Step =>
  record ? { ...one, sent: [...(one.sent ?? []), record] } : one;
