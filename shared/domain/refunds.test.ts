import fc from 'fast-check';
import { givenOrder } from './given.ts';
import { bookRefund, openAccount, withOrder, withPayment, type RefundAccount } from './refunds.ts';

const account = openAccount(givenOrder(), true);

describe('refunds', () => {
  it('opens with what was paid and bought', () => {
    expect(account).toEqual({ currency: 'EUR', total: 3000, paid: 3000, refunded: 0, bought: { 1: 2, 2: 1 }, returned: {} });
    expect(openAccount(givenOrder({ payment: { status: 'PENDING' } }), true).paid).toBe(0);
    expect(openAccount(givenOrder({ payment: { status: 'UNKNOWN' } }), false).paid).toBe(0);
  });

  it('books within the limits and refuses beyond them', () => {
    const once = bookRefund(account, { amount: 1000, lines: { 1: 1 } });
    expect(once).toMatchObject({ refunded: 1000, returned: { 1: 1 } });
    expect(bookRefund(once as RefundAccount, { amount: 1000, lines: { 1: 2 } })).toBeUndefined();
    expect(bookRefund(once as RefundAccount, { amount: 2001, lines: {} })).toBeUndefined();
    expect(bookRefund(account, { amount: 0, lines: { 9: 1 } })).toBeUndefined();
    expect(bookRefund(account, { amount: -1, lines: {} })).toBeUndefined();
    expect(bookRefund(account, { amount: 0.5, lines: {} })).toBeUndefined();
  });

  it('keeps what was refunded when the order changes', () => {
    const once = bookRefund(account, { amount: 1000, lines: { 1: 1 } });
    expect(withPayment(once as RefundAccount, 'VOIDED', true)).toMatchObject({ paid: 1000, refunded: 1000, returned: { 1: 1 } });
    expect(withOrder(once as RefundAccount, givenOrder({ total: 4000 }), true)).toMatchObject({ total: 4000, paid: 4000, refunded: 1000, returned: { 1: 1 } });
  });

  it('never gives back more than was paid or bought, whatever is asked', () => {
    const asks = fc.array(fc.record({ amount: fc.integer({ min: -5, max: 4000 }), lines: fc.dictionary(fc.constantFrom('1', '2', 'x'), fc.integer({ min: -1, max: 3 })) }));
    fc.assert(
      fc.property(asks, (all) => {
        const last = all.reduce((now, ask) => bookRefund(now, ask) ?? now, account);
        expect(last.refunded).toBeLessThanOrEqual(last.paid);
        for (const [id, quantity] of Object.entries(last.returned)) expect(quantity).toBeLessThanOrEqual(last.bought[id] ?? 0);
      }),
    );
  });
});
