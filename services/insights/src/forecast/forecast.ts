import { meanError, roll, type Rolled } from './backtest.ts';
import { daysAhead, openDays } from './calendar.ts';
import { bestModels, combine, combinedAt } from './ensemble.ts';
import { holtWinters } from './holt-winters.ts';
import { type Band, bandsFrom, plain, root, type Scale } from './intervals.ts';
import { recentMedian, seasonalNaive, weekdayMean } from './naive.ts';
import { dampened, levelBegins } from './outliers.ts';
import type { DailySeries, Model } from './series.ts';
import { smoothing, theta } from './theta.ts';

export interface Asked {
  readonly horizonDays: 30 | 90;
  /** net cash flow can be below zero; amounts and pieces cannot */
  readonly canBeNegative?: boolean;
}

export interface DayAhead extends Band {
  readonly day: string;
  readonly value: number;
}

/** What the same procedure would have said earlier, held against what came; each origin knew nothing later, in its choice of models and its intervals too. */
export interface Backtest {
  readonly origins: number;
  /** mean absolute error of the ensemble, in the unit of the series, per open day */
  readonly meanAbsoluteError: number;
  /** that, divided by the one of the seasonal naive; undefined where the naive never erred */
  readonly relMae: number | undefined;
  /** share of days within the 80 and 95 % intervals; undefined where no origin had errors to go by */
  readonly coverage80: number | undefined;
  readonly coverage95: number | undefined;
}

export type Forecast =
  | { readonly state: 'forecast'; readonly madeFrom: string; readonly method: string; readonly days: readonly DayAhead[]; readonly backtest: Backtest }
  | { readonly state: 'insufficient'; readonly reason: string };

const models: Readonly<Record<string, Model>> = { theta, holtWinters, smoothing, weekdayMean, recentMedian };
const names = Object.keys(models);
const everything: readonly Model[] = [...Object.values(models), seasonalNaive];
const originsMost = 16;
const membersMost = 3;
const busyLeast = 10;

/** Shares of days within the intervals that each origin would have given. */
function coverageOf(rolled: Rolled, said: readonly Float64Array[], scale: Scale): readonly [number | undefined, number | undefined] {
  let [days, within80, within95] = [0, 0, 0];
  said.forEach((values, origin) => {
    const seen = rolled.seen[origin] ?? 0;
    if (origin < 3) return;
    const band = bandsFrom(rolled, said, scale, seen);
    values.forEach((value, step) => {
      const actual = rolled.history[seen + step] ?? 0;
      const { low80, high80, low95, high95 } = band(value, step);
      days += 1;
      within80 += Number(actual >= low80 && actual <= high80);
      within95 += Number(actual >= low95 && actual <= high95);
    });
  });
  return days === 0 ? [undefined, undefined] : [within80 / days, within95 / days];
}

/**
 * The next 30 or 90 days of a series, with 80 and 95 % intervals and how well the same procedure did before. The same series gives the
 * same forecast. Leading zeros (a product not sold yet) are left out; values that are no finite numbers count as 0.
 */
export function forecast(series: DailySeries, { horizonDays, canBeNegative = false }: Asked): Forecast {
  const finite = series.values.map((value) => (Number.isFinite(value) ? value : 0));
  const first = finite.findIndex((value) => value !== 0);
  if (first < 0) return { state: 'insufficient', reason: 'nothing has happened yet' };
  const [born] = daysAhead(series.from, finite.length, new Set()).slice(first);
  const { values: all, season, closed } = openDays({ from: born?.day ?? series.from, values: finite.slice(first) });
  if (all.length < 4 * season) return { state: 'insufficient', reason: `${all.length} open days of history; ${4 * season} are needed` };
  const busy = all.filter((value) => value !== 0).length;
  if (busy < busyLeast) return { state: 'insufficient', reason: `${busy} days with any; ${busyLeast} are needed` };

  const history = all.subarray(levelBegins(all, season));
  const [next] = daysAhead(born?.day ?? series.from, finite.length - first + 1, new Set()).slice(-1);
  const ahead = daysAhead(next?.day ?? '', horizonDays, closed);
  const horizon = ahead.filter(({ open }) => open).length;
  const scale = canBeNegative ? plain : root;
  const bounded = (values: Float64Array): Float64Array => (canBeNegative ? values : values.map((value) => Math.max(0, value)));
  const bound = everything.map((model): Model => (past, weeks, steps) => bounded(model(past, weeks, steps)));

  const whole = roll(history, bound, (seen) => dampened(seen, season), { season, horizon: Math.min(horizon, 4 * season), origins: originsMost, step: season });
  const rolled: Rolled = { ...whole, said: whole.said.slice(0, -1) };
  const combined = combinedAt(rolled, membersMost);
  const chosen = bestModels(rolled, membersMost, history.length);
  const past = dampened(history, season);
  const values = combine(chosen.map((model) => bound[model]?.(past, season, horizon) ?? new Float64Array(horizon)), horizon);
  const band = bandsFrom(rolled, combined, scale, history.length);

  let step = 0;
  const days = ahead.map(({ day, open }) => {
    if (!open) return { day, value: 0, low80: 0, high80: 0, low95: 0, high95: 0 };
    const value = values[step] ?? 0;
    const answer = { day, value, ...band(value, step) };
    step += 1;
    return answer;
  });
  const meanAbsoluteError = meanError(rolled, combined);
  const naive = meanError(rolled, whole.said.at(-1) ?? []);
  const [coverage80, coverage95] = coverageOf(rolled, combined, scale);
  return {
    state: 'forecast', madeFrom: next?.day ?? '', method: `median of ${chosen.map((model) => names[model]).join(', ')}`, days,
    backtest: { origins: rolled.seen.length, meanAbsoluteError, relMae: naive > 0 ? meanAbsoluteError / naive : undefined, coverage80, coverage95 },
  };
}
