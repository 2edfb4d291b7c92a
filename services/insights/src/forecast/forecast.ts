import { type Backtest, backtestOf } from './backtest-figures.ts';
import { roll } from './backtest.ts';
import { daysAhead, openDays } from './calendar.ts';
import { bestModels, combine, combinedAt } from './ensemble.ts';
import { holtWinters } from './holt-winters.ts';
import { type Band, bandsFrom, plain, root } from './intervals.ts';
import { recentMedian, seasonalNaive, weekdayMean } from './naive.ts';
import { dampened, levelBegins } from './outliers.ts';
import { type DailySeries, type Model, sum } from './series.ts';
import { smoothing, theta } from './theta.ts';

export interface Asked {
  readonly horizonDays: 30 | 90;
  /** net cash flow can be below zero; amounts and pieces cannot */
  readonly canBeNegative?: boolean;
}

/** `value` is the one with the least absolute error: of a skewed series nearer to the median than to the mean. */
export interface DayAhead extends Band {
  readonly day: string;
  readonly value: number;
}

export type Forecast =
  | {
      readonly state: 'forecast';
      /** the last day of history that it was made from */
      readonly madeFrom: string;
      readonly method: string;
      readonly days: readonly DayAhead[];
      /** What all days together come to: their values, corrected by the bias of the backtest. For budgets and reorders, where the mean counts. */
      readonly expectedTotal: number;
      readonly backtest: Backtest;
    }
  | { readonly state: 'insufficient'; readonly reason: string };

const models: Readonly<Record<string, Model>> = { Theta: theta, 'Holt-Winters': holtWinters, smoothing, 'weekday mean': weekdayMean, 'recent median': recentMedian };
const names = Object.keys(models);
const originsMost = 16;
const membersMost = 3;
const weeksLeast = 4;
const weeksMost = 104;
const busyLeast = 10;

const median = (members: readonly string[]): string => `median of ${members.join(', ')}`;
/** Multiplied back, a growing amount near the largest number there is stays a number. */
const within = (value: number): number => Math.min(Number.MAX_VALUE, Math.max(-Number.MAX_VALUE, value));
const noBand: Band = { low80: 0, high80: 0, low95: 0, high95: 0 };

/** From the first day with any on (a product is not "never sold" before it was there); what is no finite number counts as 0. */
function sinceFirst({ from, values }: DailySeries): DailySeries {
  const finite = values.map((value) => (Number.isFinite(value) ? value : 0));
  const first = finite.findIndex((value) => value !== 0);
  return first < 0 ? { from, values: [] } : { from: daysAhead(from, first + 1, new Set()).at(-1)?.day ?? from, values: finite.slice(first) };
}

function tooLittle(open: Float64Array, season: number): string | undefined {
  const busy = open.filter((value) => value !== 0).length;
  if (open.length < weeksLeast * season) return `${open.length} open days of history; ${weeksLeast * season} are needed`;
  return busy < busyLeast ? `${busy} days with any; ${busyLeast} are needed` : undefined;
}

/**
 * The next 30 or 90 days of a series (in its unit), with 80 and 95 % intervals and how well the same procedure did before; or why
 * there is too little to go by. Nothing random, no clock: the same series gives the same forecast. At most two years are looked at.
 */
export function forecast(series: DailySeries, { horizonDays, canBeNegative = false }: Asked): Forecast {
  const lived = sinceFirst(series);
  const { values: all, season, closed } = openDays(lived);
  const reason = tooLittle(all, season);
  if (reason !== undefined) return { state: 'insufficient', reason };

  const size = 2 ** Math.floor(Math.log2(all.reduce((most, value) => Math.max(most, Math.abs(value)), 0)));
  const recent = all.slice(-weeksMost * season).map((value) => value / size);
  const history = recent.subarray(levelBegins(recent, season));
  const ahead = daysAhead(lived.from, lived.values.length + horizonDays, closed).slice(lived.values.length - 1);
  const [last, ...days] = ahead;
  const horizon = days.filter(({ open }) => open).length;
  const scale = canBeNegative ? plain : root;
  const bounded = [...Object.values(models), seasonalNaive].map((model): Model =>
    (past, weeks, steps) => model(past, weeks, steps).map((value) => (canBeNegative ? value : Math.max(0, value))));

  const everything = roll(history, bounded, dampened, { season, horizon: Math.min(horizon, weeksLeast * season), origins: originsMost, step: season });
  const rolled = { ...everything, said: everything.said.slice(0, -1) };
  const combined = combinedAt(rolled, membersMost);
  const backtest = backtestOf(rolled, combined, everything.said.at(-1) ?? [], scale);

  const chosen = bestModels(rolled, membersMost, history.length);
  const past = dampened(history, season);
  const values = combine(chosen.flatMap((model) => bounded[model]?.(past, season, horizon) ?? []), horizon);
  const bandAt = bandsFrom(rolled, combined, scale, history.length);
  const sized = (value: number): number => within(value * size);
  let step = 0;
  const answer = days.map(({ day, open }): DayAhead => {
    if (!open) return { day, value: 0, ...noBand };
    const value = values[step] ?? 0;
    const { low80, high80, low95, high95 } = bandAt(value, step++);
    return { day, value: sized(value), low80: sized(low80), high80: sized(high80), low95: sized(low95), high95: sized(high95) };
  });
  const total = sum(values) - horizon * backtest.bias;
  return {
    state: 'forecast', madeFrom: last?.day ?? lived.from, method: median(chosen.map((model) => names[model] ?? '')), days: answer,
    expectedTotal: sized(canBeNegative ? total : Math.max(0, total)),
    backtest: { ...backtest, meanAbsoluteError: sized(backtest.meanAbsoluteError), bias: sized(backtest.bias) },
  };
}
