import fc from 'fast-check';
import { DateTime } from 'luxon';
import { isSafeNumber, parse } from 'lossless-json';
import {
  coordinates, countryCode, exact, exactText, exponentOf, lineMoney, moneyOfDecimal, moneyOfUnits, readJson, sum, timeOfMilliseconds,
  timeOfSeconds, timeOfText, Unreadable,
} from './index.ts';

const now = Date.UTC(2026, 10, 22);
const path = '$.x';

describe('money', () => {
  it.each([
    ['5800', 'JPY', 5800], ['1.234', 'KWD', 1234], ['69.8400', 'EUR', 6984], ['0.005', 'EUR', 1], ['-0.005', 'EUR', -1], ['0.0049', 'EUR', 0],
    ['-12.30', 'USD', -1230], ['100', 'JPY', 100], ['12.', 'EUR', 1200], ['+1.5', 'EUR', 150],
  ])('%s %s is %i minor units', (text, currency, minor) => {
    expect(moneyOfDecimal(text, currency).minor).toBe(minor);
  });

  it('flags what rounding drops, and only then', () => {
    expect(moneyOfDecimal('69.8400', 'EUR')).toEqual({ minor: 6984 });
    expect(moneyOfDecimal('69.8449', 'EUR')).toEqual({ minor: 6984, dropped: '0.0049' });
    expect(moneyOfDecimal('0.005', 'EUR')).toEqual({ minor: 1, dropped: '-0.005' });
  });

  it('multiplies first and rounds once', () => {
    expect(lineMoney(3, '0.335', 'EUR')).toEqual({ minor: 101, dropped: '-0.005' });
    expect(lineMoney(-3, '0.335', 'EUR').minor).toBe(-101);
  });

  it('takes a vendor’s own minor units', () => {
    expect(moneyOfUnits(500_000, 2, 'UGX')).toEqual({ minor: 5000 });
    expect(moneyOfUnits('12345', 3, 'EUR')).toEqual({ minor: 1235, dropped: '-0.005' });
  });

  it.each(['', 'x', '1,5', '1e3', 'NaN', '--1', '1.2.3', ' 1'])('refuses %j', (text) => {
    expect(() => moneyOfDecimal(text, 'EUR', path)).toThrow(Unreadable);
  });

  it('refuses amounts and currencies that are none', () => {
    expect(() => moneyOfDecimal('99999999999999999999', 'EUR')).toThrow(/larger/);
    expect(() => exponentOf('ABC')).toThrow(/ISO 4217/);
    expect(() => moneyOfUnits(1.5, 2, 'EUR')).toThrow(Unreadable);
  });

  const decimal = fc.tuple(fc.bigInt({ min: -(10n ** 10n), max: 10n ** 10n }), fc.integer({ min: 0, max: 6 }))
    .map(([units, scale]) => exactText({ units, scale }));

  it('never loses anything: minor units and dropped part make the whole again', () => {
    fc.assert(
      fc.property(decimal, fc.constantFrom('EUR', 'JPY', 'KWD'), (text, currency) => {
        const { minor, dropped = '0' } = moneyOfDecimal(text, currency);
        const again = sum({ units: BigInt(minor), scale: exponentOf(currency) }, exact(dropped));
        expect(exactText(again)).toBe(exactText(exact(text)));
      }),
    );
  });

  it('is symmetric: what goes back is what was paid', () => {
    fc.assert(
      fc.property(decimal, fc.integer({ min: -1_000, max: 1_000 }), (price, quantity) => {
        const [paid, back] = [lineMoney(quantity, price, 'EUR').minor, lineMoney(-quantity, price, 'EUR').minor];
        expect(paid + back).toBe(0);
      }),
    );
  });
});

describe('time', () => {
  it.each([
    ['2026-01-10T11:00:00-05:00', '2026-01-10T16:00:00Z'],
    ['2020-04-22T22:18+00:00', '2020-04-22T22:18:00Z'],
    ['2020-04-22T22:18:00.7153839Z', '2020-04-22T22:18:00.715Z'],
    ['Wed, 22 Apr 2020 22:18:00 +0200', '2020-04-22T20:18:00Z'],
    ['2020-04-22 22:18:00Z', '2020-04-22T22:18:00Z'],
  ])('%s is %s', (text, utc) => {
    expect(timeOfText(text, path, { now })).toBe(utc);
  });

  it('reads local time in its zone, on both sides of a change of clocks', () => {
    const zone = 'Europe/London';
    expect(timeOfText('2010-12-01T08:26:00', path, { now, zone })).toBe('2010-12-01T08:26:00Z');
    expect(timeOfText('2011-07-01 09:01:00', path, { now, zone })).toBe('2011-07-01T08:01:00Z');
    expect(timeOfText('01/07/2011 09:01', path, { now, zone, format: 'dd/MM/yyyy HH:mm' })).toBe('2011-07-01T08:01:00Z');
  });

  it('takes seconds and milliseconds', () => {
    expect(timeOfSeconds(1_627_889_609, path, now)).toBe('2021-08-02T07:33:29Z');
    expect(timeOfMilliseconds(1_603_766_859_530, path, now)).toBe('2020-10-27T02:47:39.530Z');
  });

  it.each(['', 'tomorrow', '2026-13-01T00:00:00Z', '2026-02-30T00:00:00Z', '2020-04-22T22:18:00', '9999-01-01T00:00:00Z', '1969-01-01T00:00:00Z'])('refuses %j', (text) => {
    expect(() => timeOfText(text, path, { now })).toThrow(Unreadable);
  });

  it('gives back every moment that it is given, whatever the offset', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: now }), fc.integer({ min: -14 * 60, max: 14 * 60 }), (ms, minutes) => {
        const sign = minutes < 0 ? '-' : '+';
        const [hours, rest] = [Math.floor(Math.abs(minutes) / 60), Math.abs(minutes) % 60].map((part) => String(part).padStart(2, '0'));
        const local = new Date(ms + minutes * 60_000).toISOString().slice(0, -1);
        expect(Date.parse(timeOfText(`${local}${sign}${hours}:${rest}`, path, { now }))).toBe(ms);
      }),
    );
  });
});

describe('times that the engine reads itself', () => {
  it('are what the library makes of them', () => {
    const two = (most: number) => fc.nat(most).map((one) => String(one).padStart(2, '0'));
    fc.assert(fc.property(fc.integer({ min: 1970, max: 2025 }), two(13), two(32), two(24), two(60), two(60), fc.constantFrom('', '.1', '.123', '.7153839', '.999999999'), fc.constantFrom('Z', '+02:00', '-09:30', '+14:00'), (year, month, day, hour, minute, second, fraction, zone) => {
      const text = `${year}-${month}-${day}T${hour}:${minute}:${second}${fraction}${zone}`;
      const read = (): string => timeOfText(text, path, { now });
      const expected = DateTime.fromISO(text).toMillis();
      if (Number.isNaN(expected) || expected < 0 || expected > now) expect(read).toThrow(Unreadable);
      else expect(Date.parse(read())).toBe(expected);
    }), { numRuns: 500 });
  });
});

describe('coordinates', () => {
  it.each([[null, 3.7], ['', ''], [undefined, undefined], [0, 0], ['0', '0.0']])('%j, %j is unknown', (latitude, longitude) => {
    expect(coordinates(latitude, longitude, path)).toBeUndefined();
  });
  it('takes numbers and text', () => {
    expect(coordinates('45.41634', -75.6868, path)).toEqual({ latitude: 45.41634, longitude: -75.6868 });
  });
  it.each([[91, 0, 'latitude'], [1, 181, 'longitude'], [Number.NaN, 1, 'latitude'], ['north', 1, 'latitude']])('refuses %j, %j naming %s', (latitude, longitude, field) => {
    expect(() => coordinates(latitude, longitude, path)).toThrow(expect.objectContaining({ path: `$.x.${field}` }));
  });
});

describe('countries', () => {
  it.each([['United Kingdom', 'GB'], ['france', 'FR'], ['de', 'DE'], ['South Africa', 'ZA'], ['Hong Kong SAR China', 'HK'], ['BRA', 'BR'], ['gbr', 'GB']])('%s is %s', (text, code) => {
    expect(countryCode(text)).toBe(code);
  });
  it.each(['EIRE', 'XYZ', 'Channel Islands', 'European Community', 'European Union', 'Unspecified', ''])('%j is none', (text) => {
    expect(countryCode(text)).toBeUndefined();
  });
});

describe('JSON', () => {
  const read = (text: string): unknown => readJson(Buffer.from(text));

  it('keeps the digits that a double cannot', () => {
    expect(read('{"id":9007199254740993,"small":7,"price":10.10}')).toEqual({ id: '9007199254740993', small: 7, price: 10.1 });
  });

  it('reads what JSON.parse reads, and ids of any length digit for digit', () => {
    fc.assert(fc.property(fc.jsonValue({ noUnicodeString: false }), (value) => {
      const text = JSON.stringify(value);
      if (!/\d[\d.e+-]{14,}/.test(text)) expect(read(text)).toEqual(JSON.parse(text));
    }));
    fc.assert(fc.property(fc.bigInt({ min: 2n ** 53n, max: 2n ** 70n }), (id) => {
      expect(String((read(`{"id":${id}}`) as { id: unknown }).id)).toBe(String(id));
    }));
  });

  it('refuses what is no UTF-8, no JSON or too deep', () => {
    expect(() => readJson(Uint8Array.from([0x22, 0xff, 0x22]))).toThrow(Unreadable);
    expect(() => read('{"a":')).toThrow(Unreadable);
    expect(() => read('['.repeat(10_000) + ']'.repeat(10_000))).toThrow(expect.objectContaining({ code: 'depth' }));
  });

  it('does not take brackets in text for nesting', () => {
    const brackets = { a: `"\\${'['.repeat(200)}` };
    expect(read(JSON.stringify(brackets))).toEqual(brackets);
    expect(() => read(`${'['.repeat(129)}${']'.repeat(129)}`)).toThrow(expect.objectContaining({ code: 'depth' }));
  });

  it('reads what a lossless parser reads, wherever long numbers stand', () => {
    const digits = fc.oneof(fc.bigInt().map(String), fc.double({ noNaN: true, noDefaultInfinity: true }).map((one) => JSON.stringify(one)), fc.constantFrom('0.10000000000000000', '12345678901234567.5', '1.7976931348623157e308', '-9007199254740993'));
    const value: fc.Arbitrary<string> = fc.letrec<{ any: string }>((tie) => ({
      any: fc.oneof({ depthSize: 'small', withCrossShrink: true }, digits, fc.string().map((one) => JSON.stringify(`${one}9007199254740993`)), fc.array(tie('any')).map((items) => `[${items.join(' , ')}]`),
        fc.dictionary(fc.string().filter((name) => name !== '__proto__'), tie('any')).map((members) => `{${Object.entries(members).map(([name, one]) => `${JSON.stringify(name)} : ${one}`).join(',')}}`)),
    })).any;
    fc.assert(fc.property(value, (text) => {
      expect(read(text)).toEqual(parse(text, undefined, (found) => (isSafeNumber(found) ? Number(found) : found)));
    }));
  });

  it.each(['{9007199254740993:1}', '{9007199254740993 :1}', '[09007199254740993]', '[9007199254740993.]', '[9007199254740993"a"]', '[1 9007199254740993]', '9007199254740993-1'])('makes no JSON of %s', (text) => {
    expect(() => read(text)).toThrow(expect.objectContaining({ code: 'json' }));
  });

  it('lets no member of a payload reach a prototype', () => {
    const value = read('{"__proto__":{"polluted":true},"constructor":{"prototype":{"polluted":true}}}');
    expect(({} as { polluted?: boolean }).polluted).toBeUndefined();
    expect(Object.getPrototypeOf(value)).toBe(Object.prototype);
  });
});

it('names of countries are those of today', () => {
  const names = ['Germany', 'Serbia', 'Yemen', 'Vietnam', 'Russia', 'United Kingdom', 'Congo - Kinshasa', 'France'];
  expect(names.map(countryCode)).toEqual(['DE', 'RS', 'YE', 'VN', 'RU', 'GB', 'CD', 'FR']);
});
