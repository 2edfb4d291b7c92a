import type { InFlightStore } from '@orderflow/shared/store';
import type { StagingBucket } from '../landed/staging.ts';
import type { Absent, Place } from './compare.ts';
import { quarantinedOf } from './quarantined.ts';
import type { Dated } from './read-rows.ts';

export interface Homes {
  readonly store: Pick<InFlightStore, 'statesOf'>;
  readonly quarantine: Pick<StagingBucket, 'list' | 'get'>;
}

/** What came within this time may still be on a stream or in the loader's files. */
export const settleMs = 15 * 60_000;

/** Where events are that are not loaded. What is in no place and too new to be is on its way. */
export async function placesOf(absent: readonly Dated<Absent>[], keys: readonly string[], now: number, { store, quarantine }: Homes): Promise<Map<string, Place>> {
  if (absent.length === 0) return new Map();
  const ids = new Set(absent.map(({ eventId }) => eventId));
  const states = await store.statesOf([...ids]);
  const left = new Set([...ids].filter((id) => !['RECEIVED', 'PARKED', 'DONE'].includes(states.get(id) ?? '')));
  const held = await quarantinedOf(left, keys, quarantine);
  return new Map(absent.flatMap(({ eventId, recordedAt }): [string, Place][] => {
    if (!left.has(eventId)) return [[eventId, states.get(eventId) === 'PARKED' ? 'parked' : 'inFlight']];
    if (held.has(eventId)) return [[eventId, 'quarantined']];
    return recordedAt > now - settleMs ? [[eventId, 'inFlight']] : [];
  }));
}
