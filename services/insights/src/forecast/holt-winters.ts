import type { Model } from './series.ts';
import { mean } from './series.ts';

/** Smoothing of level, slope and season, and how much of the slope is left a step later. */
type Parameters = readonly [level: number, slope: number, season: number, damping: number];

const start: Parameters = [0.2, 0.05, 0.1, 0.9];
const bounds: readonly (readonly [least: number, most: number])[] = [[0.01, 0.95], [0, 0.3], [0, 0.6], [0.8, 0.98]];
const firstSteps: Parameters = [0.2, 0.06, 0.12, 0.06];
const rounds = 6;

interface Fit {
  readonly error: number;
  readonly level: number;
  readonly slope: number;
  readonly seasonal: Float64Array;
  readonly damping: number;
}

/** The first seasons' mean pattern around their own mean; nothing where the history is shorter than two of them. */
function firstPattern(values: Float64Array, season: number): Float64Array {
  const pattern = new Float64Array(season);
  const whole = Math.min(4, Math.floor(values.length / season));
  if (season < 2 || whole < 2) return pattern;
  for (let week = 0; week < whole; week++) {
    const own = values.subarray(week * season, (week + 1) * season);
    const level = mean(own);
    own.forEach((value, at) => { pattern[at] = (pattern[at] ?? 0) + (value - level) / whole; });
  }
  return pattern;
}

/** Runs through the values once; the sum of squared one-step errors. */
function run(values: Float64Array, pattern: Float64Array, [a, b, c, damping]: Parameters): Fit {
  const season = pattern.length;
  const seasonal = pattern.slice();
  let level = mean(values.subarray(0, 2 * season));
  let slope = 0;
  let error = 0;
  for (let at = 0, place = 0; at < values.length; at++, place = place + 1 === season ? 0 : place + 1) {
    const usual = seasonal[place] ?? 0;
    const miss = (values[at] ?? 0) - (level + damping * slope + usual);
    error += miss * miss;
    level += damping * slope + a * miss;
    slope = damping * slope + a * b * miss;
    seasonal[place] = usual + c * (1 - a) * miss;
  }
  return { error, level, slope, seasonal, damping };
}

/** Walks from a fixed start along one parameter at a time, halving the steps: the same history gives the same parameters. */
function search(values: Float64Array, pattern: Float64Array, seasonal: boolean): Fit {
  let best: Parameters = seasonal ? start : [start[0], start[1], 0, start[3]];
  let fit = run(values, pattern, best);
  for (let round = 0, size = 1; round < rounds; round++, size /= 2) {
    for (const at of [0, 1, 2, 3] as const) {
      if (at === 2 && !seasonal) continue;
      for (const way of [-1, 1]) {
        const [least, most] = bounds[at] ?? [0, 1];
        const moved = best.with(at, Math.min(most, Math.max(least, best[at] + way * size * firstSteps[at]))) as unknown as Parameters;
        const tried = run(values, pattern, moved);
        if (tried.error >= fit.error) continue;
        best = moved;
        fit = tried;
      }
    }
  }
  return fit;
}

/** Holt and Winters' exponential smoothing with a damped trend and an additive season; without a season below two of them. */
export const holtWinters: Model = (history, season, horizon) => {
  const pattern = firstPattern(history, season);
  const { level, slope, seasonal, damping } = search(history, pattern, season > 1 && history.length >= 2 * season);
  const ahead = new Float64Array(horizon);
  for (let at = 0, reach = 0, left = 1; at < horizon; at++) {
    left *= damping;
    reach += left;
    ahead[at] = level + reach * slope + (seasonal[(history.length + at) % season] ?? 0);
  }
  return ahead;
};
