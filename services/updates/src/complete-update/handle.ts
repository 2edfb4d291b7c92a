import { limits, minutesAfter } from '@orderflow/shared/domain';
import type { Tools } from '@orderflow/shared/lambda';
import type { InFlightStore, SentRecord } from '@orderflow/shared/store';
import { step, stop, type Step } from '../step.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
}

/** Done: the workflow has ended; forgets at once if the load was read back before. Records what became of the messages. */
export async function handle(input: unknown, { store, clock }: Deps): Promise<Step> {
  const one = step.parse(input);
  const { attempt, version, orderKey, sent = [] } = one;
  if (version === undefined) return stop(one);
  const records = sent as SentRecord[];
  // guards stand in the order's partition, which for a payment is not the update's own
  const elsewhere = orderKey !== undefined && orderKey !== one.pk && records.length > 0;
  if (elsewhere) await store.recordSent(orderKey, 'updates', records);
  const dueAt = minutesAfter(clock(), limits.stuckMinutes.DONE);
  const outcome = await store.done(one, { attempt, version, dueAt, ...(elsewhere ? {} : { sent: records }) });
  return outcome === 'lost' ? stop(one) : { ...one, next: 'DONE' };
}
