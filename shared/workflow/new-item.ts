import { dataHash, originOf, type CanonicalEvent } from '@orderflow/shared/events';
import { limits, minutesAfter } from '@orderflow/shared/domain';
import type { InFlightService, ItemEvent, NewItem } from '@orderflow/shared/store';

export { originOf };

/**
 * What an event says, without the mark that our configuration and the moment of its coming set: read again later (a poll from
 * an earlier moment, a backfill) the same order may be history.
 */
const saidBy = (event: CanonicalEvent): unknown => {
  if (event.type !== 'order.created') return event.data;
  const { historical: _, ...order } = event.data.order;
  return { order };
};

export const itemEventOf = (event: CanonicalEvent): ItemEvent => ({
  ...originOf(event),
  id: event.id,
  type: event.type,
  key: event.partitionkey,
  sequence: event.sequence,
  hash: dataHash(saidBy(event)),
  time: event.time,
  recordedAt: event.recordedtime ?? event.time,
  ...(event.rawref === undefined ? {} : { rawref: event.rawref }),
});

/** The in-flight item of an event, in the event's own partition. */
export const newItemOf = (
  event: CanonicalEvent, as: { service: InFlightService; sk: string; now: number; data?: unknown; test?: boolean | undefined; historical?: boolean | undefined; payments?: readonly string[] },
): NewItem => ({
  pk: event.partitionkey,
  sk: as.sk,
  service: as.service,
  event: itemEventOf(event),
  data: as.data ?? event.data,
  dueAt: restartAt(as.now),
  ...(as.test ? { test: true } : {}),
  ...(as.historical ? { historical: true } : {}),
  ...(as.payments?.length ? { payments: as.payments } : {}),
});

/** When the schedule starts an execution that a crash has kept from being started. */
export const restartAt = (now: number): string => minutesAfter(now, limits.restartAfterMinutes);
