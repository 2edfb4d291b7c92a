import type { Retrier } from './definition.ts';
import { covers, type StateFailure } from './failure.ts';
import type { BranchRow } from './store.ts';

/** Milliseconds to wait before the next attempt, `undefined` if none is left; counts the attempt in the row. https://states-language.net/spec.html#retrying-after-error */
export function nextAttempt(branch: Pick<BranchRow, 'retries'>, retriers: readonly Retrier[], failure: StateFailure, random: () => number = Math.random): number | undefined {
  const at = retriers.findIndex((retrier) => covers(retrier.ErrorEquals, failure));
  const retrier = retriers[at];
  if (!retrier) return undefined;
  const counts = JSON.parse(branch.retries) as (number | undefined)[];
  const used = counts[at] ?? 0;
  if (used >= (retrier.MaxAttempts ?? 3)) return undefined;
  counts[at] = used + 1;
  branch.retries = JSON.stringify(Array.from(counts, (count) => count ?? 0));
  const grown = (retrier.IntervalSeconds ?? 1) * (retrier.BackoffRate ?? 2) ** used;
  const seconds = Math.min(grown, retrier.MaxDelaySeconds ?? Infinity);
  return 1000 * (retrier.JitterStrategy === 'FULL' ? random() * seconds : seconds);
}
