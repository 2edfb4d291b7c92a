import { meanError, roll, type Rolled } from './backtest.ts';
import { backtestOf } from './backtest-figures.ts';
import { bestModels, combine, combinedAt } from './ensemble.ts';
import { bandsFrom, plain, root } from './intervals.ts';
import { seasonalNaive } from './naive.ts';
import type { Model } from './series.ts';

const constant = (value: number): Model => (_history, _season, horizon) => new Float64Array(horizon).fill(value);
const seen = (values: Float64Array): Float64Array => values;
const history = Float64Array.from({ length: 30 }, (_, at) => at);

test('origins are a step apart, the last one a step before the end, and none sees fewer than two seasons or anything later', () => {
  const lengths: number[] = [];
  const spy: Model = (past, _season, horizon) => {
    lengths.push(past.length);
    expect(past.at(-1)).toBe(past.length - 1);
    return new Float64Array(horizon);
  };
  const rolled = roll(history, [spy], seen, { season: 5, horizon: 8, origins: 9, step: 5 });
  expect(rolled.seen).toEqual([10, 15, 20, 25]);
  expect(lengths).toEqual([10, 15, 20, 25]);
  expect(rolled.said[0]!.map(({ length }) => length)).toEqual([8, 8, 8, 5]);
});

test('the mean error counts what had come by a day', () => {
  const rolled: Rolled = { history: Float64Array.of(0, 0, 1, 2, 3), seen: [2, 4], said: [[Float64Array.of(0, 0), Float64Array.of(0)]] };
  expect(meanError(rolled, rolled.said[0]!)).toBe(2);
  expect(meanError(rolled, rolled.said[0]!, 3)).toBe(1);
  expect(meanError(rolled, rolled.said[0]!, 2)).toBeNaN();
});

test('models are chosen by what was known at an origin: a later error changes no earlier choice', () => {
  const values = Float64Array.from({ length: 40 }, (_, at) => (at < 30 ? 10 : 90));
  const rolled = roll(values, [constant(10), constant(90), constant(50)], seen, { season: 5, horizon: 5, origins: 6, step: 5 });
  expect(bestModels(rolled, 1, 10)).toEqual([0, 1, 2]);
  expect(bestModels(rolled, 1, 30)).toEqual([0]);
  expect(rolled.seen).toEqual([10, 15, 20, 25, 30, 35]);
  expect(combinedAt(rolled, 1).map((said) => said[0])).toEqual([50, 10, 10, 10, 10, 10]);
  expect(bestModels(rolled, 2, 30)).toEqual([0, 2]);
});

test('the ensemble is the median of its members, step by step', () => {
  expect([...combine([Float64Array.of(1, 9), Float64Array.of(5, 5), Float64Array.of(4, 1)], 2)]).toEqual([4, 5]);
});

test('the intervals hold the shares of the errors that split conformal prediction takes', () => {
  // one step ahead, all 19 missed upward, by 1 … 19: 90 % of 20 is the 18th, 97.5 % beyond the last; nothing was missed downward
  const values = Float64Array.from({ length: 29 }, (_, at) => (at < 10 ? 100 : 100 + (at - 9)));
  const rolled: Rolled = { history: values, seen: Array.from({ length: 19 }, (_, at) => 10 + at), said: [] };
  const said = rolled.seen.map(() => Float64Array.of(100));
  const band = bandsFrom(rolled, said, root, values.length)(100, 0);
  expect([band.low80, band.low95]).toEqual([expect.closeTo(100, 9), expect.closeTo(100, 9)]);
  const rootOf = (error: number): number => Math.sqrt(100 + error) - 10;
  // step 0 only: no growth is known, the factor is 1
  expect(Math.sqrt(band.high80) - 10).toBeCloseTo(rootOf(18), 9);
  expect(Math.sqrt(band.high95) - 10).toBeCloseTo(rootOf(19), 9);
});

test('each side has its own errors: what is missed more upward has a longer upper bound', () => {
  const values = Float64Array.from({ length: 49 }, (_, at) => (at < 10 ? 100 : 100 + (at % 2 === 0 ? at : -at / 4)));
  const rolled: Rolled = { history: values, seen: Array.from({ length: 39 }, (_, at) => 10 + at), said: [] };
  const band = bandsFrom(rolled, rolled.seen.map(() => Float64Array.of(100)), root, values.length)(100, 0);
  expect(band.low95).toBeLessThan(band.low80);
  expect(100 - band.low95).toBeGreaterThan(5);
  expect(band.high95 - 100).toBeGreaterThan(2 * (100 - band.low95));
});

test('intervals are wider further ahead where few origins tell, and use only errors known by then', () => {
  const values = Float64Array.from({ length: 20 }, (_, at) => (at < 15 ? 50 + (at % 2) : 500));
  const rolled: Rolled = { history: values, seen: [10, 15], said: [] };
  const said = [new Float64Array(5).fill(50), new Float64Array(5).fill(50)];
  const early = bandsFrom(rolled, said, root, 15);
  const late = bandsFrom(rolled, said, root, 20);
  expect(early(50, 0).high95).toBeLessThan(60);
  expect(late(50, 0).high95).toBeGreaterThan(200);
  expect(early(50, 3).high95 - 50).toBeGreaterThan(1.9 * (early(50, 0).high95 - 50));
});

test('amounts that can be negative: errors count as shares of the size at the time', () => {
  const values = Float64Array.from({ length: 80 }, (_, at) => (at < 40 ? 10 : 100) * (at % 2 === 0 ? 1.1 : 0.9));
  const rolled: Rolled = { history: values, seen: [36, 37, 38, 39], said: [] };
  const band = bandsFrom(rolled, rolled.seen.map(() => Float64Array.of(10)), plain, values.length)(100, 0);
  expect(band.high95).toBeCloseTo(110, 6);
});

test('the figures of a backtest: error, bias and error against the naive, by hand', () => {
  const values = Float64Array.of(1, 1, 1, 1, 3, 5);
  const rolled = roll(values, [constant(2), seasonalNaive], seen, { season: 1, horizon: 1, origins: 3, step: 1 });
  const figures = backtestOf(rolled, rolled.said[0]!, rolled.said[1]!, plain);
  // came 1, 3, 5; said 2 each; the naive said 1, 1, 3
  expect(figures).toEqual({ origins: 3, meanAbsoluteError: 5 / 3, relMae: (5 / 3) / (4 / 3), bias: -1, coverage80: undefined, coverage95: undefined });
});

test('the coverage of an origin is that of intervals which knew only the errors before it', () => {
  const values = Float64Array.of(100, 100, 100, 100, 100, 900);
  const rolled = roll(values, [constant(101)], seen, { season: 1, horizon: 1, origins: 4, step: 1 });
  expect(backtestOf(rolled, rolled.said[0]!, rolled.said[0]!, root)).toMatchObject({ coverage80: 0, coverage95: 0 });
  expect(backtestOf({ ...rolled, history: values.with(5, 100) }, rolled.said[0]!, rolled.said[0]!, root)).toMatchObject({ coverage80: 1, coverage95: 1 });
});
