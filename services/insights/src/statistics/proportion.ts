/** 95 % of a normal distribution lie within so many standard deviations. */
const z95 = 1.959964;

export interface Interval {
  readonly low: number;
  readonly high: number;
}

/**
 * Wilson's score interval of a share, 95 % (E. B. Wilson, J. Am. Stat. Assoc. 22, 1927): honest where few were counted,
 * never beyond 0 and 1. Of nothing it is everything.
 */
export function wilson(part: number, whole: number, z = z95): Interval {
  if (whole <= 0) return { low: 0, high: 1 };
  const p = Math.min(1, Math.max(0, part / whole));
  const scale = 1 + (z * z) / whole;
  const centre = p + (z * z) / (2 * whole);
  const half = z * Math.sqrt((p * (1 - p)) / whole + (z * z) / (4 * whole * whole));
  return { low: Math.max(0, Math.min(p, (centre - half) / scale)), high: Math.min(1, Math.max(p, (centre + half) / scale)) };
}

/** Error function, absolute error below 1.2e-7 (W. J. Cody's scheme as given in Numerical Recipes, erfc by Chebyshev fit). */
function erfc(x: number): number {
  const t = 1 / (1 + 0.5 * Math.abs(x));
  const series = [-1.26551223, 1.00002368, 0.37409196, 0.09678418, -0.18628806, 0.27886807, -1.13520398, 1.48851587, -0.82215223, 0.17087277];
  const value = t * Math.exp(-x * x + series.reduceRight((sum, one) => sum * t + one, 0));
  return x >= 0 ? value : 2 - value;
}
/** Chance of a normal value so far from the middle or farther, on either side. */
export const twoSided = (z: number): number => erfc(Math.abs(z) / Math.SQRT2);

const logFactorials: number[] = [0];
function logFactorial(n: number): number {
  for (let at = logFactorials.length; at <= Math.min(n, 100_000); at++) logFactorials.push((logFactorials[at - 1] ?? 0) + Math.log(at));
  // Stirling's series beyond the table
  return logFactorials[n] ?? n * Math.log(n) - n + 0.5 * Math.log(2 * Math.PI * n) + 1 / (12 * n);
}

/** Chance of `least` or more successes in `n` tries of chance `p`. */
export function binomialTail(least: number, n: number, p: number): number {
  if (least <= 0) return 1;
  if (least > n || p <= 0) return 0;
  if (p >= 1) return 1;
  let sum = 0;
  for (let k = least; k <= n; k++) {
    const term = Math.exp(logFactorial(n) - logFactorial(k) - logFactorial(n - k) + k * Math.log(p) + (n - k) * Math.log1p(-p));
    sum += term;
    if (term < sum * 1e-12 && k > n * p) break;
  }
  return Math.min(1, sum);
}

/**
 * Two-sided chance that two shares differ as much as these, if they were the same: the pooled z-test, and where so few are
 * expected that it would not hold (fewer than five either way), the exact binomial test of the first share against the
 * pooled one. 1 where nothing can be said.
 */
export function sameShare(part: number, whole: number, otherPart: number, otherWhole: number): number {
  if (whole <= 0 || otherWhole <= 0) return 1;
  const pooled = (part + otherPart) / (whole + otherWhole);
  if (pooled <= 0 || pooled >= 1) return 1;
  if (Math.min(whole, otherWhole) * Math.min(pooled, 1 - pooled) < 5) {
    const [k, n] = whole <= otherWhole ? [part, whole] : [otherPart, otherWhole];
    return Math.min(1, 2 * Math.min(binomialTail(k, n, pooled), 1 - binomialTail(k + 1, n, pooled)));
  }
  return twoSided((part / whole - otherPart / otherWhole) / Math.sqrt(pooled * (1 - pooled) * (1 / whole + 1 / otherWhole)));
}

/**
 * Smallest false discovery rate at which each of many tests would count (Y. Benjamini and Y. Hochberg, J. R. Stat. Soc. B 57,
 * 1995), in the order of the tests.
 */
export function falseDiscoveryRates(chances: readonly number[]): number[] {
  const order = chances.map((p, at) => ({ p, at })).sort((a, b) => b.p - a.p);
  const rates = new Array<number>(chances.length);
  let least = 1;
  order.forEach(({ p, at }, place) => {
    least = Math.min(least, (p * chances.length) / (chances.length - place));
    rates[at] = least;
  });
  return rates;
}
