import { refundOfUnits } from '@orderflow/shared/domain';
import fc from 'fast-check';
import { orderSeen, type ToldOrder } from './order-seen.ts';
import type { Returned } from './returned.ts';

const told = (over: Partial<ToldOrder>): ToldOrder => ({ number: '1', contact: {}, currency: 'EUR', placedAt: '2026-11-01T00:00:00Z', total: 0, paid: true, lines: [], ...over });
const seen = (order: ToldOrder, returned: Partial<Returned>) =>
  orderSeen({ others: [] }, order, { id: 'R', requestedAt: '2026-11-02T00:00:00Z', lines: [], ...returned }, 'RETURN#R')?.facts;

it('keeps the lines that a return names, and one sum of each run between them', () => {
  const lines = ['1', '2', '3', '4', '5'].map((id) => ({ id, quantity: 1, total: Number(id) * 100, ...(id === '5' ? { class: 'postage' as const } : { sku: `s${id}` }) }));
  const facts = seen(told({ total: 1500, shipping: 500, lines }), { orderKey: 's:a:1', lines: [{ sku: 's3', quantity: 1 }] });
  expect(facts).toMatchObject({ key: 's:a:1', shipping: 500, taxOnTop: 0 });
  expect(facts?.lines).toEqual([{ id: '(other lines)', quantity: 0, total: 300, tax: 0, returned: 0 }, { id: '3', sku: 's3', quantity: 1, total: 300, returned: 0 }, { id: '(other lines)', quantity: 0, total: 400, tax: 0, returned: 0 }]);
});

it('lets a line be worth the same whatever a return names beside it, and whoever tells the lines', () => {
  const amounts = fc.array(fc.integer({ min: 0, max: 100_000 }), { minLength: 1, maxLength: 8 });
  fc.assert(fc.property(amounts, fc.integer({ min: 0, max: 1000 }), fc.array(fc.nat(7)), fc.nat(7), fc.boolean(), (totals, paidShare, others, at, backwards) => {
    const lines = totals.map((total, nth) => ({ id: String(nth), quantity: 3, total }));
    const id = String(at % totals.length);
    const paid = Math.floor((totals.reduce((sum, one) => sum + one, 0) * paidShare) / 1000);
    const worth = (named: readonly string[]): number => {
      const facts = seen(told({ total: paid, lines: backwards && named.length > 1 ? lines.toReversed() : lines }), { lines: named.map((lineId) => ({ lineId, quantity: 1 })) });
      const line = facts?.lines.find((one) => one.id === id);
      return facts && line ? refundOfUnits(facts, line, 3) : -1;
    };
    expect(worth([id, ...others.map(String)])).toBe(worth([id]));
  }));
});

it('tells tax on top, and all that does not come back, of an order whose lines it leaves out', () => {
  const order = told({ total: 1950, tax: 300, discount: 50, lines: [{ id: '1', quantity: 1, total: 1000 }, { id: '2', quantity: 1, total: 500 }, { id: 'p', quantity: 1, total: 200, class: 'postage' }] });
  expect(seen(order, { lines: [{ lineId: '1', quantity: 1 }] })).toMatchObject({ shipping: 200, taxOnTop: 300, total: 1950 });
});

it('gives back exactly what was paid for goods with their tax, however the source counts it and whatever comes back first', () => {
  const bought = fc.record({ total: fc.integer({ min: 10_000, max: 500_000 }), tax: fc.integer({ min: 10_000, max: 90_000 }), quantity: fc.integer({ min: 1, max: 4 }) });
  const money = fc.record({
    shipping: fc.nat(900), shippingTax: fc.nat(90), fee: fc.nat(500), discount: fc.constantFrom(0, 2000, 4999), onTop: fc.boolean(), backwards: fc.boolean(),
  });
  fc.assert(fc.property(fc.array(bought, { minLength: 1, maxLength: 6 }), money, (goods, { shipping, shippingTax, fee, discount, onTop, backwards }) => {
    const sumOf = (field: 'total' | 'tax'): number => goods.reduce((sum, one) => sum + one[field], 0);
    const forGoods = sumOf('total') - discount + (onTop ? sumOf('tax') : 0);
    const order = told({
      total: forGoods + shipping + fee + (onTop ? shippingTax : 0), shipping, tax: sumOf('tax') + shippingTax, discount,
      lines: [...goods.map((one, nth) => ({ id: String(nth), ...one })), { id: 'fee', class: 'fee' as const, quantity: 1, total: fee }],
    });
    const ids = goods.map((_, nth) => String(nth));
    const back = (backwards ? ids.toReversed() : ids).map((lineId) => {
      const facts = seen(order, { lines: [{ lineId, quantity: 1 }] });
      const line = facts?.lines.find((one) => one.id === lineId);
      return facts && line ? refundOfUnits(facts, line, line.quantity) : -1;
    });
    expect(back.reduce((sum, one) => sum + one, 0)).toBe(forGoods);
  }));
});
