import fc from 'fast-check';
import { cohortsOf, newAndRepeat, type CohortMonth } from './cohorts.ts';
import { kMeans, seeded } from './k-means.ts';
import { leastCustomers, segmentOf, segmentsOf, type CustomerSums } from './rfm.ts';
import { suppressSmall, type Group } from './suppress.ts';

describe('k-means', () => {
  const around = (centres: readonly (readonly [number, number])[], each: number): Float64Array => {
    const random = seeded(3);
    return Float64Array.from(centres.flatMap(([x, y]) => Array.from({ length: each }, () => [x + random() - 0.5, y + random() - 0.5]).flat()));
  };
  it('finds what lies apart', () => {
    const { centroids, labels, inertia } = kMeans(around([[0, 0], [10, 0], [0, 10]], 50), 2, 3);
    const found = [0, 1, 2].map((c) => [centroids[2 * c] ?? 0, centroids[2 * c + 1] ?? 0].map((one) => Math.abs(Math.round(one)))).sort();
    expect(found).toEqual([[0, 0], [0, 10], [10, 0]].sort());
    expect([0, 50, 100].map((from) => new Set(labels.subarray(from, from + 50)).size)).toEqual([1, 1, 1]);
    expect(inertia).toBeLessThan(150 * 0.5);
  });
  it('is the same for the same seed, and finds fewer where points coincide', () => {
    const points = around([[0, 0], [3, 1]], 30);
    expect(kMeans(points, 2, 4)).toEqual(kMeans(points, 2, 4));
    expect(kMeans(new Float64Array(20).fill(7), 2, 4).centroids).toEqual(Float64Array.of(7, 7));
    expect(() => kMeans(new Float64Array(), 2, 4)).toThrow('needs points');
  });
  it('puts every point to the centroid that is nearest', () => {
    fc.assert(fc.property(fc.array(fc.tuple(fc.double({ min: -100, max: 100, noNaN: true }), fc.double({ min: -100, max: 100, noNaN: true })), { minLength: 1, maxLength: 40 }), (rows) => {
      const { centroids, labels } = kMeans(Float64Array.from(rows.flat()), 2, 3);
      rows.forEach(([x, y], at) => {
        const distances = Array.from({ length: centroids.length / 2 }, (_, c) => (x - (centroids[2 * c] ?? 0)) ** 2 + (y - (centroids[2 * c + 1] ?? 0)) ** 2);
        expect(distances[labels[at] ?? 0]).toBeLessThanOrEqual(Math.min(...distances) + 1e-6);
      });
    }));
  });
});

describe('segments', () => {
  const customers = (seed = 1): CustomerSums[] => {
    const random = seeded(seed);
    const kind = (recency: number, orders: number, value: number) => Array.from({ length: 40 }, (): CustomerSums => ({ recency: Math.round(recency * (0.7 + 0.6 * random())), orders: Math.max(1, Math.round(orders * (0.7 + 0.6 * random()))), value: value * (0.7 + 0.6 * random()) }));
    return [...kind(5, 20, 4_000), ...kind(10, 1, 60), ...kind(150, 6, 900), ...kind(400, 1, 50)];
  };
  it('are named by what they are', () => {
    const found = segmentsOf(customers());
    if (found === undefined) throw new Error('segments');
    expect(found.segments.map(({ name }) => name)).toEqual(['champions', 'promising', 'at risk', 'lost']);
    expect([{ recency: 4, orders: 22, value: 5_000 }, { recency: 9, orders: 1, value: 50 }, { recency: 160, orders: 6, value: 800 }, { recency: 380, orders: 1, value: 40 }].map((one) => segmentOf(one, found))).toEqual(['champions', 'promising', 'at risk', 'lost']);
  });
  it('keep their names in any order, from any seed, and when one customer comes', () => {
    const all = customers();
    const names = (of: readonly CustomerSums[], seed = 1): string[] => {
      const found = segmentsOf(of, seed);
      return found === undefined ? [] : all.map((one) => segmentOf(one, found));
    };
    const before = names(all);
    expect(names([...all].reverse())).toEqual(before);
    expect(names(all, 99)).toEqual(before);
    expect(names([...all, { recency: 30, orders: 3, value: 300 }]).filter((name, at) => name !== before[at]).length).toBeLessThanOrEqual(2);
  });
  it('are none where there are too few, and have names of their own whatever customers there are', () => {
    expect(segmentsOf(customers().slice(0, leastCustomers - 1))).toBeUndefined();
    const one = fc.record({ recency: fc.integer({ min: 0, max: 800 }), orders: fc.integer({ min: 1, max: 100 }), value: fc.double({ min: -1_000, max: 1e7, noNaN: true }) });
    fc.assert(fc.property(fc.array(one, { minLength: leastCustomers, maxLength: 60 }), (some) => {
      const found = segmentsOf(some);
      expect(new Set(found?.segments.map(({ name }) => name)).size).toBe(found?.segments.length);
      expect(found?.segments.flatMap(({ centroid }) => centroid).every(Number.isFinite)).toBe(true);
    }));
    expect(segmentsOf(Array.from({ length: 30 }, () => ({ recency: 10, orders: 2, value: 30 })))?.segments.map(({ name }) => name)).toEqual(['champions']);
  });
});

describe('cohorts', () => {
  const row = (cohort: string, month: string, customers: number, value: number, repeatCustomers = 0): CohortMonth => ({ cohort, month, customers, repeatCustomers, orders: customers, value });
  const rows = [row('2026-08', '2026-08', 10, 100, 4), row('2026-08', '2026-10', 3, 60), row('2026-10', '2026-10', 5, 50, 1), row('2026-10', '2026-11', 1, 20)];
  it('have a step for every month up to this one, also where nobody came', () => {
    const [august, october] = cohortsOf(rows, '2026-11');
    expect(august).toMatchObject({ cohort: '2026-08', customers: 10, repeatRate: 0.4 });
    expect(august?.steps.map(({ retention, lifetimeValue, unfinished }) => [retention, lifetimeValue, unfinished])).toEqual([[1, 10, false], [0, 10, false], [0.3, 16, false], [0, 16, true]]);
    expect(october?.steps.map(({ customers }) => customers)).toEqual([5, 1]);
  });
  it('tell who is new and who has come again', () => {
    expect(newAndRepeat(rows)).toEqual([
      { month: '2026-08', newCustomers: 10, repeatCustomers: 0, newValue: 100, repeatValue: 0 }, { month: '2026-10', newCustomers: 5, repeatCustomers: 3, newValue: 50, repeatValue: 60 }, { month: '2026-11', newCustomers: 0, repeatCustomers: 1, newValue: 0, repeatValue: 20 },
    ]);
  });
  it('run over the turn of a year', () => {
    expect(cohortsOf([row('2025-12', '2025-12', 2, 10), row('2025-12', '2026-01', 1, 5)], '2026-01')[0]?.steps).toHaveLength(2);
  });
});

describe('small groups', () => {
  const together = (few: readonly Group[]): Group => ({ name: undefined, customers: few.reduce((sum, { customers }) => sum + customers, 0) });
  const shown = (...sizes: readonly number[]) => suppressSmall(sizes.map((customers, at): Group => ({ name: `g${at}`, customers })), together).map(({ name, customers }) => [name, customers]);
  it('are put together, with the next one where they are still too few', () => {
    expect(shown(20, 4, 3)).toEqual([['g0', 20], [undefined, 7]]);
    expect(shown(20, 9, 2)).toEqual([['g0', 20], [undefined, 11]]);
    expect(shown(20, 9)).toEqual([['g0', 20], ['g1', 9]]);
    expect(shown(3, 1)).toEqual([]);
  });
  it('never show fewer than five, nor let fewer be told from the total', () => {
    fc.assert(fc.property(fc.array(fc.integer({ min: 0, max: 30 }), { maxLength: 12 }), (sizes) => {
      const found = shown(...sizes);
      const [all, told] = [sizes.reduce((sum, n) => sum + n, 0), found.reduce((sum, [, n]) => sum + Number(n), 0)];
      expect(found.every(([, n]) => Number(n) >= 5)).toBe(true);
      expect(told === all || (told === 0 && all < 5)).toBe(true);
    }));
  });
});
