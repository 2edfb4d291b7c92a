import { limits, parkEnds } from '@orderflow/shared/domain';
import type { Meter } from '@orderflow/shared/lambda';
import { dueShards, type InFlightItem, type InFlightService } from '@orderflow/shared/store';
import { inputOf } from './executions.ts';
import { wake, type Waking } from './wake.ts';

export interface Reprocessing extends Waking {
  readonly service: InFlightService;
  readonly meter: Meter;
  /**
   * What becomes of an item that has waited past its park limit. Without it the item is woken, and its workflow ends it
   * (orders, reviews).
   */
  readonly giveUp?: (item: InFlightItem) => Promise<void>;
  /** Milliseconds left; no new item is begun under 10 s. */
  readonly remainingMs: () => number;
}

export interface Reprocessed {
  readonly woken: number;
  readonly restarted: number;
  readonly givenUp: number;
}

/**
 * The safety net behind waking: starts what is due, at most `limits.reprocess.itemsPerRun` a run, oldest first within
 * each shard. Two runs at once do no harm: each item is woken by one of them, and starting an execution again is nothing.
 */
export async function reprocess(deps: Reprocessing): Promise<Reprocessed> {
  const { service, store, executions, clock, log, meter } = deps;
  const count = { woken: 0, restarted: 0, givenUp: 0 };
  let left: number = limits.reprocess.itemsPerRun;

  const handle = async (item: InFlightItem): Promise<void> => {
    if (item.state === 'RECEIVED') {
      // a running or ended execution of this name is left alone
      if ((await executions.start(service, inputOf(item))) === 'started') count.restarted++;
      return;
    }
    if (item.state !== 'PARKED' || !item.parked) return;
    const over = Date.parse(parkEnds(item.parked.reason, item.parked.since)) <= clock();
    if (over && deps.giveUp) {
      await deps.giveUp(item);
      log.warn('GIVEN_UP', { eventId: item.event.id, reason: item.parked.reason });
      count.givenUp++;
      return;
    }
    if (await wake(item, deps)) count.woken++;
  };

  for (const state of ['PARKED', 'RECEIVED'] as const) {
    for (let shard = 0; shard < dueShards; shard++) {
      let from: string | undefined;
      do {
        if (left <= 0 || deps.remainingMs() < 10_000) break;
        const page = await store.due({ service, state, shard, until: new Date(clock()).toISOString(), limit: Math.min(left, 25), ...(from ? { from } : {}) });
        await Promise.all(page.items.map(async (due) => {
          const item = await store.get(due);
          if (item?.state === state) await handle(item);
        }));
        left -= page.items.length;
        from = page.next;
      } while (from);
    }
  }
  meter.count('Woken', count.woken);
  meter.count('Restarted', count.restarted);
  meter.count('GivenUp', count.givenUp);
  return count;
}
