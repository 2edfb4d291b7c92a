import type { Rolled } from './backtest.ts';
import { mean, sum } from './series.ts';

/** Where errors are alike in size: amounts that cannot be negative vary with their level, so their roots are compared. */
export interface Scale {
  readonly to: (value: number) => number;
  readonly back: (value: number) => number;
}
export const plain: Scale = { to: (value) => value, back: (value) => value };
export const root: Scale = { to: (value) => Math.sqrt(Math.max(0, value)), back: (value) => Math.max(0, value) ** 2 };

export interface Band {
  readonly low80: number;
  readonly high80: number;
  readonly low95: number;
  readonly high95: number;
}

interface Miss {
  /** 0 for the first day ahead */
  readonly step: number;
  readonly miss: number;
}

const originsLeast = 4;

/**
 * How errors grow with the distance, as a factor: the variance is a straight line over the steps (by least squares, never falling).
 * Where few origins tell of it, as in a random walk: with the root of the distance.
 */
function growthOf(misses: readonly Miss[], origins: number): (step: number) => number {
  const [middle, variance] = [mean(Float64Array.from(misses, ({ step }) => step)), mean(Float64Array.from(misses, ({ miss }) => miss ** 2))];
  const across = sum(misses.map(({ step }) => (step - middle) ** 2));
  const up = sum(misses.map(({ step, miss }) => (step - middle) * (miss ** 2 - variance)));
  if (origins < originsLeast || across === 0 || variance === 0) return (step) => Math.sqrt(step + 1);
  const slope = Math.min(Math.max(0, up / across), variance / (middle + 0.5));
  return (step) => Math.sqrt((variance + slope * (step - middle)) / variance);
}

/** The least value that the share of a next draw stays under, by the rank that split conformal prediction takes; the largest where there are too few. */
const conformal = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length, Math.ceil((sorted.length + 1) * share)) - 1] ?? 0;

const recentDays = 36;

/**
 * How large the series is around the day `end`: where amounts can be negative roots cannot be taken, so errors are compared as shares of the
 * last weeks' mean size. (Amounts that cannot be negative are on the scale of their roots already.)
 */
function sizeAt(history: Float64Array, end: number, scale: Scale): number {
  const size = scale === root ? 1 : mean(history.subarray(Math.max(0, end - recentDays), end).map(Math.abs));
  return size > 0 ? size : 1;
}

/**
 * Bands around a forecast from the errors of earlier ones, each divided by how errors grow with the distance: above it by what a
 * tenth (a fortieth) of them exceeded upward, below it likewise, for what is growing is missed more upward than downward (split
 * conformal prediction over rolling origins, each side by itself). Errors count that were known by the day `until`.
 */
export function bandsFrom(rolled: Rolled, said: readonly Float64Array[], scale: Scale, until: number): (value: number, step: number) => Band {
  const now = sizeAt(rolled.history, until, scale);
  const misses = said.flatMap((values, origin) => {
    const first = rolled.seen[origin] ?? 0;
    const grown = now / sizeAt(rolled.history, first, scale);
    return Array.from(values.subarray(0, Math.max(0, until - first)), (value, step) => ({ step, miss: grown * (scale.to(rolled.history[first + step] ?? 0) - scale.to(value)) }));
  });
  const growth = growthOf(misses, rolled.seen.filter((seen) => seen < until).length);
  const upward = Float64Array.from(misses, ({ step, miss }) => miss / growth(step)).sort();
  const downward = upward.map((miss) => -miss).reverse();
  const bounds = (side: Float64Array): readonly [number, number] => [Math.max(0, conformal(side, 0.9)), Math.max(0, conformal(side, 0.975))];
  const [[up80, up95], [down80, down95]] = [bounds(upward), bounds(downward)];
  return (value, step) => {
    const at = scale.to(value);
    const by = growth(step);
    return { low80: scale.back(at - down80 * by), high80: scale.back(at + up80 * by), low95: scale.back(at - down95 * by), high95: scale.back(at + up95 * by) };
  };
}
