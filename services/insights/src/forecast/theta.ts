import type { Model } from './series.ts';
import { deseasonalised } from './seasonality.ts';
import { mean } from './series.ts';

/** One-step squared error of simple exponential smoothing, and the level it ends with. */
function smooth(values: Float64Array, alpha: number): { readonly level: number; readonly error: number } {
  let level = mean(values.subarray(0, 6));
  let error = 0;
  for (const value of values) {
    const miss = value - level;
    error += miss * miss;
    level += alpha * miss;
  }
  return { level, error };
}

/** The smoothing constant with the least squared error, to 1/80, between 0.01 and 0.99; the search is a fixed one. */
function bestAlpha(values: Float64Array): number {
  let best = { alpha: 0.5, error: Infinity };
  const consider = (alpha: number): void => {
    const { error } = smooth(values, alpha);
    if (error < best.error) best = { alpha, error };
  };
  for (let step = 1; step <= 19; step++) consider(step / 20);
  const { alpha: coarse } = best;
  for (const step of [-3, -2, -1, 1, 2, 3]) consider(Math.min(0.99, Math.max(0.01, coarse + step / 80)));
  return best.alpha;
}

/** Slope of the straight line through the values by least squares, per step. */
function slopeOf(values: Float64Array): number {
  const middle = (values.length - 1) / 2;
  const level = mean(values);
  let up = 0;
  let across = 0;
  values.forEach((value, at) => {
    up += (at - middle) * (value - level);
    across += (at - middle) ** 2;
  });
  return across === 0 ? 0 : up / across;
}

/** Simple exponential smoothing, the week's pattern taken out before and put back after. */
export const smoothing: Model = (history, season, horizon) => {
  const { values, restore } = deseasonalised(history, season);
  const { level } = smooth(values, bestAlpha(values));
  return restore(new Float64Array(horizon).fill(level));
};

/**
 * The Theta method of Assimakopoulos and Nikolopoulos in the form of Hyndman and Billah (2003): simple exponential smoothing with
 * a drift of half the slope of the trend line, on values without their season where there is one.
 */
export const theta: Model = (history, season, horizon) => {
  const { values, restore } = deseasonalised(history, season);
  const alpha = bestAlpha(values);
  const { level } = smooth(values, alpha);
  const drift = slopeOf(values) / 2;
  const start = (1 - (1 - alpha) ** values.length) / alpha;
  return restore(Float64Array.from({ length: horizon }, (_, at) => level + drift * (at + start)));
};
