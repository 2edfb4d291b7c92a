import fc from 'fast-check';
import { compare, type Absent, type Place, type Unlike } from './compare.ts';

const group = { what: 'orders', source: 'shopify', account: 'default', day: '2026-11-22', currency: 'EUR' };
const text = (cents: number): string => (cents / 100).toFixed(4);

/** What became of one order that was accepted. */
const fates = ['loaded', 'inFlight', 'parked', 'quarantined', 'lost', 'row missing', 'amount differs', 'stale'] as const;
const order = fc.record({ cents: fc.integer({ min: -1_000_000, max: 100_000_000 }), fate: fc.constantFrom(...fates) });

describe('comparing what was accepted with where it is', () => {
  it('names every loss and every damage by its key, nothing else, and all parts add up to what was accepted', () => {
    fc.assert(fc.property(fc.array(order, { maxLength: 40 }), (orders) => {
      const all = orders.map(({ cents, fate }, at) => ({ ...group, key: `k${at}`, eventId: `e${at}`, amount: text(cents), sequence: '2', fate, cents }));
      const where = (...some: readonly string[]) => all.filter(({ fate }) => some.includes(fate));
      const absent: Absent[] = where('inFlight', 'parked', 'quarantined', 'lost');
      const unlike: Unlike[] = [
        ...where('inFlight', 'parked', 'quarantined', 'lost', 'row missing').map((one) => ({ ...one, standing: null })),
        ...where('amount differs').map((one) => ({ ...one, standing: { sequence: '2', amount: '0.0001' } })), ...where('stale').map((one) => ({ ...one, standing: { sequence: '1', amount: '1' } })),
      ];
      const places = new Map(where('inFlight', 'parked', 'quarantined').map(({ eventId, fate }): [string, Place] => [eventId, fate as Place]));
      const accepted = all.reduce((sum, { cents }) => sum + cents, 0);
      const { sums, differences } = compare({ places, absent, unlike, sums: [{ ...group, accepted: all.length, amount: text(accepted) }] });
      expect(differences.map(({ key, kind }) => [key, kind]).sort()).toEqual(where('lost', 'row missing', 'amount differs', 'stale').map(({ key, fate }) => [key, fate]).sort());
      const [sum] = sums;
      if (!sum) throw new Error('no sum');
      const of = (...some: readonly string[]) => ({ count: where(...some).length, amount: text(where(...some).reduce((cents, one) => cents + one.cents, 0)).replace(/^-0\.0000$/, '0.0000') });
      expect(sum).toMatchObject({
        loaded: of('loaded'), inFlight: of('inFlight'), parked: of('parked'), quarantined: of('quarantined'), different: of('lost', 'row missing', 'amount differs', 'stale'),
      });
    }));
  });

  it('finds an older event of a key that is nowhere, though the key is as it should be', () => {
    const old: Absent = { ...group, key: 'k', eventId: 'old', amount: '1.00' };
    const { sums, differences } = compare({ places: new Map(), absent: [old], unlike: [], sums: [{ ...group, accepted: 1, amount: '2.00' }] });
    expect(differences).toMatchObject([{ kind: 'lost', eventId: 'old' }]);
    expect(sums[0]).toMatchObject({ loaded: { count: 1, amount: '2.0000' }, different: { count: 0 } });
  });
});
