import type { Account } from '@orderflow/shared/accounts';
import { eventHash, type CanonicalEvent } from '@orderflow/shared/events';
import { mostSamples, type Counts, type Sample, type Sampled } from './counts.ts';
import { entityKeyOf, orderKeyOf } from './correction.ts';
import type { Said } from './read-object.ts';
import type { KnownEvent } from './standing.ts';

export interface Differing {
  readonly event: CanonicalEvent;
  readonly known: KnownEvent;
}
export interface Unaccepted {
  readonly event: CanonicalEvent;
  readonly account: Account;
}

/** A delivery that is younger than this may still be on its way to the register of claims, milliseconds. */
const settledAfterMs = 15 * 60_000;

/** Key of the fact that the event makes. */
const factKeyOf = (event: CanonicalEvent, known: KnownEvent): string =>
  orderKeyOf(event, known) ?? (event.type === 'return.requested' ? entityKeyOf(event) : undefined) ?? event.subject;

const isMoved = (event: CanonicalEvent, known: KnownEvent): boolean => known.absorbed === undefined && factKeyOf(event, known) !== known.factKey;

/**
 * What is to be done with what deliveries say: what the warehouse has in other words is corrected, what nobody has taken
 * is taken. Of an event that came several times the delivery that stood is the one with its time: another one's word never
 * counted, and does not now. Adds to `counts` and `samples`.
 */
export function judge(
  said: readonly Said[], known: ReadonlyMap<string, KnownEvent>, claimed: ReadonlySet<string>, now: number, counts: Counts, samples: Sample[],
): { readonly differing: Differing[]; readonly unaccepted: Unaccepted[] } {
  const differing: Differing[] = [];
  const unaccepted: Unaccepted[] = [];
  const seen = new Set<string>();
  const sample = (what: Sampled, id: string, type: string, key: string): void => {
    if (samples.length < mostSamples) samples.push({ what, id, type, key });
  };
  for (const { account, receivedAt, events, rejected } of said) {
    const stood = (one: KnownEvent): boolean => Date.parse(one.recordedAt) === receivedAt;
    for (const { id } of rejected) {
      const before = known.get(id);
      if (!before) counts.unreadable++;
      else if (!stood(before)) counts.repeated++;
      else {
        counts.refused++;
        sample('refused', id, before.fact, before.eventKey);
      }
    }
    for (const event of events) {
      const { id, type, partitionkey } = event;
      const before = known.get(id);
      if (type === 'source.notified') counts.notices++;
      else if (seen.has(id)) counts.repeated++;
      else if (!before && (claimed.has(id) || now - receivedAt < settledAfterMs)) counts.inFlight++;
      else if (!before) {
        seen.add(id);
        counts.taken++;
        sample('taken', id, type, partitionkey);
        unaccepted.push({ event, account });
      } else if (!stood(before)) counts.repeated++;
      else if (before.hash === eventHash(event)) counts.same++;
      else {
        seen.add(id);
        counts.corrected++;
        if (isMoved(event, before)) counts.moved++;
        sample(isMoved(event, before) ? 'moved' : 'corrected', id, type, before.eventKey);
        differing.push({ event, known: before });
      }
    }
  }
  return { differing, unaccepted };
}
