import type { Clock, Log } from '@orderflow/shared/lambda';
import type { InFlightItem, InFlightStore, NewItem } from '@orderflow/shared/store';
import { Poison } from '@orderflow/shared/stream';
import { inputOf, type Executions } from './executions.ts';
import { absorbedFact, type Facts } from './facts-of-item.ts';

export interface Receiving {
  readonly store: InFlightStore;
  readonly executions: Executions;
  readonly facts: Facts;
  readonly clock: Clock;
  readonly log: Log;
}

/** `replaced`: another event has made this item with other content; its service decides what that means. */
export type Received = 'started' | 'repeated' | 'absorbed' | { readonly replaced: InFlightItem };

/**
 * Receive first, start after. A redelivery that finds the item RECEIVED starts its execution again under the same name,
 * so a crash between the two loses nothing.
 * @throws Poison when the same event id came with other data
 */
export async function receiveEvent(one: NewItem, { store, executions, facts, log }: Receiving): Promise<Received> {
  const result = await store.receive(one);
  switch (result.outcome) {
    case 'received':
    case 'redelivered':
      await executions.start(result.item.service, inputOf(result.item));
      log.info(result.outcome === 'received' ? 'EVENT_RECEIVED' : 'EVENT_REPEATED', { eventId: one.event.id });
      return result.outcome === 'received' ? 'started' : 'repeated';
    case 'duplicate':
      log.info('EVENT_REPEATED', { eventId: one.event.id });
      return 'repeated';
    case 'exists':
      if (!result.sameContent) return { replaced: result.item };
      await facts.write([absorbedFact(one.event, result.item)]);
      log.info('EVENT_REPEATED', { eventId: one.event.id, originalId: result.item.event.id });
      return 'absorbed';
    case 'conflict':
      log.error('EVENT_CONFLICT', { eventId: one.event.id });
      throw new Poison('CONFLICT', 'an event with this id but other data was taken before; the first one stands', '$.data');
  }
}
