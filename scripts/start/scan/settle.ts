import type { Said } from '../../demo/delivery.ts';
import type { Found } from './found.ts';

/** One event that the sender has sent: its id by the sender's own reckoning, and whether it was acknowledged. */
export interface Expected {
  readonly id: string;
  readonly acknowledged: boolean;
  readonly said: Said;
}

/** `fetched`: a thin notice whose fetch has made events, or has recorded that there are none. */
export type Home = 'warehouse' | 'quarantine' | 'parked' | 'inFlight' | 'fetched';

export interface Settlement {
  readonly settled: Readonly<Record<Home, number>>;
  readonly homes: ReadonlyMap<string, Home>;
  readonly lost: readonly string[];
  readonly duplicated: readonly string[];
  readonly unexpected: readonly string[];
  readonly recovered: readonly string[];
  /** Why events are parked or quarantined, and how many for each reason. */
  readonly reasons: { readonly parked: Readonly<Record<string, number>>; readonly quarantine: Readonly<Record<string, number>> };
}

const count = (counts: Record<string, number>, name: string): void => void (counts[name] = (counts[name] ?? 0) + 1);

/**
 * Where each sent event is, and what is there that nobody sent. Lost: acknowledged and nowhere. Duplicated: more than
 * one row, or in two homes. Unexpected: there, but never sent (`known` holds what was there before the run). Recovered:
 * never acknowledged, yet there.
 */
export function settle(expected: Iterable<Expected>, found: Found, known: ReadonlySet<string> = new Set()): Settlement {
  const homes = new Map<string, Home>();
  const settled: Record<Home, number> = { warehouse: 0, quarantine: 0, parked: 0, inFlight: 0, fetched: 0 };
  const reasons = { parked: {} as Record<string, number>, quarantine: {} as Record<string, number> };
  const lost: string[] = [];
  const duplicated: string[] = [];
  const recovered: string[] = [];
  const sent = new Set<string>();
  const quarantined = new Map(found.quarantine.flatMap((entry) => entry.events.map((id) => [id, entry])));
  const claimed = new Set<string>();

  for (const { id, acknowledged } of expected) {
    if (sent.has(id)) continue;
    sent.add(id);
    const loaded = found.warehouse.get(id);
    const item = found.table.get(id);
    const entry = quarantined.get(id);
    if (entry) claimed.add(entry.id);
    const waits = item?.state === 'PARKED';
    const notice = found.notices.get(id);
    const home: Home | undefined = loaded ? 'warehouse' : entry ? 'quarantine' : item ? (waits ? 'parked' : 'inFlight')
      : notice ? (notice === 'dead-letter' ? 'parked' : 'fetched') : undefined;
    if (!home) {
      if (acknowledged) lost.push(id);
      continue;
    }
    homes.set(id, home);
    settled[home] += 1;
    if (home === 'parked') count(reasons.parked, item?.reason ?? notice ?? 'no reason given');
    if (home === 'quarantine') count(reasons.quarantine, entry?.code ?? '');
    if (!acknowledged) recovered.push(id);
    // an item that is loaded but not yet forgotten is the one overlap that is allowed, and only while under way
    if ((loaded && loaded.rows > 1) || (loaded && entry) || (entry && item)) duplicated.push(id);
  }
  const strange = [
    ...[...found.warehouse.keys(), ...found.table.keys(), ...found.notices.keys()].filter((id) => !sent.has(id) && !known.has(id)),
    ...found.quarantine.filter((entry) => !claimed.has(entry.id) && !known.has(entry.id)).map(({ id, code }) => `quarantine ${id} (${code})`),
  ];
  return { settled, homes, lost, duplicated, unexpected: [...new Set(strange)], recovered, reasons };
}
