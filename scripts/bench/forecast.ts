import { judge, type Judged, methods } from './forecast/judge.ts';
import { readGroups } from './forecast/read-series.ts';

const lastOnes = 4;
const origins = 12;
const sumOf = (judged: readonly Judged[], figure: 'error' | 'naive' | 'tooMuch' | 'corrected' | 'came' | 'days' | 'within80' | 'within95' | 'ms'): number => judged.reduce((total, one) => total + one[figure], 0);

/** Geometric mean over series of (sum of absolute errors / the seasonal naive's), series in which the naive never erred left out. */
function relMae(bySeries: readonly (readonly Judged[])[]): number {
  const ratios = bySeries.map((judged) => sumOf(judged, 'error') / sumOf(judged, 'naive')).filter((ratio) => Number.isFinite(ratio) && ratio > 0);
  return Math.exp(ratios.reduce((total, ratio) => total + Math.log(ratio), 0) / ratios.length);
}

const round = (value: number): number => Number(value.toFixed(3));

/**
 * The forecast against seasonal naive, Theta and Holt-Winters: 12 rolling origins, 12 open days ahead. Choices of the design were made on
 * the first eight origins; the last four only judge. Milliseconds are those of a forecast with its intervals (and, of ours, its backtest).
 */
export async function forecastBench(root: string, say: (line: string) => void, file?: string): Promise<Record<string, number>> {
  const figures: Record<string, number> = {};
  const windows = { 'first eight': (origin: number) => origin < origins - lastOnes, 'last four': (origin: number) => origin >= origins - lastOnes, all: () => true };
  for (const [group, series] of Object.entries(readGroups(root, file, process.env['ORDERFLOW_DATA_DIR'], say))) {
    const judged = Object.values(series).map((one) => judge(one, one.values.some((value) => value < 0)));
    say(`${group}: ${judged.filter((one) => one.length > 0).length} of ${judged.length} series with enough history; relMAE is the geometric mean over series`);
    for (const [window, within] of Object.entries(windows)) {
      for (const method of methods) {
        const own = judged.map((one) => one.filter((at) => at.method === method && within(at.origin)));
        const all = own.flat();
        const share = (part: number, whole: number): number => Number(((100 * part) / whole).toFixed(1));
        const error = round(relMae(own));
        const ms = round(sumOf(all, 'ms') / Math.max(1, all.length));
        const pooled = round(sumOf(all, 'error') / sumOf(all, 'naive'));
        const [within80, within95] = [share(sumOf(all, 'within80'), sumOf(all, 'days')), share(sumOf(all, 'within95'), sumOf(all, 'days'))];
        const bias = share(sumOf(all, 'tooMuch'), sumOf(all, 'came'));
        const ofTotal = method === 'ours' ? ` (of its total ${share(sumOf(all, 'corrected'), sumOf(all, 'came'))} %)` : '';
        say(`  ${window.padEnd(12)}${method.padEnd(16)}relMAE ${error.toFixed(3)}  of sums ${pooled.toFixed(3)}  80/95: ${within80}/${within95} %  ${ms} ms  bias ${bias} %${ofTotal}`);
        const name = `${group}, ${method}, ${window}`;
        Object.assign(figures, { [`${name}: relMAE`]: error, [`${name}: coverage 80`]: within80, [`${name}: coverage 95`]: within95 });
        if (window === 'all') figures[`${name}: ms`] = ms;
      }
    }
  }
  return figures;
}
