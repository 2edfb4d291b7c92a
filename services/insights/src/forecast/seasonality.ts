import { mean, sum } from './series.ts';

/** Both ends of a normal distribution beyond which 10 % lie. */
const z90 = 1.645;

/** Correlation of the values with themselves `lag` steps before. */
function autocorrelation(values: Float64Array, level: number, spread: number, lag: number): number {
  let total = 0;
  for (let at = lag; at < values.length; at++) total += ((values[at] ?? 0) - level) * ((values[at - lag] ?? 0) - level);
  return total / spread;
}

/** Whether the week shows, at 90 %: the test of the Theta method in the M3 and M4 competitions (Bartlett's error of the correlation). */
export function isSeasonal(values: Float64Array, season: number): boolean {
  if (season < 2 || values.length < 3 * season) return false;
  const level = mean(values);
  const spread = sum(values.map((value) => (value - level) ** 2));
  if (spread === 0) return false;
  let squares = 0;
  for (let lag = 1; lag < season; lag++) squares += autocorrelation(values, level, spread, lag) ** 2;
  return Math.abs(autocorrelation(values, level, spread, season)) > z90 * Math.sqrt((1 + 2 * squares) / values.length);
}

/** A moving mean over one season (an even one: half weights at both ends), undefined near the ends. */
function trendAt(values: Float64Array, season: number, at: number): number | undefined {
  const half = Math.floor(season / 2);
  if (at < half || at + half >= values.length) return undefined;
  let total = 0;
  for (let near = at - half; near <= at + half; near++) total += values[near] ?? 0;
  if (season % 2 === 0) total -= ((values[at - half] ?? 0) + (values[at + half] ?? 0)) / 2;
  return total / season;
}

export interface Deseasonalised {
  readonly values: Float64Array;
  /** puts the season back on values that follow the history */
  readonly restore: (ahead: Float64Array) => Float64Array;
}

/** Classical decomposition: factors where all values are above zero, else differences; as they are where the season does not show. */
export function deseasonalised(history: Float64Array, season: number): Deseasonalised {
  if (!isSeasonal(history, season)) return { values: history, restore: (ahead) => ahead };
  const byFactor = history.every((value) => value > 0);
  const sums = new Float64Array(season);
  const counts = new Float64Array(season);
  history.forEach((value, at) => {
    const trend = trendAt(history, season, at);
    if (trend === undefined) return;
    sums[at % season] = (sums[at % season] ?? 0) + (byFactor ? value / trend : value - trend);
    counts[at % season] = (counts[at % season] ?? 0) + 1;
  });
  const raw = sums.map((total, at) => total / Math.max(1, counts[at] ?? 0));
  const middle = mean(raw);
  const index = byFactor ? raw.map((value) => value / middle) : raw.map((value) => value - middle);
  const of = (at: number): number => index[at % season] ?? 0;
  return byFactor
    ? { values: history.map((value, at) => value / of(at)), restore: (ahead) => ahead.map((value, at) => value * of(history.length + at)) }
    : { values: history.map((value, at) => value - of(at)), restore: (ahead) => ahead.map((value, at) => value + of(history.length + at)) };
}
