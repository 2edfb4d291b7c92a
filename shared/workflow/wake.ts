import type { Clock, Log } from '@orderflow/shared/lambda';
import type { InFlightItem, InFlightStore, ParkReason } from '@orderflow/shared/store';
import { executionName, inputOf, type Executions } from './executions.ts';
import { restartAt } from './new-item.ts';

export interface Waking {
  readonly store: InFlightStore;
  readonly executions: Executions;
  readonly clock: Clock;
  readonly log: Log;
}

/**
 * Starts a parked item again with the next attempt. Of many that try at once one succeeds; what crashes between the two
 * steps is started by the schedule.
 */
export async function wake(item: InFlightItem, { store, executions, clock, log }: Waking): Promise<boolean> {
  if (item.state !== 'PARKED') return false;
  const woken = await store.wake(item, { attempt: item.attempt, dueAt: restartAt(clock()) });
  if (woken.outcome !== 'written') return false;
  const input = inputOf(woken.item);
  await executions.start(item.service, input);
  log.info('WOKEN', { execution: executionName(input), reason: item.parked?.reason });
  return true;
}

/** Wakes what waits for one of these reasons. */
export async function wakeAll(items: readonly InFlightItem[], reasons: readonly ParkReason[], waking: Waking): Promise<number> {
  const waiting = items.filter((item) => item.state === 'PARKED' && item.parked !== undefined && reasons.includes(item.parked.reason));
  const woken = await Promise.all(waiting.map((item) => wake(item, waking)));
  return woken.filter(Boolean).length;
}
