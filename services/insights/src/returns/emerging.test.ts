import { emergingReasons, type ReasonCount } from './emerging.ts';

const count = (reason: string, recent: number, earlier: number, more: Partial<ReasonCount> = {}): ReasonCount => ({ productKey: 'p1', reason, recent, earlier, soldRecent: 100, soldEarlier: 600, ...more });

it('tells a reason that rises faster than what is sold', () => {
  const [found, ...others] = emergingReasons([count('damaged', 12, 6), count('too_small', 3, 18), count('changed_mind', 1, 0)]);
  expect(others).toEqual([]);
  expect(found).toMatchObject({ productKey: 'p1', reason: 'damaged', recent: 12, expected: 1 });
  // two reasons have been tested; SciPy: binom.sf(11, 18, 1/7)
  expect(found?.q).toBeCloseTo(2 * (found?.p ?? 1), 12);
  expect(found?.p).toBeCloseTo(5.753418e-7, 12);
});

it('tells nothing when more is sold alike', () => {
  expect(emergingReasons([count('damaged', 12, 6, { soldRecent: 1_200, soldEarlier: 600 })])).toEqual([]);
});

it('compares days where nothing is known to be sold', () => {
  expect(emergingReasons([count('damaged', 9, 3, { soldRecent: 0, soldEarlier: 0 })])).toMatchObject([{ expected: 0.5 }]);
});

it('rarely calls chance a rise: of 200 steady reasons none', () => {
  // Poisson(2) of a generator with a fixed seed
  let state = 7;
  const random = (): number => (state = (state * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648;
  const poisson = (mean: number): number => {
    let [k, p] = [0, random()];
    while (p > Math.exp(-mean)) [k, p] = [k + 1, p * random()];
    return k;
  };
  const steady = Array.from({ length: 200 }, (_, at) => count(`r${at}`, poisson(2), poisson(12)));
  expect(emergingReasons(steady)).toEqual([]);
  expect(emergingReasons([...steady, count('damaged', 15, 12)]).map(({ reason }) => reason)).toEqual(['damaged']);
});
