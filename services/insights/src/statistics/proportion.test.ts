import fc from 'fast-check';
import { binomialTail, falseDiscoveryRates, sameShare, twoSided, wilson } from './proportion.ts';

describe('Wilson’s interval', () => {
  it.each([
      [1, 10, 0.017876, 0.404150], [0, 10, 0, 0.277533], [10, 10, 0.722467, 1], [50, 100, 0.403832, 0.596168], [0, 0, 0, 1],
  ])('of %i of %i', (part, whole, low, high) => {
    expect(wilson(part, whole).low).toBeCloseTo(low, 5);
    expect(wilson(part, whole).high).toBeCloseTo(high, 5);
  });
  it('holds the share, and shrinks with what was counted', () => {
    fc.assert(fc.property(fc.integer({ min: 0, max: 1_000 }), fc.integer({ min: 0, max: 1_000 }), (part, more) => {
      const whole = part + more;
      fc.pre(whole > 0);
      const [once, tenfold] = [wilson(part, whole), wilson(10 * part, 10 * whole)];
      expect(once.low).toBeLessThanOrEqual(part / whole);
      expect(once.high).toBeGreaterThanOrEqual(part / whole);
      expect(once.low >= 0 && once.high <= 1).toBe(true);
      expect(tenfold.high - tenfold.low).toBeLessThan(once.high - once.low);
    }));
  });
});

it('knows the tails of the normal distribution', () => {
  expect(twoSided(1.959964)).toBeCloseTo(0.05, 6);
  expect(twoSided(-3)).toBeCloseTo(0.0026998, 6);
  expect(twoSided(0)).toBeCloseTo(1, 6);
});

it('compares two shares', () => {
  // by hand: z = 0.15 / √(0.225 × 0.775 × 0.02), its tails by SciPy
  expect(sameShare(30, 100, 15, 100)).toBeCloseTo(0.0110852, 6);
  expect(sameShare(0, 10, 0, 10)).toBe(1);
  expect(sameShare(1, 1, 0, 0)).toBe(1);
  // few: the exact test of one of one at the pooled rate, whichever comes first
  expect(sameShare(1, 1, 99, 999)).toBeCloseTo(0.2, 12);
  expect(sameShare(99, 999, 1, 1)).toBeCloseTo(0.2, 12);
});

it('knows the upper tail of the binomial distribution', () => {
  // SciPy: binom.sf(least - 1, n, p)
  expect(binomialTail(8, 10, 0.5)).toBeCloseTo(0.0546875, 10);
  expect(binomialTail(20, 100, 1 / 7)).toBeCloseTo(0.0726277083, 9);
  expect([binomialTail(0, 10, 0.1), binomialTail(11, 10, 0.9), binomialTail(3, 10, 0), binomialTail(3, 10, 1)]).toEqual([1, 0, 0, 1]);
});

it('holds back chance among many tests', () => {
  // by hand: 0.01 × 4 / 1; 0.03 × 4 / 2, but no more than 0.04 × 4 / 3
  expect(falseDiscoveryRates([0.01, 0.04, 0.03, 0.5]).map((q) => Number(q.toFixed(6)))).toEqual([0.04, 0.053333, 0.053333, 0.5]);
  expect(falseDiscoveryRates([])).toEqual([]);
  fc.assert(fc.property(fc.array(fc.double({ min: 0, max: 1, noNaN: true }), { minLength: 1 }), (chances) => falseDiscoveryRates(chances).every((q, at) => q <= 1 && q >= (chances[at] ?? 0) - 1e-12)));
});
