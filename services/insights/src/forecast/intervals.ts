import type { Rolled } from './backtest.ts';

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

/** How the error grows with the distance: variance = base + growth × (step − 1), by least squares, neither below zero. */
function growthOf(misses: readonly { readonly step: number; readonly miss: number }[]): (step: number) => number {
  let n = 0, sx = 0, sy = 0, sxx = 0, sxy = 0;
  for (const { step, miss } of misses) {
    n += 1; sx += step; sy += miss ** 2; sxx += step ** 2; sxy += step * miss ** 2;
  }
  const across = n * sxx - sx * sx;
  const slope = across === 0 ? 0 : Math.max(0, (n * sxy - sx * sy) / across);
  const base = n === 0 ? 0 : (sy - slope * sx) / n;
  if (base + slope * 0.5 <= 0) return (step) => Math.sqrt(step + 1);
  return (step) => Math.sqrt(Math.max(0, base) + slope * (step + 0.5));
}

/** The least value that the share of a next draw stays under, by the rank that split conformal prediction takes; the largest where there are too few. */
const conformal = (sorted: Float64Array, share: number): number =>
  sorted[Math.min(sorted.length, Math.ceil((sorted.length + 1) * share)) - 1] ?? 0;

/**
 * Bands around a forecast from the errors of earlier ones: 80 and 95 % of the errors, each divided by how errors grow with the
 * distance, were no larger (split conformal prediction over rolling origins). Errors count that were known by the day `until`.
 */
export function bandsFrom(rolled: Rolled, said: readonly Float64Array[], scale: Scale, until: number): (value: number, step: number) => Band {
  const misses = said.flatMap((values, origin) => {
    const first = rolled.seen[origin] ?? 0;
    return Array.from(values.subarray(0, Math.max(0, until - first)), (value, step) => ({ step, miss: scale.to(rolled.history[first + step] ?? 0) - scale.to(value) }));
  });
  const growth = growthOf(misses);
  const sizes = Float64Array.from(misses, ({ step, miss }) => Math.abs(miss) / growth(step)).sort();
  const [most80, most95] = [conformal(sizes, 0.8), conformal(sizes, 0.95)];
  return (value, step) => {
    const at = scale.to(value);
    const [wide80, wide95] = [most80 * growth(step), most95 * growth(step)];
    return { low80: scale.back(at - wide80), high80: scale.back(at + wide80), low95: scale.back(at - wide95), high95: scale.back(at + wide95) };
  };
}
