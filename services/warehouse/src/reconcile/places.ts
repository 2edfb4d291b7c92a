import type { InFlightStore } from '@orderflow/shared/store';
import type { StagingBucket } from '../landed/staging.ts';
import { inParallel } from '../load-facts/finish.ts';
import type { Absent, Place, Unlike } from './compare.ts';
import { quarantinedOf } from './quarantined.ts';
import type { Dated } from './read-rows.ts';

export interface Homes {
  readonly store: Pick<InFlightStore, 'statesOf' | 'look'>;
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

/** Keys of orders that are in flight, whenever they came: a returns' or adjustment's key is no partition of the table, and is not found. */
export async function underWay(unlike: readonly Unlike[], { store }: Homes): Promise<Set<string>> {
  const found = new Set<string>();
  await inParallel(unlike.filter(({ what }) => what === 'orders'), async ({ key }) => {
    const { order, others } = await store.look(key);
    if ([...(order ? [order] : []), ...others].some(({ state }) => state !== 'FORGOTTEN')) found.add(key);
  });
  return found;
}
