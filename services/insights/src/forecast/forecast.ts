import { addDays } from '../sums/periods.ts';
import { backtest, levelOf } from './backtest.ts';
import { isOpen, openValues, type Calendar, type DailySeries } from './calendar.ts';
import { chosenBy, methods, type Method } from './ensemble.ts';
import { spreadOf } from './intervals.ts';
import { shiftIn } from './outliers.ts';

export interface ForecastDay {
  readonly day: string;
  /** As likely to be above as below, about. */
  readonly value: number;
  readonly low80: number;
  readonly high80: number;
  readonly low95: number;
  readonly high95: number;
}

/** How good the same method would have been in the past, shown with every forecast. */
export interface PastRecord {
  readonly origins: number;
  readonly steps: number;
  /** Mean absolute error by that of the seasonal naive forecast; under 1 is better. Null: the naive one was never wrong. */
  readonly relMae: number | null;
  /** Mean absolute error as a share of the level. */
  readonly error: number;
}

export type Forecast =
  | { readonly state: 'forecast'; readonly method: Method; readonly days: readonly ForecastDay[]; readonly backtest: PastRecord; readonly learnedFrom: string }
  | { readonly state: 'insufficient'; readonly reason: string };

export interface Horizon {
  readonly days: number;
  /** Net flows can be; sales cannot. */
  readonly canBeNegative?: boolean;
}

/** Open days that must be known, and of them such with something. */
const [leastSeasons, leastBusy] = [8, 10];
/** Steps of a backtest: two seasons say how good a method is; a quarter of the history may be held back for it. */
const testedSteps = (season: number, steps: number, known: number): number => Math.max(season, Math.min(steps, Math.max(2 * season, Math.floor(known / 6))));

/**
 * The days after a series, with 80 and 95 % intervals and the record of the method on the series' own past. Closed days are
 * nothing, and taught nothing. The newest level counts, where it has shifted.
 * @param calendar of the whole business, which knows closed days better than a product that sells now and then
 */
export function forecast(series: DailySeries, calendar: Calendar, { days, canBeNegative = false }: Horizon): Forecast {
  const season = 7 - calendar.closedWeekdays.size;
  const all = openValues(series, calendar);
  const begun = all.findIndex((value) => value !== 0);
  const sold = begun < 0 ? all.subarray(all.length) : all.subarray(begun);
  if (sold.length < leastSeasons * season) return { state: 'insufficient', reason: `${sold.length} open days are known since the first with anything; ${leastSeasons * season} are needed` };
  const shifted = shiftIn(sold, season);
  const y = sold.length - shifted >= leastSeasons * season ? sold.subarray(shifted) : sold;
  const busy = y.reduce((sum, value) => sum + (value === 0 ? 0 : 1), 0);
  if (busy < leastBusy) return { state: 'insufficient', reason: `there was something on ${busy} days only; ${leastBusy} are needed` };
  const ahead = Array.from({ length: days }, (_, at) => addDays(series.from, series.values.length + at));
  const steps = ahead.filter((day) => isOpen(calendar, day)).length;
  const least = canBeNegative ? -Infinity : 0;
  const tested = backtest(y, season, testedSteps(season, Math.max(1, steps), y.length), least);
  if (tested === undefined) return { state: 'insufficient', reason: 'the history is too short to try a forecast on its own past' };
  const method = chosenBy(tested.mae);
  const made = methods[method](y, season, steps);
  const [eighty, ninetyFive] = spreadOf(tested.errors[method], steps, season, [0.8, 0.95]);
  const level = levelOf(y, season);
  let step = 0;
  const told = ahead.map((day): ForecastDay => {
    if (!isOpen(calendar, day)) return { day, value: 0, low80: 0, high80: 0, low95: 0, high95: 0 };
    const value = Math.max(least, made[step] ?? 0);
    const bound = (by: Float64Array | undefined): number => Math.max(least, (made[step] ?? 0) + level * (by?.[step] ?? 0));
    const [low80, high80] = [Math.min(value, bound(eighty?.low)), Math.max(value, bound(eighty?.high))];
    const one = { day, value, low80, high80, low95: Math.min(low80, bound(ninetyFive?.low)), high95: Math.max(high80, bound(ninetyFive?.high)) };
    step++;
    return one;
  });
  return {
    state: 'forecast', method, days: told, learnedFrom: addDays(series.from, series.values.length - openBack(series, calendar, y.length)),
    backtest: { origins: tested.origins, steps: tested.steps, relMae: tested.naiveMae > 0 ? tested.mae[method] / tested.naiveMae : null, error: tested.mae[method] },
  };
}

/** How many days back so many open ones are. */
function openBack({ from, values }: DailySeries, calendar: Calendar, open: number): number {
  let back = 0;
  for (let left = open; left > 0 && back < values.length; back++) if (isOpen(calendar, addDays(from, values.length - 1 - back))) left--;
  return back;
}
