import { meanError, type Rolled } from './backtest.ts';
import { bandsFrom, type Scale } from './intervals.ts';

/**
 * What the same procedure would have said earlier, held against what came. An origin knew nothing later: neither in its history nor in
 * its choice of models nor in its intervals.
 */
export interface Backtest {
  readonly origins: number;
  /** of the ensemble, in the unit of the series, per open day */
  readonly meanAbsoluteError: number;
  /** that, divided by the one of the seasonal naive; undefined where the naive never erred */
  readonly relMae: number | undefined;
  /** what was said less what came, in the unit of the series, mean per open day */
  readonly bias: number;
  /** share of open days within the 80 and 95 % intervals; undefined where too few origins had errors to go by */
  readonly coverage80: number | undefined;
  readonly coverage95: number | undefined;
}

/** Origins whose errors make the first interval. */
const originsFirst = 3;

/** The figures of forecasts (`said`, by origin) beside those of the seasonal naive. */
export function backtestOf(rolled: Rolled, said: readonly Float64Array[], naive: readonly Float64Array[], scale: Scale): Backtest {
  let [days, tooMuch, judged, within80, within95] = [0, 0, 0, 0, 0];
  said.forEach((values, origin) => {
    const seen = rolled.seen[origin] ?? 0;
    const bandAt = origin < originsFirst ? undefined : bandsFrom(rolled, said, scale, seen);
    values.forEach((value, step) => {
      const came = rolled.history[seen + step] ?? 0;
      days += 1;
      tooMuch += value - came;
      if (bandAt === undefined) return;
      const { low80, high80, low95, high95 } = bandAt(value, step);
      judged += 1;
      within80 += Number(came >= low80 && came <= high80);
      within95 += Number(came >= low95 && came <= high95);
    });
  });
  const [error, naiveError] = [meanError(rolled, said), meanError(rolled, naive)];
  return {
    origins: said.length, meanAbsoluteError: error, relMae: naiveError > 0 ? error / naiveError : undefined, bias: tooMuch / Math.max(1, days),
    coverage80: judged === 0 ? undefined : within80 / judged, coverage95: judged === 0 ? undefined : within95 / judged,
  };
}
