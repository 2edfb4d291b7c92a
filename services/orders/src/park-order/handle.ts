import type { Tools } from '@orderflow/shared/lambda';
import type { InFlightStore } from '@orderflow/shared/store';
import { executionName } from '@orderflow/shared/workflow';
import { step, stop, type Step } from '../step.ts';

export interface Deps extends Tools {
  readonly store: InFlightStore;
}

/**
 * ParkOrder: parks the order as CheckPayment saw it. If anything has changed since, an update that found nothing parked
 * to wake, say, it is checked again instead: no wake-up is lost.
 */
export async function handle(input: unknown, { store, log }: Deps): Promise<Step> {
  const one = step.parse(input);
  const { park, revision, attempt } = one;
  if (!park || revision === undefined) return { ...one, next: 'AGAIN' };
  const parked = await store.park(one, { attempt, revision }, park);
  if (parked.outcome === 'changed') return { ...one, next: 'AGAIN' };
  const there = parked.item;
  // an earlier try of this very step, its answer lost
  if (parked.outcome === 'lost' && !(there?.state === 'PARKED' && there.attempt === attempt)) return stop(one);
  log.info('PARKED', { execution: executionName(one), reason: park.reason });
  return { ...one, next: 'PARKED' };
}
