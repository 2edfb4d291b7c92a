import { meanError, type Rolled } from './backtest.ts';
import { median } from './series.ts';

/** The median of what the models say, step by step. */
export function combine(said: readonly Float64Array[], horizon: number): Float64Array {
  return Float64Array.from({ length: horizon }, (_, at) => median(Float64Array.from(said, (values) => values[at] ?? 0)));
}

/** The models with the least error by the day `until`, `most` of them (all where nothing is known yet), in their own order. */
export function bestModels(rolled: Rolled, most: number, until: number): readonly number[] {
  const errors = rolled.said.map((said, model) => ({ model, error: meanError(rolled, said, until) }));
  if (errors.some(({ error }) => Number.isNaN(error))) return errors.map(({ model }) => model);
  return errors.toSorted((a, b) => a.error - b.error || a.model - b.model).slice(0, most).map(({ model }) => model).toSorted((a, b) => a - b);
}

/** What the ensemble would have said at each origin, its models chosen by what was known at that origin. */
export function combinedAt(rolled: Rolled, most: number): readonly Float64Array[] {
  return rolled.seen.map((seen, origin) => {
    const chosen = bestModels(rolled, most, seen).map((model) => rolled.said[model]?.[origin] ?? new Float64Array());
    return combine(chosen, chosen[0]?.length ?? 0);
  });
}
