import type { Model } from './series.ts';

/** What models said at earlier days (origins), to be held against what then came. */
export interface Rolled {
  /** how many values each origin had seen; ascending */
  readonly seen: readonly number[];
  /** by model, then origin: what it said of the values after */
  readonly said: readonly (readonly Float64Array[])[];
  readonly history: Float64Array;
}

export interface Rolling {
  readonly season: number;
  readonly horizon: number;
  readonly origins: number;
  /** values between two origins */
  readonly step: number;
}

/** Lets each model forecast from every origin, seeing nothing after it; an origin keeps at least two seasons of history. */
export function roll(history: Float64Array, models: readonly Model[], prepare: (seen: Float64Array, season: number) => Float64Array, { season, horizon, origins, step }: Rolling): Rolled {
  const seen = Array.from({ length: origins }, (_, at) => history.length - (origins - at) * step).filter((length) => length >= 2 * season);
  const prepared = seen.map((length) => prepare(history.subarray(0, length), season));
  const said = models.map((model) => prepared.map((past, at) => model(past, season, Math.min(horizon, history.length - (seen[at] ?? 0)))));
  return { seen, said, history };
}

/** Mean absolute error of forecasts made at those origins, of what had come by the day `until`; NaN where nothing had. */
export function meanError({ seen, history }: Rolled, said: readonly Float64Array[], until = history.length): number {
  let total = 0;
  let count = 0;
  said.forEach((values, origin) => {
    const first = seen[origin] ?? 0;
    const known = Math.min(values.length, until - first);
    for (let at = 0; at < known; at++) total += Math.abs((values[at] ?? 0) - (history[first + at] ?? 0));
    count += Math.max(0, known);
  });
  return total / count;
}
