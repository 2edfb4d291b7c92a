import { eventHash, originOf, type CanonicalEvent } from '@orderflow/shared/events';
import { limits, minutesAfter } from '@orderflow/shared/domain';
import type { InFlightService, ItemEvent, NewItem } from '@orderflow/shared/store';

export { originOf };

export const itemEventOf = (event: CanonicalEvent): ItemEvent => ({
  ...originOf(event),
  id: event.id,
  type: event.type,
  key: event.partitionkey,
  sequence: event.sequence,
  hash: eventHash(event),
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
