import { dampened, levelBegins } from './outliers.ts';

/** Noise that is the same each time. */
const wave = (at: number): number => 5 * Math.sin(at * 2.3) + 3 * Math.sin(at * 0.77);
const usual = (count: number, level = 100): Float64Array => Float64Array.from({ length: count }, (_, at) => level + wave(at));

test('a single huge day is put back near what its weeks have; the others stay as they were', () => {
  const history = usual(84);
  history[40] = 5_000;
  const seen = dampened(history, 6);
  expect(seen[40]).toBeLessThan(150);
  expect(seen[40]).toBeGreaterThan(100);
  expect([...seen.slice(0, 40), ...seen.slice(41)]).toEqual([...history.slice(0, 40), ...history.slice(41)]);
  expect(history[40]).toBe(5_000);
});

test('a closed holiday becomes a usual day; zeros that belong to the series stay', () => {
  const history = usual(84);
  history[50] = 0;
  expect(dampened(history, 6)[50]).toBeGreaterThan(85);
  const rare = Float64Array.from({ length: 84 }, (_, at) => (at % 3 === 0 ? 4 + (at % 2) : 0));
  expect(dampened(rare, 6).filter((value) => value === 0)).toHaveLength(56);
});

test('a short history and a constant one stay as they are', () => {
  const short = Float64Array.of(1, 900, 1, 1);
  expect(dampened(short, 6)).toBe(short);
  const constant = new Float64Array(60).fill(5);
  constant[9] = 70;
  expect(dampened(constant, 6)).toBe(constant);
});

test('a history begins where its level shifts, upward and downward, and at 0 where it does not', () => {
  const shifted = usual(180);
  shifted.forEach((value, at) => { if (at >= 96) shifted[at] = value + 200; });
  expect(levelBegins(shifted, 6)).toBe(96);
  expect(levelBegins(shifted.map((value) => 400 - value), 6)).toBe(96);
  expect(levelBegins(usual(180), 6)).toBe(0);
});

test('a shift of the last weeks is too young, and growth is none', () => {
  const young = usual(180);
  young.forEach((value, at) => { if (at >= 160) young[at] = value + 200; });
  expect(levelBegins(young, 6)).toBe(0);
  expect(levelBegins(usual(180).map((value, at) => value + at / 5), 6)).toBe(0);
});
