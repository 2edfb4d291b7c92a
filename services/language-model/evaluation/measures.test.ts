import fc from 'fast-check';
import { accuracy, calibrationError, macroF1, quantile, type Answered } from './measures.ts';

const one = (truth: string, answer: string, probability = 1): Answered => ({ truth, answer, probability });

it('counts what is right', () => {
  expect(accuracy([one('a', 'a'), one('a', 'b'), one('b', 'b'), one('b', 'b')])).toBe(0.75);
  expect(accuracy([])).toBe(0);
});

it('lets a rare class count as much as a frequent one', () => {
  // a: 2·3 ÷ (2·3 + 1), b: 2·0 ÷ (0 + 1)
  expect(macroF1([one('a', 'a'), one('a', 'a'), one('a', 'a'), one('b', 'a')])).toBeCloseTo(6 / 7 / 2);
});

it('finds no error where probabilities mean what they say, and the whole gap where they boast', () => {
  const tenths = Array.from({ length: 10 }, (_, at) => one('a', at < 8 ? 'a' : 'b', 0.8));
  expect(calibrationError(tenths)).toBeCloseTo(0);
  expect(calibrationError(tenths.map((answer) => ({ ...answer, probability: 1 })))).toBeCloseTo(0.2);
});

it('stays a share, whatever is answered', () => {
  const answered = fc.record({ truth: fc.constantFrom('a', 'b', 'c'), answer: fc.constantFrom('a', 'b', 'c'), probability: fc.double({ min: 0, max: 1, noNaN: true }) });
  fc.assert(fc.property(fc.array(answered), (cases) => {
    for (const measure of [accuracy, macroF1, calibrationError]) {
      expect(measure(cases)).toBeGreaterThanOrEqual(0);
      expect(measure(cases)).toBeLessThanOrEqual(1 + 1e-9);
    }
  }));
});

it('takes quantiles of what is not sorted', () => {
  expect([quantile([3, 1, 2, 4], 0.5), quantile([3, 1, 2, 4], 0.95), quantile([], 0.5)]).toEqual([3, 4, 0]);
});
