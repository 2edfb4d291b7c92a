/** Days around that a day is compared with. */
const window = 13;
/** Deviations from them that are still taken as they are; what is beyond counts as this much. */
const mostDeviations = 3;

const middleOf = (sorted: ArrayLike<number>): number => {
  const half = sorted.length >> 1;
  return sorted.length % 2 === 1 ? (sorted[half] ?? 0) : ((sorted[half - 1] ?? 0) + (sorted[half] ?? 0)) / 2;
};
export const median = (values: ArrayLike<number>): number => middleOf(Float64Array.from(values).sort());

/**
 * The same values, with those that are far from the days around drawn in to three robust deviations (1.4826 × the median of
 * absolute ones, which of a normal distribution is its standard deviation). One wholesale order then does not raise next
 * month's forecast, and still counts for something.
 */
export function dampened(y: Float64Array): Float64Array {
  const n = y.length;
  if (n < window) return y;
  const base = y.map((_, at) => {
    const from = Math.max(0, Math.min(n - window, at - (window >> 1)));
    return middleOf(y.slice(from, from + window).sort());
  });
  const most = mostDeviations * 1.4826 * median(y.map((value, at) => Math.abs(value - (base[at] ?? 0))));
  // half of all days are exactly in the middle: nothing can be said of the others
  if (most === 0) return y;
  return y.map((value, at) => (base[at] ?? 0) + Math.max(-most, Math.min(most, value - (base[at] ?? 0))));
}

/** Weeks that a new level must have lasted, and that must have been before it. */
const [weeksAfter, weeksBefore] = [4, 8];
/** Robust deviations of weekly sums that make a new level, and how many times higher or lower it is. */
const [shiftDeviations, shiftRatio] = [8, 2];

/**
 * Where the newest level begins: the first of the days to learn from; 0 where there was no shift. A level is new when the
 * weeks since are all on the other side of all but nothing before, twice as high or half as low, and eight robust deviations
 * away: a shop that has doubled by a new market, not a good December.
 */
export function shiftIn(y: Float64Array, season: number): number {
  const weeks = Math.floor(y.length / season);
  const offset = y.length - weeks * season;
  const sums = Array.from({ length: weeks }, (_, week) => y.slice(offset + week * season, offset + (week + 1) * season).reduce((sum, value) => sum + value, 0));
  for (let at = weeks - weeksAfter; at >= weeksBefore; at--) {
    const [before, after] = [sums.slice(Math.max(0, at - 13), at), sums.slice(at)];
    const [low, high] = [median(before), median(after)];
    const spread = 1.4826 * Math.max(median(before.map((value) => Math.abs(value - low))), median(after.map((value) => Math.abs(value - high))));
    const apart = after.every((value) => (high > low ? value > Math.max(...before) : value < Math.min(...before)));
    const ratio = low > 0 && high > 0 ? Math.max(high / low, low / high) : Infinity;
    if (apart && ratio >= shiftRatio && Math.abs(high - low) >= shiftDeviations * spread) return offset + at * season;
  }
  return 0;
}
