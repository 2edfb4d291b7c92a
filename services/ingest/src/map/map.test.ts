import fc from 'fast-check';
import { fieldsOf, Unreadable } from '../convert/index.ts';
import { grouped, lineOf, type LineMap } from './line.ts';
import {
  accountCurrency, always, country, currency, decimal, difference, each, first, inside, joined, known, latitudeLongitude, longitudeLatitude, major, marked, milliseconds,
  minor, needed, ofOuter, price, scaled, seconds, sumOf, text, then, time, whole, word, type Scope,
} from './index.ts';

const scope: Scope = { account: { source: 'shop', account: 'default', role: 'sells', paysFor: [], customerNotices: 'us', unknownPayment: 'settled', currency: 'EUR' }, now: Date.UTC(2026, 10, 23), currency: 'EUR' };
const inCurrency = (code: string): Scope => ({ ...scope, currency: code });
const fields = (value: unknown) => fieldsOf(value);
const refusal = (act: () => unknown): unknown => {
  try {
    return act();
  } catch (error) {
    if (error instanceof Unreadable) return [error.code, error.path];
    throw error;
  }
};

describe('readers', () => {
  const payload = fields({ id: 7, empty: '', none: null, deep: { er: { name: 'x' } }, list: [{ a: '1' }, { a: '2' }], word: 'toString', when: 'now' });

  it('take the first place that is filled, at any depth, in lists by number', () => {
    expect(text('missing', 'empty', 'none', 'id')(payload, scope)).toBe('7');
    expect(text('missing.er.name', 'deep.er.name')(payload, scope)).toBe('x');
    expect([text('list.1.a')(payload, scope), text('list.2.a')(payload, scope)]).toEqual(['2', undefined]);
    expect(joined('id', 'none', 'deep.er.name')(payload, scope)).toBe('7 x');
    expect(joined('none', 'empty')(payload, scope)).toBeUndefined();
    expect(first(text('none'), always('y'))(payload, scope)).toBe('y');
    expect(sumOf('list', whole('a'))(payload, scope)).toBe(3);
    expect(sumOf('nothing', whole('a'))(payload, scope)).toBeUndefined();
    expect(inside('deep.er', text('name'))(payload, scope)).toBe('x');
    expect(each('list')(payload)).toHaveLength(2);
  });

  it('name the first place of what is needed and missing, in the object that is meant', () => {
    expect(refusal(() => needed(text('deep.er.other', 'id2'), payload, scope))).toEqual(['missing', '$.deep.er.other']);
    const [one] = payload.list('list');
    expect(refusal(() => needed(ofOuter(text('number')), one ?? payload, { ...scope, outer: payload }))).toEqual(['missing', '$.number']);
    expect(refusal(() => text('deep')(payload, scope))).toEqual(['type', '$.deep']);
    expect(refusal(() => whole('when')(payload, scope))).toEqual(['type', '$.when']);
    expect(refusal(() => marked('when')(payload, scope))).toEqual(['type', '$.when']);
  });

  it('know a word only by the table, and never by what every object has', () => {
    expect(word('word', { paid: 'PAID' }, 'UNKNOWN')(payload, scope)).toBe('UNKNOWN');
    expect(known('word', { paid: 'PAID' })(payload, scope)).toBeUndefined();
    expect(word('nothing', { paid: 'PAID' }, 'UNKNOWN', 'PENDING')(payload, scope)).toBe('PENDING');
    expect(then(text('nothing'), () => 'x')(payload, scope)).toBeUndefined();
  });
});

describe('amounts', () => {
  it.each([['EUR', '12.50', 1250], ['JPY', '1250', 1250], ['KWD', '1.2345', 1235], ['EUR', '-0.005', -1], ['EUR', 69.84, 6984], ['EUR', '69.8400', 6984]])('major units of %s: %s', (code, value, expected) => {
    expect(major('a')(fields({ a: value }), inCurrency(code))).toBe(expected);
  });

  it('major and minor agree, and price takes minor units back, digit for digit', () => {
    fc.assert(fc.property(fc.integer({ min: -1e12, max: 1e12 }), fc.constantFrom('EUR', 'JPY', 'KWD'), (units, code) => {
      const at = inCurrency(code);
      const found = price(minor('a'))(fields({ a: units }), at);
      expect(major('p')(fields({ p: found }), at)).toBe(units);
      expect(minor('a')(fields({ a: String(units) }), at)).toBe(units);
    }));
  });

  it('are read by digits of the vendor’s own', () => {
    expect(scaled('c', 'f')(fields({ c: 12345, f: 3 }), inCurrency('KWD'))).toBe(12345);
    expect(scaled('c', 'f')(fields({ c: 1250 }), scope)).toBe(1250);
    expect(refusal(() => scaled('c', 'f')(fields({ c: 12345, f: 3 }), scope))).toEqual(['amount', '$.c']);
    expect(minor('a', { ISK: 2 })(fields({ a: 12300 }), inCurrency('ISK'))).toBe(123);
    expect(refusal(() => minor('a', { ISK: 2 })(fields({ a: 12345 }), inCurrency('ISK')))).toEqual(['amount', '$.a']);
    expect(refusal(() => minor('a')(fields({ a: 1.5 }), scope))).toEqual(['amount', '$.a']);
    expect(refusal(() => major('a')(fields({ a: '1,5' }), scope))).toEqual(['type', '$.a']);
    expect(refusal(() => major('a')(fields({ a: '1' }), inCurrency('XXQ')))).toEqual(['currency', '$.a']);
    expect(difference(major('a'), major('b'))(fields({ a: '3' }), scope)).toBe(300);
    expect(currency('c')(fields({ c: 'eur' }), scope)).toBe('EUR');
    const { currency: _, ...account } = scope.account;
    expect(refusal(() => accountCurrency(fields({}), { ...scope, account }))).toEqual(['currency', '$']);
  });
});

describe('times and places', () => {
  it.each([
    [time('t'), '2026-11-22T09:30:00+01:00', '2026-11-22T08:30:00Z'], [time('t'), '2022-03-04T05:06:07.7153839Z', '2022-03-04T05:06:07.715Z'],
    [time('t', 'utc'), '2026-11-22T09:30:00', '2026-11-22T09:30:00Z'], [time('t', 'Europe/Berlin'), '2026-07-01 12:00:00', '2026-07-01T10:00:00Z'],
    [time('t'), 'Sun, 22 Nov 2026 09:30:00 +0000', '2026-11-22T09:30:00Z'], [time('t'), '2020-04-22T22:18+00:00', '2020-04-22T22:18:00Z'],
    [seconds('t'), 1_795_338_600, '2026-11-22T09:10:00Z'], [milliseconds('t'), '1795338600123', '2026-11-22T09:10:00.123Z'],
  ])('%#: %s %s', (read, value, expected) => {
    expect(read(fields({ t: value }), scope)).toBe(expected);
  });

  it('refuse a time without zone, one that is none, and one far ahead', () => {
    for (const value of ['2026-11-22T09:30:00', '2026-02-30T00:00:00Z', 'soon', '2099-01-01T00:00:00Z']) expect(refusal(() => time('t')(fields({ t: value }), scope))).toEqual(['time', '$.t']);
    expect(refusal(() => seconds('t')(fields({ t: -1 }), scope))).toEqual(['time', '$.t']);
  });

  it('read positions either way round, and 0,0 as none', () => {
    expect(latitudeLongitude('a.lat', 'a.lng')(fields({ a: { lat: '52.5', lng: 13.4 } }), scope)).toEqual({ latitude: 52.5, longitude: 13.4 });
    expect(longitudeLatitude('p')(fields({ p: [13.4, 52.5] }), scope)).toEqual({ latitude: 52.5, longitude: 13.4 });
    expect([longitudeLatitude('p')(fields({ p: [] }), scope), latitudeLongitude('x', 'y')(fields({ x: 0, y: 0 }), scope)]).toEqual([undefined, undefined]);
    expect(refusal(() => longitudeLatitude('p')(fields({ p: [13.4, 152.5] }), scope))).toEqual(['position', '$.p.latitude']);
    expect(refusal(() => longitudeLatitude('p')(fields({ p: [1, 2, 3] }), scope))).toEqual(['position', '$.p']);
    expect([country('c')(fields({ c: 'Germany' }), scope), country('c')(fields({ c: 'Nowhere' }), scope)]).toEqual(['DE', undefined]);
  });
});

describe('lines', () => {
  const map: LineMap = { quantity: decimal('q'), unitPrice: decimal('p'), discount: minor('d'), total: minor('t') };
  const line = (value: object, dropped: string[] = [], code = 'EUR') => lineOf(map, fields(value), inCurrency(code), 0, dropped);

  it('are quantity × price − discount where the source says no total, and what rounding takes off is told', () => {
    const dropped: string[] = [];
    expect(line({ q: 3, p: '0.335', d: 10 }, dropped)).toMatchObject({ id: '1', quantity: 3, unitPrice: '0.335', discount: 10, total: 91 });
    expect(dropped).toEqual(['-0.005']);
  });

  it('take a price from the total where that is all there is', () => {
    expect(line({ q: 3, t: 1000 })).toMatchObject({ quantity: 3, unitPrice: '3.333333333', total: 1000 });
    expect(line({ q: 0, t: 0 })).toMatchObject({ quantity: 0, unitPrice: '0' });
    expect(refusal(() => line({ q: 3 }))).toEqual(['missing', '$.p']);
  });

  it('count what is weighed as one, at the price of all of it', () => {
    expect(line({ q: '1.5', p: '4.00' })).toMatchObject({ quantity: 1, unitPrice: '6', total: 600 });
    expect(line({ q: '-0.25', p: '4.00' })).toMatchObject({ quantity: -1, unitPrice: '1', total: -100 });
    expect(line({ q: '2.0', p: '4.00' })).toMatchObject({ quantity: 2, unitPrice: '4.00', total: 800 });
  });

  it('of one row a unit become one, whatever their order, to the cent', () => {
    fc.assert(fc.property(fc.array(fc.record({ q: fc.constant(1), p: fc.constantFrom('1.10', '2.20'), d: fc.nat(50) }), { maxLength: 20 }), (rows) => {
      const lines = rows.map((row, at) => lineOf({ ...map, id: always(String(at)) }, fields(row), scope, at, []));
      const together = grouped(lines);
      const sum = (of: readonly { readonly total: number; readonly quantity: number }[]) => [of.reduce((all, { total }) => all + total, 0), of.reduce((all, { quantity }) => all + quantity, 0)];
      expect(sum(together)).toEqual(sum(lines));
      expect(together.length).toBeLessThanOrEqual(2);
    }));
  });
});
