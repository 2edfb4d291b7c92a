import type { Log } from '@orderflow/shared/lambda';
import type { InFlightStore } from '@orderflow/shared/store';
import { pendingKey, type LandedPointer } from '../landed/landed.ts';
import type { StagingBucket } from '../landed/staging.ts';

export interface Finishing {
  readonly staging: StagingBucket;
  readonly store: Pick<InFlightStore, 'forget' | 'get' | 'release'>;
  readonly log: Log;
}

/** Forgets under way at once. */
const concurrency = 24;

export async function inParallel<T>(items: readonly T[], act: (item: T) => Promise<void>): Promise<void> {
  const queue = [...items];
  const lane = async (): Promise<void> => {
    for (let item = queue.pop(); item !== undefined; item = queue.pop()) await act(item);
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, queue.length) }, lane));
}

/**
 * After the manifest was read back: in-flight items become tombstones, then the pointers go. A crash in between repeats
 * it, and forgetting twice is no harm. An item that a newer event has changed stays (`superseded`), one that is not DONE
 * yet is noted and forgotten by Done.
 */
export async function finish(loaded: readonly LandedPointer[], { staging, store, log }: Finishing): Promise<void> {
  const items = loaded.flatMap(({ facts }) => facts.flatMap(({ inFlight }) => (inFlight ? [inFlight] : [])));
  const counts: Record<string, number> = {};
  await inParallel(items, async (item) => {
    const result = await store.forget(item);
    counts[result] = (counts[result] ?? 0) + 1;
  });
  await staging.remove(loaded.map(({ name }) => pendingKey(name)));
  if (items.length > 0) log.info('FORGOTTEN', counts);
}
