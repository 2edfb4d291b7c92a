import fc from 'fast-check';
import type { DayOfRates } from './central-bank.ts';
import { changedDays, type KnownRate } from './changed-days.ts';

const rate = fc.integer({ min: 1, max: 99_999 }).map((value) => String(value / 100));
const days: fc.Arbitrary<DayOfRates[]> = fc.uniqueArray(fc.record({
  day: fc.integer({ min: 10, max: 28 }).map((at) => `2026-11-${at}`),
  rates: fc.uniqueArray(fc.record({ currency: fc.constantFrom('USD', 'JPY', 'GBP'), rate }), { minLength: 1, selector: ({ currency }) => currency }),
}), { selector: ({ day }) => day });
/** As a DECIMAL(18,9) is told. */
const asTold = (text: string): string => Number(text).toFixed(9);
const knownOf = (all: readonly DayOfRates[]): KnownRate[] => all.flatMap(({ day, rates }) => rates.map(({ currency, rate: worth }): KnownRate => [day, currency, asTold(worth)]));

describe('changed days', () => {
  it('are those that are not known as they are published, whole', () => {
    fc.assert(fc.property(days, days, (published, before) => {
      const known = new Map(knownOf(before).map(([day, currency, worth]) => [`${day} ${currency}`, worth]));
      const differs = ({ day, rates }: DayOfRates): boolean => rates.some(({ currency, rate: worth }) => known.get(`${day} ${currency}`) !== asTold(worth));
      expect(changedDays(published, knownOf(before)).days).toEqual(published.filter(differs));
    }));
  });

  it('are none once they are known, however the numbers are written', () => {
    fc.assert(fc.property(days, (published) => {
      expect(changedDays(published, knownOf(published))).toEqual({ days: [], corrected: 0 });
    }));
    expect(changedDays([{ day: '2026-11-20', rates: [{ currency: 'IDR', rate: '019000' }] }], [['2026-11-20', 'IDR', '19000.000000000']]).days).toEqual([]);
  });

  it('tell corrected ones from new ones', () => {
    const friday = { day: '2026-11-20', rates: [{ currency: 'USD', rate: '1.2' }] };
    expect(changedDays([friday], [])).toEqual({ days: [friday], corrected: 0 });
    expect(changedDays([friday], [['2026-11-20', 'USD', '1.100000000']])).toEqual({ days: [friday], corrected: 1 });
    expect(changedDays([friday], [['2026-11-20', 'USD', '12.000000000']]).corrected).toBe(1);
  });
});
