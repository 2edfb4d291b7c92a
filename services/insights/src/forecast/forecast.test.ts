import fc from 'fast-check';
import { forecast, type Forecast } from './forecast.ts';

const monday = '2024-01-01';
type Made = Extract<Forecast, { state: 'forecast' }>;
const made = (values: readonly number[], horizonDays: 30 | 90 = 30, canBeNegative = false): Made => {
  const answer = forecast({ from: monday, values }, { horizonDays, canBeNegative });
  if (answer.state !== 'forecast') throw new Error(answer.reason);
  return answer;
};
const shop = (days: number, level = 100): number[] =>
  Array.from({ length: days }, (_, at) => level * ([1, 1.1, 1.2, 1.1, 1.4, 0, 0.7][at % 7] ?? 0) * (1 + 0.2 * Math.sin(at * 1.7)));
const numbersOf = (answer: Made): number[] => [
  ...answer.days.flatMap(({ value, low80, high80, low95, high95 }) => [low95, low80, value, high80, high95]),
  answer.expectedTotal, answer.backtest.meanAbsoluteError, answer.backtest.bias,
];

test('a constant series goes on, without a doubt, and the naive cannot be beaten', () => {
  const answer = made(new Array(120).fill(42));
  answer.days.forEach(({ value, low95, high95 }) => { expect([value, low95, high95]).toEqual([42, 42, 42].map((number) => expect.closeTo(number, 9))); });
  expect(answer.expectedTotal).toBeCloseTo(30 * 42, 6);
  expect(answer.backtest).toMatchObject({ origins: 15, relMae: undefined });
});

test.each([30, 90] as const)('%d days ahead, from the day after the history on; closed days are 0', (horizonDays) => {
  const { days, madeFrom } = made(shop(140), horizonDays);
  expect(days).toHaveLength(horizonDays);
  expect(madeFrom).toBe('2024-05-19');
  expect(days[0]?.day).toBe('2024-05-20');
  const saturdays = days.filter(({ day }) => new Date(day).getUTCDay() === 6);
  expect(saturdays.length).toBeGreaterThan(3);
  saturdays.forEach((day) => { expect(day).toEqual({ day: day.day, value: 0, low80: 0, high80: 0, low95: 0, high95: 0 }); });
  days.filter((day) => !saturdays.includes(day)).forEach(({ value }) => { expect(value).toBeGreaterThan(30); });
});

test('the backtest says how well it would have done, and the method names its members', () => {
  const { backtest, method } = made(shop(300));
  expect(method).toMatch(/^median of \S/);
  expect(backtest.origins).toBe(16);
  expect(backtest.relMae).toBeLessThan(1);
  expect(backtest.coverage80).toBeGreaterThan(0.6);
  expect(backtest.coverage95).toBeGreaterThanOrEqual(backtest.coverage80!);
});

test.each([
  ['nothing at all', []],
  ['only zeros', new Array(200).fill(0)],
  ['one day', [5]],
  ['a product that is a week old', [...new Array(200).fill(0), 5, 6, 5, 7, 5, 6, 8]],
  ['a few days with any', [3, ...new Array(100).fill(0), 3, ...new Array(50).fill(0)]],
])('%s is insufficient, and why', (_, values) => {
  expect(forecast({ from: monday, values }, { horizonDays: 30 })).toEqual({ state: 'insufficient', reason: expect.stringMatching(/needed/) });
});

test('after a level shift the level before does not count, not even for the width of the intervals', () => {
  const values = Array.from({ length: 203 }, (_, at) => (at < 119 ? 1_000 : 100) + 5 * Math.sin(at * 2.3));
  made(values).days.forEach(({ value, low95, high95 }) => {
    expect(Math.abs(value - 100)).toBeLessThan(10);
    expect(high95 - low95).toBeLessThan(40);
  });
});

test('a single huge order does not come again', () => {
  const values = shop(200);
  values[190] = 80_000;
  made(values).days.forEach(({ value }) => { expect(value).toBeLessThan(250); });
});

test('where single large orders come now and then the days leave them out, the total does not', () => {
  const { days, expectedTotal, backtest } = made(Array.from({ length: 280 }, (_, at) => (at % 9 === 0 ? 50 : 4 + (at % 3))));
  const mean = (50 + 8 * 5) / 9;
  expect(days.reduce((total, { value }) => total + value, 0)).toBeLessThan(30 * 0.7 * mean);
  expect(expectedTotal).toBeGreaterThan(30 * 0.9 * mean);
  expect(expectedTotal).toBeLessThan(30 * 1.1 * mean);
  expect(backtest.bias).toBeLessThan(-2);
});

test('net cash flow may be below zero, other amounts may not', () => {
  const falling = Array.from({ length: 100 }, (_, at) => 50 - at + 3 * Math.sin(at * 2.3));
  expect(Math.min(...made(falling, 30, true).days.map(({ value }) => value))).toBeLessThan(-30);
  expect(Math.min(...numbersOf(made(falling)).slice(0, 150))).toBe(0);
});

const anyNumber = fc.oneof(fc.constant(0), fc.integer({ min: -5, max: 500 }), fc.double({ noNaN: true, noDefaultInfinity: true }));
const anySeries = fc.oneof(fc.array(anyNumber, { maxLength: 200 }), fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 60, maxLength: 120 }), fc.array(fc.nat(900), { minLength: 60, maxLength: 200 }));

test('of any finite series every number is finite, the intervals are nested, and the same comes again', () => {
  fc.assert(fc.property(anySeries, fc.boolean(), fc.constantFrom(30 as const, 90 as const), (values, canBeNegative, horizonDays) => {
    const answer = forecast({ from: monday, values }, { horizonDays, canBeNegative });
    expect(forecast({ from: monday, values }, { horizonDays, canBeNegative })).toEqual(answer);
    if (answer.state === 'insufficient') return;
    expect(numbersOf(answer).filter((number) => !Number.isFinite(number))).toEqual([]);
    for (const { low95, low80, value, high80, high95 } of answer.days) {
      expect([low95, low80, value, high80, high95]).toEqual([low95, low80, value, high80, high95].toSorted((a, b) => a - b));
      if (!canBeNegative) expect(low95).toBeGreaterThanOrEqual(0);
    }
  }), { numRuns: 150, seed: 9 });
});

test('a series in another unit has the same forecast in that unit', () => {
  fc.assert(fc.property(fc.array(fc.nat(900), { minLength: 60, maxLength: 150 }), fc.integer({ min: -20, max: 20 }), fc.boolean(), (values, power, canBeNegative) => {
    const one = forecast({ from: monday, values }, { horizonDays: 30, canBeNegative });
    const other = forecast({ from: monday, values: values.map((value) => value * 2 ** power) }, { horizonDays: 30, canBeNegative });
    expect(other.state).toBe(one.state);
    if (one.state === 'insufficient' || other.state === 'insufficient') return;
    expect(numbersOf(other)).toEqual(numbersOf(one).map((number) => number * 2 ** power));
  }), { numRuns: 40, seed: 9 });
  const [pounds, pence] = [made(shop(200)), made(shop(200).map((value) => value * 100))];
  numbersOf(pence).forEach((number, at) => { expect(number).toBeCloseTo(100 * numbersOf(pounds)[at]!, 4); });
});
