/** A day each, without gaps, from the first day on; a day without any is 0. Money in major units, or pieces: the forecast has the same unit. */
export interface DailySeries {
  /** ISO 8601 date, UTC */
  readonly from: string;
  readonly values: readonly number[];
}

/** A way to go on from a history: `horizon` values after its last one. `season` is the number of values in a week (of open days). */
export type Model = (history: Float64Array, season: number, horizon: number) => Float64Array;

export function sum(values: Iterable<number>): number {
  let total = 0;
  for (const value of values) total += value;
  return total;
}

/** 0 of nothing. */
export const mean = (values: Float64Array): number => (values.length === 0 ? 0 : sum(values) / values.length);

/** The value below which the share lies, between two neighbours by the distance (type 7); 0 of nothing. Sorted values. */
export function quantileOf(sorted: Float64Array, share: number): number {
  const at = (sorted.length - 1) * share;
  const below = sorted[Math.floor(at)] ?? 0;
  return below + ((sorted[Math.ceil(at)] ?? below) - below) * (at - Math.floor(at));
}

export const median = (values: Float64Array): number => quantileOf(values.slice().sort(), 0.5);
