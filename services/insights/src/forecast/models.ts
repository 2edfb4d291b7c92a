/** Methods that look ahead: values of open days, days of a season (open days a week), steps. Pure, and the same every time. */
export type Model = (y: Float64Array, season: number, steps: number) => Float64Array;

const mean = (values: ArrayLike<number>, from = 0, to = values.length): number => {
  let sum = 0;
  for (let at = from; at < to; at++) sum += values[at] ?? 0;
  return to > from ? sum / (to - from) : 0;
};

/** The last season once more: what every other method is measured against. */
export const seasonalNaive: Model = (y, season, steps) => Float64Array.from({ length: steps }, (_, h) => y[y.length - season + (h % season)] ?? y[y.length - 1] ?? 0);

/** Autocorrelation at one season, tested at 90 % as the Theta method does (V. Assimakopoulos and K. Nikolopoulos, 2000). */
function isSeasonal(y: Float64Array, season: number): boolean {
  if (season < 2 || y.length < 3 * season) return false;
  const centre = mean(y);
  let spread = 0;
  for (const value of y) spread += (value - centre) ** 2;
  if (spread === 0) return false;
  const correlation = (lag: number): number => {
    let sum = 0;
    for (let at = lag; at < y.length; at++) sum += ((y[at] ?? 0) - centre) * ((y[at - lag] ?? 0) - centre);
    return sum / spread;
  };
  let squares = 0;
  for (let lag = 1; lag < season; lag++) squares += correlation(lag) ** 2;
  return Math.abs(correlation(season)) > 1.645 * Math.sqrt((1 + 2 * squares) / y.length);
}

/**
 * What each place of the season adds, of values less their level (mean of the season around): a mean that looks most at
 * the newest seasons. Sums to nothing.
 */
function seasonAdditions(y: Float64Array, season: number): Float64Array {
  const sums = new Float64Array(season);
  const weights = new Float64Array(season);
  const half = Math.floor(season / 2);
  for (let at = half; at < y.length - half; at++) {
    let level = mean(y, at - half, at + half + 1);
    if (season % 2 === 0) level = (mean(y, at - half, at + half) + mean(y, at - half + 1, at + half + 1)) / 2;
    const weight = 0.97 ** Math.floor((y.length - 1 - at) / season);
    sums[at % season] = (sums[at % season] ?? 0) + weight * ((y[at] ?? 0) - level);
    weights[at % season] = (weights[at % season] ?? 0) + weight;
  }
  const additions = sums.map((sum, place) => ((weights[place] ?? 0) > 0 ? sum / (weights[place] ?? 1) : 0));
  const centre = mean(additions);
  return additions.map((value) => value - centre);
}

/** Simple exponential smoothing: level at the end and squared error of one step. */
function smooth(y: ArrayLike<number>, alpha: number, first: number): { level: number; error: number } {
  let level = first;
  let error = 0;
  for (let at = 0; at < y.length; at++) {
    const miss = (y[at] ?? 0) - level;
    error += miss * miss;
    level += alpha * miss;
  }
  return { level, error };
}
const alphas = [0.02, 0.04, 0.06, 0.08, 0.1, 0.13, 0.16, 0.2, 0.25, 0.3, 0.4, 0.5, 0.65, 0.8];
function bestSmooth(y: ArrayLike<number>): { level: number; alpha: number } {
  const first = mean(y, 0, Math.min(y.length, 10));
  let best = { level: first, alpha: 0.1, error: Infinity };
  for (const alpha of alphas) {
    const { level, error } = smooth(y, alpha, first);
    if (error < best.error) best = { level, alpha, error };
  }
  return best;
}

/** Theta with two lines: exponential smoothing with half of the trend as drift (R. Hyndman and B. Billah, 2003), season taken off first. */
export const theta: Model = (y, season, steps) => {
  const n = y.length;
  const additions = isSeasonal(y, season) ? seasonAdditions(y, season) : new Float64Array(season);
  const level = y.map((value, at) => value - (additions[at % season] ?? 0));
  const middle = (n - 1) / 2;
  let [up, spread] = [0, 0];
  for (let at = 0; at < n; at++) {
    up += (at - middle) * (level[at] ?? 0);
    spread += (at - middle) ** 2;
  }
  const drift = spread > 0 ? up / spread / 2 : 0;
  const { level: last, alpha } = bestSmooth(level);
  return Float64Array.from({ length: steps }, (_, h) => last + drift * (h + 1 / alpha - (1 - alpha) ** n / alpha) + (additions[(n + h) % season] ?? 0));
};

const [alphasHw, betas, gammas, phis] = [[0.03, 0.08, 0.15, 0.3, 0.5], [0.001, 0.01, 0.05], [0.001, 0.05, 0.15], [0.9, 0.98]];

/** Holt and Winters, additive season, damped trend (E. Gardner and E. McKenzie, 1985); parameters by search over a grid. */
export const holtWinters: Model = (y, season, steps) => {
  const n = y.length;
  const seasonal = season > 1 && n >= 3 * season;
  const begin = seasonal ? seasonAdditions(y.subarray(0, Math.min(n, 8 * season)), season) : new Float64Array(season);
  const first = mean(y, 0, Math.min(n, 2 * season));
  let best: { error: number; level: number; slope: number; phi: number; additions: Float64Array } | undefined;
  for (const alpha of alphasHw) for (const beta of betas) for (const gamma of seasonal ? gammas : [0]) for (const phi of phis) {
    const additions = Float64Array.from(begin);
    let [level, slope, error] = [first, 0, 0];
    for (let at = 0; at < n; at++) {
      const place = at % season;
      const miss = (y[at] ?? 0) - (level + phi * slope + (additions[place] ?? 0));
      error += miss * miss;
      if (best !== undefined && error > best.error) break;
      const before = level;
      level += phi * slope + alpha * miss;
      slope = phi * slope + beta * (level - before - phi * slope);
      additions[place] = (additions[place] ?? 0) + gamma * (1 - alpha) * miss;
    }
    if (best === undefined || error < best.error) best = { error, level, slope, phi, additions };
  }
  const { level, slope, phi, additions } = best ?? { level: first, slope: 0, phi: 0.9, additions: begin };
  let damped = 0;
  return Float64Array.from({ length: steps }, (_, h) => {
    damped += phi ** (h + 1);
    return level + damped * slope + (additions[(n + h) % season] ?? 0);
  });
};

/** The middle of the same weekdays of the last weeks, the newest counting most: what a merchant would say. Not moved by one large order. */
const weekdayMedian = (weeks: number): Model => (y, season, steps) => Float64Array.from({ length: steps }, (_, h) => {
  const seen: number[] = [];
  for (let at = y.length - season + (h % season), week = 0; at >= 0 && week < weeks; at -= season, week++) seen.push(y[at] ?? 0);
  seen.sort((a, b) => a - b);
  const middle = Math.floor(seen.length / 2);
  return seen.length === 0 ? (y[y.length - 1] ?? 0) : seen.length % 2 === 1 ? (seen[middle] ?? 0) : ((seen[middle - 1] ?? 0) + (seen[middle] ?? 0)) / 2;
});
export const medianOfEight = weekdayMedian(8);

/**
 * A method on the logarithms: aims at the middle of what is likely, where values are skew and swings grow with their level.
 * The inverse hyperbolic sine is the logarithm of twice a large value, and takes negative ones too.
 */
export const onLogs = (model: Model): Model => (y, season, steps) => model(y.map(Math.asinh), season, steps).map((value) => Math.sinh(Math.max(-40, Math.min(value, 40))));
