import { methodNames, methods, type Method } from './ensemble.ts';
import { seasonalNaive } from './models.ts';

/** Errors of a method at the origins of the past: `errors[origin][step]`, actual less forecast, as a share of the level then. */
export interface Backtest {
  readonly origins: number;
  readonly steps: number;
  /** Mean absolute error of each method, and of the seasonal naive forecast, as shares of the level. */
  readonly mae: Readonly<Record<Method, number>>;
  readonly naiveMae: number;
  readonly errors: Readonly<Record<Method, readonly Float64Array[]>>;
}

/** Most origins: more cost time and tell of longer ago. */
const mostOrigins = 12;
/** Seasons that a method must be able to learn from. */
const leastSeasons = 4;

/** What errors are measured by: the mean of the last seasons. Where there was nothing, one: shares are then plain differences. */
export function levelOf(y: Float64Array, season: number): number {
  const last = y.subarray(Math.max(0, y.length - 8 * season));
  const sum = last.reduce((all, value) => all + Math.abs(value), 0);
  return sum > 0 ? sum / last.length : 1;
}

const bounded = (values: Float64Array, least: number): Float64Array => values.map((value) => Math.max(least, value));

/**
 * Rolling origins, one season apart, the newest so that its whole horizon is known; each method sees only what was known
 * then. Undefined where the history is too short for three of them.
 * @param least no forecast is lower; −Infinity where a series may be negative
 */
export function backtest(y: Float64Array, season: number, steps: number, least: number): Backtest | undefined {
  const origins: number[] = [];
  for (let at = y.length - steps; at >= leastSeasons * season && origins.length < mostOrigins; at -= season) origins.unshift(at);
  if (origins.length < 3) return undefined;
  const errors = Object.fromEntries(methodNames.map((name) => [name, [] as Float64Array[]])) as Record<Method, Float64Array[]>;
  const sums = Object.fromEntries(methodNames.map((name) => [name, 0])) as Record<Method, number>;
  let naive = 0;
  for (const at of origins) {
    const [known, later] = [y.subarray(0, at), y.subarray(at, at + steps)];
    const level = levelOf(known, season);
    const missed = (made: Float64Array): Float64Array => later.map((value, h) => (value - (made[h] ?? 0)) / level);
    const absolute = (of: Float64Array): number => of.reduce((sum, one) => sum + Math.abs(one), 0) / steps;
    naive += absolute(missed(seasonalNaive(known, season, steps)));
    for (const name of methodNames) {
      const of = missed(bounded(methods[name](known, season, steps), least));
      errors[name].push(of);
      sums[name] += absolute(of);
    }
  }
  return { origins: origins.length, steps, errors, naiveMae: naive / origins.length, mae: Object.fromEntries(methodNames.map((name) => [name, sums[name] / origins.length])) as Record<Method, number> };
}
