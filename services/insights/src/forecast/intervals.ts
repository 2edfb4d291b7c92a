/** Bounds of each step as differences from the forecast, in shares of the level. */
export interface Spread {
  readonly low: Float64Array;
  readonly high: Float64Array;
}

/** Linear between the places of sorted values. */
export function quantile(sorted: ArrayLike<number>, share: number): number {
  const place = Math.min(sorted.length - 1, Math.max(0, share * (sorted.length + 1) - 1));
  const below = Math.floor(place);
  return (sorted[below] ?? 0) + (place - below) * ((sorted[Math.min(below + 1, sorted.length - 1)] ?? 0) - (sorted[below] ?? 0));
}

/**
 * Intervals from a method's own errors at past origins, each side by itself, for sales miss more upward than downward. Errors
 * of all steps are put together after they have been made comparable: a step's are as wide as the mean absolute error of the
 * steps around it, and never narrower than an earlier step's. Beyond the steps that were tried they widen with the root of
 * the distance.
 * @param errors `errors[origin][step]`
 * @param steps how many the forecast has
 */
export function spreadOf(errors: readonly Float64Array[], steps: number, season: number, coverages: readonly number[]): Spread[] {
  const tried = errors[0]?.length ?? 0;
  const width = new Float64Array(tried);
  for (let h = 0; h < tried; h++) {
    const [from, to] = [Math.max(0, h - season), Math.min(tried, h + season + 1)];
    let sum = 0;
    for (const of of errors) for (let at = from; at < to; at++) sum += Math.abs(of[at] ?? 0);
    width[h] = Math.max(sum / ((to - from) * errors.length), h > 0 ? (width[h - 1] ?? 0) : 0);
  }
  const first = width[0] ?? 0;
  const scaled = Float64Array.from(errors.flatMap((of) => [...of].map((error, h) => (first === 0 ? 0 : (error * first) / (width[h] ?? first))))).sort();
  const grown = (h: number): number => (first === 0 || tried === 0 ? 0 : h < tried ? (width[h] ?? first) / first : ((width[tried - 1] ?? first) / first) * Math.sqrt((h + 1) / tried));
  return coverages.map((coverage) => {
    const [low, high] = [Math.min(0, quantile(scaled, (1 - coverage) / 2)), Math.max(0, quantile(scaled, (1 + coverage) / 2))];
    return { low: Float64Array.from({ length: steps }, (_, h) => low * grown(h)), high: Float64Array.from({ length: steps }, (_, h) => high * grown(h)) };
  });
}
