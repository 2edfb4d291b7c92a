import type { Account } from '@orderflow/shared/accounts';
import { bytesHash } from '@orderflow/shared/events';
import type { Clock } from '@orderflow/shared/lambda';
import { takeAsked, type AskedDeps } from '../intake/take-asked.ts';

/** What came of the items of one page. */
export interface Taken {
  /** Of every item, also of those that were known. */
  readonly hashes: readonly string[];
  /** Items that were not known. */
  readonly items: number;
  readonly events: number;
  readonly rejected: number;
}

/** Enough of a hash to tell items apart (128 bits). */
export const short = (hash: string): string => hash.slice(0, 32);

/** An item as JSON text of its own: numbers too long for a double arrive as text, as everywhere. */
export const bytesOf = (item: unknown): Uint8Array => Buffer.from(JSON.stringify(item));

/**
 * Makes the items of a page durable, each as a delivery of its own; of those that are known this was done before. An item
 * that cannot be read goes to quarantine and keeps no other back. Returns, or throws, when nothing is under way any more.
 * @throws what made an item not durable
 */
export async function takeItems(
  items: readonly Uint8Array[], about: { readonly account: Account; readonly topic: string; readonly path: string },
  known: ReadonlySet<string>, deps: AskedDeps & { readonly clock: Clock },
): Promise<Taken> {
  const { account: { source, account }, topic, path } = about;
  const ended = await Promise.allSettled(items.map(async (body) => {
    const hash = short(bytesHash(body));
    if (known.has(hash)) return { hash, items: 0, events: 0, rejected: 0 };
    const { events, rejected } = await takeAsked(
      { source, account, method: 'GET', url: path, headers: {}, body, receivedAt: deps.clock(), via: 'poll', topic }, deps,
    );
    return { hash, items: 1, events: events.length, rejected: rejected.length };
  }));
  const taken = ended.map((one) => {
    if (one.status === 'rejected') throw one.reason;
    return one.value;
  });
  const sum = (count: 'items' | 'events' | 'rejected'): number => taken.reduce((all, one) => all + one[count], 0);
  return { hashes: taken.map(({ hash }) => hash), items: sum('items'), events: sum('events'), rejected: sum('rejected') };
}
