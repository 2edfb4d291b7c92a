import fc from 'fast-check';
import { ratesDocument } from '../../../../scripts/local/rates-standin.ts';
import { RatesUnreadable, readRates, type DayOfRates } from './central-bank.ts';

const now = Date.UTC(2026, 10, 23, 17);
const dayMs = 86_400_000;
const shell = (cubes: string): string =>
  `<?xml version="1.0" encoding="UTF-8"?><gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref"><gesmes:subject>Reference rates</gesmes:subject><Cube>${cubes}</Cube></gesmes:Envelope>`;
const cube = ({ day, rates }: DayOfRates, quote = '"'): string =>
  `<Cube time=${quote}${day}${quote}>${rates.map(({ currency, rate }) => `<Cube currency=${quote}${currency}${quote} rate=${quote}${rate}${quote}/>`).join('\n\t\t')}</Cube>`;
const documentOf = (days: readonly DayOfRates[], quote = '"'): string => shell(days.map((one) => cube(one, quote)).join('\n'));
const usd = (day: string, rate = '1.1', currency = 'USD'): string => documentOf([{ day, rates: [{ currency, rate }] }]);

/** Of today, and those that the long document still has. */
const code = fc.constantFrom('USD', 'JPY', 'CZK', 'GBP', 'IDR', 'TRY', 'BGN', 'CYP', 'EEK', 'HRK', 'LTL', 'LVL', 'MTL', 'ROL', 'RUB', 'SIT', 'SKK', 'TRL');
const rate = fc.tuple(fc.nat(999_999_999), fc.option(fc.stringMatching(/^\d{1,9}$/))).map(([whole, part]) => (part === null ? String(whole) : `${whole}.${part}`)).filter((text) => Number(text) > 0);
const day = fc.record({
  day: fc.integer({ min: Date.UTC(1999, 0, 4) / dayMs, max: Math.floor(now / dayMs) }).map((at) => new Date(at * dayMs).toISOString().slice(0, 10)),
  rates: fc.uniqueArray(fc.record({ currency: code, rate }), { minLength: 1, maxLength: 6, selector: ({ currency }) => currency }),
});
const someDays = fc.uniqueArray(day, { minLength: 1, maxLength: 6, selector: (one) => one.day });

/** What reading comes to: the days, or the refusal. Anything else that is thrown fails the test. */
function outcome(text: string): DayOfRates[] | 'refused' {
  try {
    return readRates(text, now);
  } catch (error) {
    if (error instanceof RatesUnreadable) return 'refused';
    throw error;
  }
}

describe('the central bank’s documents', () => {
  it('are read to the digit, oldest day first, whatever their days, currencies and quotes', () => {
    fc.assert(fc.property(someDays, fc.constantFrom('"', "'"), (days, quote) => {
      expect(readRates(documentOf(days, quote), now)).toEqual([...days].sort((a, b) => (a.day < b.day ? -1 : 1)));
    }));
  });

  it('are laid out as the bank lays them out: tabs, single quotes in one document and double ones in another, a sender', () => {
    const laidOut = (quote: string, end: string): string => [
      '<?xml version="1.0" encoding="UTF-8"?>', '<gesmes:Envelope xmlns:gesmes="http://www.gesmes.org/xml/2002-08-01" xmlns="http://www.ecb.int/vocabulary/2002-08-01/eurofxref">',
      '\t<gesmes:subject>Reference rates</gesmes:subject>', '\t<gesmes:Sender>', '\t\t<gesmes:name>European Central Bank</gesmes:name>', '\t</gesmes:Sender>', '\t<Cube>',
      "\t\t<Cube time='2026-11-20'>", "\t\t\t<Cube currency='USD' rate='1.1630'/>", "\t\t\t<Cube currency='IDR' rate='19210.73'/>", '\t\t</Cube>', '\t</Cube>', '</gesmes:Envelope>',
    ].join('\n').replaceAll("'", quote) + end;
    const read = [{ day: '2026-11-20', rates: [{ currency: 'USD', rate: '1.1630' }, { currency: 'IDR', rate: '19210.73' }] }];
    expect([readRates(laidOut("'", ''), now), readRates(laidOut('"', '\n'), now), readRates(laidOut('"', '').replaceAll('/>', ' />'), now)]).toEqual([read, read, read]);
  });

  it('are refused wherever they are cut off', () => {
    fc.assert(fc.property(someDays, fc.nat(), fc.boolean(), (days, at, behindTag) => {
      const whole = documentOf(days);
      const place = at % whole.length;
      // what a lenient parser takes for the end: the last tag before
      expect(outcome(whole.slice(0, behindTag ? whole.lastIndexOf('>', place - 1) + 1 : place))).toBe('refused');
    }));
  });

  it('are read or refused, whatever stands in them, and never with a rate, day or currency that is none', () => {
    const junk = fc.oneof(fc.string(), fc.constantFrom('<', '>', '"', '/', '&lt;', '&#x41;', '<Cube/>', '<![CDATA[', '<!--', '0', '-', '.', 'EUR', '__proto__', '\u0000'));
    fc.assert(fc.property(someDays, junk, fc.nat(), fc.nat(8), (days, text, at, over) => {
      const whole = documentOf(days);
      const place = at % whole.length;
      const read = outcome(whole.slice(0, place) + text + whole.slice(place + over));
      if (read === 'refused') return;
      for (const { day: one, rates } of read) {
        expect(new Date(one).toISOString().slice(0, 10)).toBe(one);
        expect(Date.parse(one)).toBeLessThanOrEqual(now);
        for (const { currency, rate: worth } of rates) expect([/^[A-Z]{3}$/.test(currency), currency !== 'EUR', Number(worth) > 0, Number(worth) < 1e9]).toEqual([true, true, true, true]);
      }
    }), { numRuns: 500 });
  });

  it.each([
    ['nothing', '', /not XML/],
    ['a page of HTML', '<html><body>Service unavailable</body></html>', /Envelope/],
    ['no day', shell(''), /Envelope\.Cube/],
    ['a day without rates', documentOf([{ day: '2026-11-20', rates: [] }]), /Cube\.0/],
    ['a day that is none', usd('2026-02-30'), /Cube\.0\.time/],
    ['a day before there were rates', usd('1998-12-31'), /1998-12-31: no day between 1999-01-04 and 2026-11-23/],
    ['a day that is still to come', usd('2026-11-24'), /2026-11-24: no day between/],
    ['a rate of zero', usd('2026-11-20', '0.000'), /Cube\.0\.Cube\.0\.rate/],
    ['a negative rate', usd('2026-11-20', '-1'), /rate/],
    ['a rate that is no number', usd('2026-11-20', 'N/A'), /rate/],
    ['a rate with an exponent', usd('2026-11-20', '1e3'), /rate/],
    ['a rate that no column holds', usd('2026-11-20', '12345678901'), /rate/],
    ['a rate finer than the column', usd('2026-11-20', '1.0123456789'), /rate/],
    ['a name that is no currency', usd('2026-11-20', '1.1', 'usd'), /currency: 'usd' is no currency/],
    ['a currency that nobody knows', usd('2026-11-20', '1.1', 'XQZ'), /Cube\.0\.Cube\.0\.currency: 'XQZ' is no currency/],
    ['the euro as worth something else in euros', usd('2026-11-20', '1.1', 'EUR'), /'EUR'/],
    ['a currency twice', documentOf([{ day: '2026-11-20', rates: [{ currency: 'USD', rate: '1.1' }, { currency: 'USD', rate: '1.2' }] }]), /2026-11-20: USD comes twice/],
    ['a day twice', documentOf([{ day: '2026-11-20', rates: [{ currency: 'USD', rate: '1.1' }] }, { day: '2026-11-20', rates: [{ currency: 'JPY', rate: '180' }] }]), /2026-11-20 comes twice/],
    ['entities', `<!DOCTYPE x [<!ENTITY a "b">]>${usd('2026-11-20')}`, /entities/],
    ['tags that do not match', usd('2026-11-20').replace('</Cube></Cube>', '</Cube></Kube>'), /not XML/],
  ])('refuses %s', (_, text, message) => {
    expect(() => readRates(text, now)).toThrow(RatesUnreadable);
    expect(() => readRates(text, now)).toThrow(message);
  });

  it('have a first and a last possible day', () => {
    expect(readRates(usd('1999-01-04'), now)).toHaveLength(1);
    expect(readRates(usd('2026-11-23'), now)).toHaveLength(1);
  });

  it('come from the stand-in in the published form', () => {
    const morning = Date.UTC(2026, 10, 23, 9);
    const [newest] = readRates(ratesDocument('eurofxref-daily.xml', morning) ?? '', morning);
    expect(newest?.day).toBe('2026-11-20'); // the Friday before
    const days = readRates(ratesDocument('eurofxref-hist-90d.xml', morning) ?? '', morning);
    expect(days.length).toBeGreaterThan(55);
    expect(days.at(-1)).toEqual(newest);
    expect(ratesDocument('other.xml', morning)).toBeUndefined();
  });
});
