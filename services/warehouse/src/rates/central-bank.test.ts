import fc from 'fast-check';
import { ratesDocument } from '../../../../scripts/local/rates-standin.ts';
import { RatesUnreadable, readRates, type DayOfRates } from './central-bank.ts';

const shell = (cubes: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><gesmes:subject>Reference rates</gesmes:subject><Cube>${cubes}</Cube></gesmes:Envelope>`;
const cube = ({ day, rates }: DayOfRates, quote = '"'): string =>
  `<Cube time=${quote}${day}${quote}>${rates.map(({ currency, rate }) => `<Cube currency=${quote}${currency}${quote} rate=${quote}${rate}${quote}/>`).join('\n\t\t')}</Cube>`;

const code = fc.stringMatching(/^[A-Z]{3}$/);
const rate = fc.tuple(fc.nat(999_999_999), fc.option(fc.stringMatching(/^\d{1,9}$/))).map(([whole, part]) => (part === null ? String(whole) : `${whole}.${part}`)).filter((text) => Number(text) > 0);
const day = fc.record({
  day: fc.integer({ min: Date.UTC(1999, 0, 4) / 86_400_000, max: Date.UTC(2049, 0, 1) / 86_400_000 }).map((at) => new Date(at * 86_400_000).toISOString().slice(0, 10)),
  rates: fc.uniqueArray(fc.record({ currency: code, rate }), { minLength: 1, maxLength: 6, selector: ({ currency }) => currency }),
});

describe('the central bank’s documents', () => {
  it('are read to the digit, oldest day first, whatever their days, currencies and quotes', () => {
    fc.assert(fc.property(fc.uniqueArray(day, { minLength: 1, maxLength: 6, selector: (one) => one.day }), fc.constantFrom('"', "'"), (days, quote) => {
      expect(readRates(shell(days.map((one) => cube(one, quote)).join('\n')))).toEqual([...days].sort((a, b) => (a.day < b.day ? -1 : 1)));
    }));
  });

  it.each([
    ['nothing', '', /is not XML|Envelope/],
    ['a page of HTML', '<html><body>Service unavailable</body></html>', /Envelope/],
    ['no day', shell(''), /Envelope\.Cube/],
    ['a day that is none', shell(cube({ day: '2026-02-30', rates: [{ currency: 'USD', rate: '1.1' }] })), /Cube\.0\.time/],
    ['a rate of zero', shell(cube({ day: '2026-11-20', rates: [{ currency: 'USD', rate: '0.000' }] })), /Cube\.0\.Cube\.0\.rate/],
    ['a negative rate', shell(cube({ day: '2026-11-20', rates: [{ currency: 'USD', rate: '-1' }] })), /rate/],
    ['a rate that is no number', shell(cube({ day: '2026-11-20', rates: [{ currency: 'USD', rate: 'N/A' }] })), /rate/],
    ['a rate that no column holds', shell(cube({ day: '2026-11-20', rates: [{ currency: 'USD', rate: '12345678901' }] })), /rate/],
    ['a name that is no currency', shell(cube({ day: '2026-11-20', rates: [{ currency: 'usd', rate: '1.1' }] })), /currency/],
    ['a currency twice', shell(cube({ day: '2026-11-20', rates: [{ currency: 'USD', rate: '1.1' }, { currency: 'USD', rate: '1.2' }] })), /comes twice/],
    ['entities', `<!DOCTYPE x [<!ENTITY a "b">]>${shell(cube({ day: '2026-11-20', rates: [{ currency: 'USD', rate: '1.1' }] }))}`, /entities/],
  ])('refuses %s', (_, text, message) => {
    expect(() => readRates(text)).toThrow(RatesUnreadable);
    expect(() => readRates(text)).toThrow(message);
  });

  it('come from the stand-in in the published form', () => {
    const now = Date.UTC(2026, 10, 23, 9);
    const [newest] = readRates(ratesDocument('eurofxref-daily.xml', now) ?? '');
    expect(newest?.day).toBe('2026-11-20'); // the Friday before
    const days = readRates(ratesDocument('eurofxref-hist-90d.xml', now) ?? '');
    expect(days.length).toBeGreaterThan(55);
    expect(days.at(-1)).toEqual(newest);
    expect(ratesDocument('other.xml', now)).toBeUndefined();
  });
});
