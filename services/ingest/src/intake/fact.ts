import { eventHash, type CanonicalEvent } from '@orderflow/shared/events';
import type { Fact } from '@orderflow/shared/facts';
import { placingOf } from './place.ts';

/** Types that go to the warehouse as they are. */
export type FactEvent = CanonicalEvent<'feedback.received' | 'catalog.updated' | 'inventory.counted' | 'adjustment.recorded'>;

/** The fact that carries an event to the warehouse and settles it there. */
export function factOf(event: FactEvent, source: string, account: string): Fact {
  const recordedAt = event.recordedtime ?? event.time;
  const historical = event.type === 'adjustment.recorded' && event.data.adjustment.historical === true;
  return {
    fact: event.type,
    source,
    account,
    key: placingOf(event, source, account).entity,
    sequence: event.sequence,
    partitionkey: event.partitionkey,
    ...(historical ? { historical } : {}),
    recordedAt,
    ...(event.type === 'catalog.updated' ? { occurredAt: event.time } : {}),
    events: [{ id: event.id, type: event.type, key: event.partitionkey, hash: eventHash(event), recordedAt }],
    payload: event.data,
  } as Fact;
}
