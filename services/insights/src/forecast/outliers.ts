import { median } from './series.ts';

/** Standard deviations of a normal distribution in its median absolute deviation. */
const perMad = 1.4826;
const farOut = 4;
/** Fewer zeros than this among the open days are holidays, more are days without a sale. */
const fewZeros = 0.1;
const levelWeeks = 4;
const shiftFactor = 6;

const spreadOf = (misses: Float64Array): number => perMad * median(misses.map(Math.abs));

/** Medians of the weeks around each week (two before, two after): a level that no single day moves. */
function localLevels(values: Float64Array, season: number): Float64Array {
  const weeks = Math.ceil(values.length / season);
  const levels = Float64Array.from({ length: weeks }, (_, week) => median(values.subarray(Math.max(0, (week - 2) * season), Math.min(values.length, (week + 3) * season))));
  return values.map((_, at) => levels[Math.floor(at / season)] ?? 0);
}

/** What is usual on each place of the week, as the median of what lies above or below the level. */
function usualOf(misses: Float64Array, season: number): Float64Array {
  return Float64Array.from({ length: season }, (_, place) => median(misses.filter((_miss, at) => at % season === place)));
}

/**
 * The history as models shall see it: a day more than four robust standard deviations from what its weekday and its weeks would
 * have is put back to that distance, and a zero among days that are hardly ever zero (a holiday) becomes what is usual. Histories below
 * four weeks, and those in which most days are the same, stay as they are.
 */
export function dampened(history: Float64Array, season: number): Float64Array {
  if (history.length < 4 * season) return history;
  const zeros = history.filter((value) => value === 0).length;
  const levels = localLevels(history, season);
  const misses = history.map((value, at) => value - (levels[at] ?? 0));
  const usual = usualOf(misses, season);
  const expected = history.map((_, at) => (levels[at] ?? 0) + (usual[at % season] ?? 0));
  const reach = farOut * spreadOf(history.map((value, at) => value - (expected[at] ?? 0)));
  if (reach === 0) return history;
  const holidays = zeros < fewZeros * history.length;
  return history.map((value, at) => {
    const middle = expected[at] ?? 0;
    if (value === 0 && holidays) return middle;
    return Math.min(middle + reach, Math.max(middle - reach, value));
  });
}

/**
 * Where the history of the present level begins: after the last day at which the medians of the four weeks before and after differ
 * by more than six robust standard deviations of the days around them; 0 where there is none. At least eight weeks are left.
 */
export function levelBegins(history: Float64Array, season: number): number {
  const span = levelWeeks * season;
  let best = { at: 0, size: shiftFactor };
  for (let at = span; at <= history.length - 2 * span; at += season) {
    const before = history.subarray(at - span, at);
    const after = history.subarray(at, at + span);
    const was = median(before);
    const is = median(after);
    const noise = Math.max(spreadOf(before.map((value) => value - was)), spreadOf(after.map((value) => value - is)));
    const size = noise === 0 ? 0 : Math.abs(is - was) / noise;
    if (size >= best.size) best = { at, size };
  }
  return best.at;
}
