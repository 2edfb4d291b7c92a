import { holtWinters } from './holt-winters.ts';
import { recentMedian, seasonalNaive, weekdayMean } from './naive.ts';
import { deseasonalised, isSeasonal } from './seasonality.ts';
import { smoothing, theta } from './theta.ts';

const all = { seasonalNaive, weekdayMean, recentMedian, smoothing, theta, holtWinters };
const week = [10, 20, 30, 40, 50];
const repeated = (count: number, factor: (at: number) => number = () => 1): Float64Array => Float64Array.from({ length: count * 5 }, (_, at) => (week[at % 5] ?? 0) * factor(at));
const rounded = (values: Float64Array): number[] => Array.from(values, (value) => Number(value.toFixed(6)));

test.each(Object.entries(all))('%s goes on with a constant', (_, model) => {
  expect(rounded(model(new Float64Array(60).fill(7), 6, 10))).toEqual(new Array(10).fill(7));
});

test.each(Object.entries(all))('%s of a history of one day, and of zeros, is that', (_, model) => {
  expect(rounded(model(Float64Array.of(3), 7, 4))).toEqual([3, 3, 3, 3]);
  expect(rounded(model(new Float64Array(40), 7, 4))).toEqual([0, 0, 0, 0]);
});

test.each(Object.entries({ seasonalNaive, weekdayMean, smoothing, theta, holtWinters }))('%s goes on with a week that repeats, from the middle of one', (_, model) => {
  const ahead = rounded(model(repeated(20).slice(0, -2), 5, 6));
  ahead.forEach((value, at) => { expect(value).toBeCloseTo([40, 50, 10, 20, 30, 40][at]!, 0); });
});

test('seasonal naive is the week before', () => {
  expect([...seasonalNaive(Float64Array.of(9, 9, 1, 2, 3), 3, 5)]).toEqual([1, 2, 3, 1, 2]);
});

test('the weekday mean is halved in weight every four weeks', () => {
  const history = Float64Array.of(8, 0, 0, 0, 0); // a season of one day; 8 five days ago
  const weights = [1, 2, 3, 4, 5].map((back) => 0.5 ** (back / 4));
  expect(weekdayMean(history, 1, 1)[0]).toBeCloseTo((8 * weights[4]!) / weights.reduce((total, weight) => total + weight, 0), 12);
});

test('Theta drifts by half the slope of the trend line', () => {
  const ahead = theta(Float64Array.from({ length: 200 }, (_, at) => 100 + 2 * at), 7, 3);
  expect(ahead[1]! - ahead[0]!).toBeCloseTo(1, 9);
  expect(ahead[0]).toBeGreaterThan(497);
  expect(ahead[0]).toBeLessThan(501);
});

test('the trend of Holt and Winters is damped: each step is smaller than the one before', () => {
  const ahead = holtWinters(Float64Array.from({ length: 100 }, (_, at) => 10 + 3 * at), 1, 40);
  const steps = Array.from(ahead.slice(1), (value, at) => value - ahead[at]!);
  expect(steps[0]).toBeGreaterThan(1);
  steps.slice(1).forEach((step, at) => { expect(step).toBeLessThan(steps[at]!); });
});

test('the test finds the season of a week and none in a constant or in three weeks of less', () => {
  expect(isSeasonal(repeated(12), 5)).toBe(true);
  expect(isSeasonal(new Float64Array(60).fill(4), 5)).toBe(false);
  expect(isSeasonal(repeated(2), 5)).toBe(false);
});

test('the season is taken out by factors where all is above zero, by differences where not, and put back in its place', () => {
  const factors = deseasonalised(repeated(12), 5);
  expect(new Set(rounded(factors.values))).toEqual(new Set([30]));
  expect(rounded(factors.restore(new Float64Array(5).fill(60)))).toEqual([20, 40, 60, 80, 100]);
  const differences = deseasonalised(repeated(12).map((value) => value - 30), 5);
  expect(rounded(differences.restore(new Float64Array(5).fill(10)))).toEqual([-10, 0, 10, 20, 30]);
});
