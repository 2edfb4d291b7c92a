import { createHash } from 'node:crypto';
import type { Delivery, Fetchable, Said } from '../demo/delivery.ts';
import type { Ending } from '../demo/story.ts';
import { idOf } from './scan/event-id.ts';

/** What was put into a vendor's store, and what must come of it. */
export interface Fetch {
  readonly source: string;
  readonly account: string;
  readonly fetches: Fetchable;
  /** That it is to be fetched has been taken note of; what nobody told of is only to be polled: that the store has it. */
  readonly acknowledged: boolean;
  readonly untold: boolean;
  readonly ending: Ending | undefined;
}

export interface FetchedEvent {
  readonly id: string;
  /** `<source>/<account>/<vendor's id>` */
  readonly thing: string;
  readonly said: Said;
  readonly acknowledged: boolean;
  /** No notice told of it. */
  readonly untold: boolean;
  /** Of the first version that was fetched: it made the order. */
  readonly first: boolean;
  readonly ending: Ending | undefined;
}

export const fetchOf = ({ kind, source, account, fetches }: Delivery, acknowledged: boolean, ending: Ending | undefined): Fetch | undefined =>
  fetches && { source, account, fetches, acknowledged, untold: kind === 'untold', ending };

/**
 * The events that fetching and polling must have made: of every version that the vendor has handed out (its own account,
 * which shares nothing with those who ask), and of the last version in any case, since its notice was sent after all
 * others, and the poll came after everything. A version that was overtaken by the next before anybody asked is nowhere.
 */
export function* fetchedEvents(fetches: readonly Fetch[], handedOut: ReadonlyMap<string, ReadonlySet<string>>): Generator<FetchedEvent> {
  const things = new Map<string, Fetch[]>();
  for (const one of fetches) {
    const key = `${one.source}/${one.account}/${one.fetches.id}`;
    things.set(key, [...(things.get(key) ?? []), one]);
  }
  for (const [key, versions] of things) {
    const sorted = versions.sort((a, b) => a.fetches.version - b.fetches.version);
    // how it ends is told with the first version, in its own order's step
    const ending = sorted[0]?.ending;
    let first = true;
    for (const [at, { source, account, fetches: { body, says }, acknowledged, untold }] of sorted.entries()) {
      const hash = createHash('sha256').update(body).digest('hex');
      const seen = handedOut.get(key)?.has(hash) ?? false;
      if (!seen && !(acknowledged && at === sorted.length - 1)) continue;
      for (const [position, said] of says.entries()) {
        // polled and fetched things have no delivery id: the hash of their bytes stands for it
        yield { id: idOf(source, account, hash, position), thing: key, said, acknowledged: true, untold, first: first && position === 0, ending };
      }
      first = false;
    }
  }
}
