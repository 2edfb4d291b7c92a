import { roll } from '../../../services/insights/src/forecast/backtest.ts';
import { openDays } from '../../../services/insights/src/forecast/calendar.ts';
import { forecast } from '../../../services/insights/src/forecast/forecast.ts';
import { type Band, bandsFrom, plain, root } from '../../../services/insights/src/forecast/intervals.ts';
import { holtWinters } from '../../../services/insights/src/forecast/holt-winters.ts';
import { seasonalNaive } from '../../../services/insights/src/forecast/naive.ts';
import { type DailySeries, type Model, sum } from '../../../services/insights/src/forecast/series.ts';
import { theta } from '../../../services/insights/src/forecast/theta.ts';

const origins = 12;
const horizon = 12;
const atOnce: Readonly<Record<string, Model>> = { 'seasonal naive': seasonalNaive, theta, 'Holt-Winters': holtWinters };
export const methods = [...Object.keys(atOnce), 'ours'];

/** What a method did at one origin of one series. */
export interface Judged {
  readonly origin: number;
  readonly method: string;
  /** sum of absolute errors over the horizon */
  readonly error: number;
  readonly naive: number;
  /** said less what came, and what came, summed */
  readonly tooMuch: number;
  readonly came: number;
  /** of ours: what would be too much after the correction that its total gets */
  readonly corrected: number;
  readonly ms: number;
  /** days within the intervals, of `days` */
  readonly days: number;
  readonly within80: number;
  readonly within95: number;
}

/** The history that ends after the open day before `end` (counted among the open ones). */
function until({ from, values }: DailySeries, open: readonly number[], end: number): DailySeries {
  return { from, values: values.slice(0, (open[end - 1] ?? 0) + 1) };
}

/** A single model as it would be used without the rest: on the history as it is, with intervals from its own earlier errors. */
function alone(model: Model, past: Float64Array, season: number, canBeNegative: boolean): { readonly said: Float64Array; readonly bands: readonly Band[] } {
  const bounded: Model = (history, weeks, steps) => model(history, weeks, steps).map((value) => (canBeNegative ? value : Math.max(0, value)));
  const said = bounded(past, season, horizon);
  const rolled = roll(past, [bounded], (history) => history, { season, horizon, origins: 16, step: season });
  const band = bandsFrom(rolled, rolled.said[0] ?? [], canBeNegative ? plain : root, past.length);
  return { said, bands: Array.from(said, band) };
}

/** Twelve origins, twelve open days apart, twelve open days ahead each: every method sees only what lies before. */
export function judge(series: DailySeries, canBeNegative: boolean): readonly Judged[] {
  const { values, season, closed } = openDays(series);
  const first = new Date(`${series.from}T00:00:00Z`).getUTCDay();
  const open = series.values.flatMap((_, at) => (closed.has((first + at) % 7) ? [] : [at]));
  const judged: Judged[] = [];
  for (let origin = 0; origin < origins; origin++) {
    const end = values.length - (origins - origin) * horizon;
    const asked = performance.now();
    const ours = end > 0 ? forecast(until(series, open, end), { horizonDays: 30, canBeNegative }) : undefined;
    const ms = performance.now() - asked;
    if (ours?.state !== 'forecast') continue;
    const actual = values.subarray(end, end + horizon);
    const past = values.subarray(0, end);
    const errorOf = (said: Float64Array): number => said.reduce((total, value, at) => total + Math.abs(value - (actual[at] ?? 0)), 0);
    const came = sum(actual);
    const naive = errorOf(seasonalNaive(past, season, horizon));
    const inside = (days: readonly Band[], low: 'low80' | 'low95', high: 'high80' | 'high95'): number =>
      days.filter((day, at) => (actual[at] ?? 0) >= day[low] && (actual[at] ?? 0) <= day[high]).length;
    const judgedAs = (method: string, said: Float64Array, days: readonly Band[], took: number, bias = 0): Judged => ({
      origin, method, error: errorOf(said), naive, tooMuch: sum(said) - came, corrected: sum(said) - horizon * bias - came, came, ms: took,
      days: horizon, within80: inside(days, 'low80', 'high80'), within95: inside(days, 'low95', 'high95'),
    });
    for (const [method, model] of Object.entries(atOnce)) {
      const begun = performance.now();
      const { said, bands } = alone(model, past, season, canBeNegative);
      judged.push(judgedAs(method, said, bands, performance.now() - begun));
    }
    // days that a whole year shows to be closed but that the origin could not know of yet count as days that are not judged
    const days = ours.days.filter(({ day }) => !closed.has(new Date(`${day}T00:00:00Z`).getUTCDay())).slice(0, horizon);
    judged.push(judgedAs('ours', Float64Array.from(days, ({ value }) => value), days, ms, ours.backtest.bias));
  }
  return judged;
}
