import type { KinesisStreamBatchResponse, KinesisStreamEvent } from 'aws-lambda';
import type { CanonicalEvent } from '@orderflow/shared/events';
import type { Tools } from '@orderflow/shared/lambda';
import { returnSk, type NewItem } from '@orderflow/shared/store';
import { consume, readEvent, wholeEvent, type ObjectPort, type Quarantine } from '@orderflow/shared/stream';
import { absorbedFact, isDecided, newItemOf, receiveEvent, type Receiving } from '@orderflow/shared/workflow';

export interface Deps extends Tools, Receiving {
  readonly objects: ObjectPort;
  readonly quarantine: Quarantine;
}

/** One return: received in the table, then its execution started; both may happen again after a crash. */
async function take(event: CanonicalEvent<'return.requested'>, deps: Deps): Promise<void> {
  const { return: returned } = event.data;
  const { test, historical } = returned;
  const asItem = (sk: string): NewItem => newItemOf(event, { service: 'returns', sk, now: deps.clock(), test, historical });
  const received = await receiveEvent(asItem(returnSk(returned.id)), deps);
  if (typeof received === 'string') return;
  // the shop has decided, itself, a return that came as a request before: its word is recorded beside ours
  const again = isDecided(returned) ? await receiveEvent(asItem(returnSk(`${returned.id}~${event.id.slice(0, 8)}`)), deps) : received;
  if (typeof again === 'string') return;
  // a request that was changed after we took it is not decided a second time (I6)
  const fact = absorbedFact(asItem('').event, received.replaced);
  await deps.facts.write([{ ...fact, payload: { ...fact.payload, reason: 'no-change' } }]);
  deps.log.info('EVENT_REPEATED', { eventId: event.id, originalId: received.replaced.event.id });
}

/** Kinesis `events`, filtered to return.requested → one item and one execution a return. */
export const handle = (batch: KinesisStreamEvent, deps: Deps): Promise<KinesisStreamBatchResponse> =>
  consume(batch, {
    parse: readEvent,
    handle: async (read) => {
      const event = await wholeEvent(read, deps.objects);
      if (event.type === 'return.requested') await take(event, deps);
    },
    quarantine: deps.quarantine,
    log: deps.log,
  });
