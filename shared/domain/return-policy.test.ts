import fc from 'fast-check';
import { refundOfUnits } from './return-policy-amount.ts';
import { decideReturn } from './return-policy-decide.ts';
import { parseReturnPolicy, shippedReturnPolicy } from './return-policy-schema.ts';
import { checkReturn } from './return-policy.ts';
import type { BoughtLine, OrderFacts, ReturnCase } from './return-policy-facts.ts';

const policy = parseReturnPolicy({ ...shippedReturnPolicy(), holds: { returnsOfOrder: 3, returnsOfCustomer: { count: 5, days: 90 }, customers: ['c-held'], orders: ['shop:default:held'] } });
const line = (over: Partial<BoughtLine> = {}): BoughtLine => ({ id: '1', productId: 'p-1', quantity: 2, total: 4000, returned: 0, ...over });
const order = (over: Partial<OrderFacts> = {}): OrderFacts => ({
  currency: 'EUR', paid: 4000, refunded: 0, total: 4000, placedAt: '2026-11-01T00:00:00Z', deliveredAt: '2026-11-05T12:00:00Z',
  earlierReturns: 0, lines: [line()], ...over,
});
const request = (over: Partial<ReturnCase> = {}): ReturnCase => ({ requestedAt: '2026-11-10T00:00:00Z', lines: [{ lineId: '1', quantity: 1 }], ...over });
const check = (of: Partial<OrderFacts> = {}, asked: Partial<ReturnCase> = {}) => checkReturn(policy, order(of), request(asked));

describe('hard rules', () => {
  it('leaves what no rule forbids to the model', () => {
    expect(check()).toMatchObject({ verdict: 'OPEN', rule: 'within-policy', amount: 2000, fee: 0, partial: false, granted: [{ lineId: '1', quantity: 1, amount: 2000 }] });
  });
  it.each<[string, Partial<OrderFacts>, Partial<ReturnCase>, string]>([
    ['after the window', {}, { requestedAt: '2026-12-06T12:00:01Z' }, 'window-ended'],
    ['after the window of its category', { lines: [line({ category: 'electronics' })] }, { requestedAt: '2026-11-21T00:00:00Z' }, 'window-ended'],
    ['what is never taken back', { lines: [line({ category: 'Food' })] }, {}, 'not-returnable'],
    ['final sale by category', { lines: [line({ category: 'CLEARANCE' })] }, {}, 'final-sale'],
    ['final sale by discount', { lines: [line({ total: 1000, discount: 3000 })] }, {}, 'final-sale'],
    ['what is all back already', { lines: [line({ returned: 2 })] }, {}, 'quantity-exceeded'],
    ['what was not paid', { paid: 0 }, {}, 'nothing-paid'],
    ['what is all refunded', { refunded: 4000 }, {}, 'nothing-paid'],
  ])('rejects %s', (_, of, asked, rule) => {
    expect(check(of, asked)).toMatchObject({ verdict: 'REJECT', rule, amount: 0, granted: [] });
  });
  it.each<[string, Partial<OrderFacts>, Partial<ReturnCase>, string]>([
    ['lines that the order does not have', {}, { lines: [{ lineId: '9', quantity: 1 }] }, 'line-unknown'],
    ['a negative quantity', {}, { lines: [{ lineId: '1', quantity: -1 }] }, 'line-unknown'],
    ['postage', { lines: [line({ class: 'postage' })] }, {}, 'line-unknown'],
    ['a request without lines', {}, { lines: [] }, 'no-lines'],
    ['an order whose lines are not known', { lines: [] }, {}, 'details-unknown'],
    ['a held customer', { customerId: 'c-held' }, {}, 'hold-fraud'],
    ['a customer whose returns could not be counted', { customerId: 'c-1' }, {}, 'details-unknown'],
    ['a held order', { key: 'shop:default:held' }, {}, 'hold-fraud'],
    ['the sixth return of a customer', { returnsOfCustomer: 5 }, {}, 'hold-repeat-returner'],
    ['the fourth return of an order', { earlierReturns: 3 }, {}, 'hold-repeated'],
    ['more than the cap', { total: 90_000, paid: 90_000, lines: [line({ total: 90_000 })] }, {}, 'over-cap'],
    ['a currency without a cap', { currency: 'XTS' }, {}, 'over-cap'],
  ])('asks a person about %s', (_, of, asked, rule) => {
    expect(check(of, asked)).toMatchObject({ verdict: 'REVIEW', rule });
  });
  it('cites which hold it was', () => {
    expect([{ customerId: 'c-held' }, { key: 'shop:default:held' }, { returnsOfCustomer: 5 }, { earlierReturns: 3 }].map((of) => check(of).ruleSource)).toEqual(['holds.customers', 'holds.orders', 'holds.returnsOfCustomer', 'holds.returnsOfOrder']);
    expect(check({ customerId: 'c-1', returnsOfCustomer: 4 })).toMatchObject({ verdict: 'OPEN' });
  });
  it('asks a person about a return without an order', () => {
    expect(checkReturn(policy, undefined, request())).toMatchObject({ verdict: 'REVIEW', rule: 'order-not-linked' });
  });
  it('counts from the order where the delivery is not known, in favour of nobody', () => {
    const { deliveredAt: _, ...undelivered } = order();
    expect(checkReturn(policy, undelivered, request())).toMatchObject({ verdict: 'OPEN' });
    expect(checkReturn(policy, undelivered, request({ requestedAt: '2026-12-10T00:00:00Z' }))).toMatchObject({ verdict: 'REVIEW', rule: 'delivery-unknown' });
  });
});

describe('amounts', () => {
  it('grants what is left of a quantity, as part', () => {
    expect(check({ refunded: 2000, lines: [line({ returned: 1 })] }, { lines: [{ lineId: '1', quantity: 2 }] })).toMatchObject({ verdict: 'OPEN', partial: true, amount: 2000, granted: [{ quantity: 1 }] });
  });
  it('grants the lines that may come back and cites why the others may not', () => {
    const lines = [line(), line({ id: '2', category: 'Food' })];
    expect(check({ total: 8000, paid: 8000, lines }, { lines: [{ lineId: '1', quantity: 1 }, { lineId: '2', quantity: 1 }] })).toMatchObject({ verdict: 'OPEN', rule: 'not-returnable', partial: true, amount: 2000 });
  });
  it('keeps the fee of the category', () => {
    expect(check({ lines: [line({ category: 'Furniture' })] })).toMatchObject({ amount: 1800, fee: 200 });
  });
  it('never gives more than was asked for or paid', () => {
    expect(check({}, { amount: 500 })).toMatchObject({ amount: 500 });
    expect(check({ refunded: 3500 })).toMatchObject({ amount: 500, partial: true });
  });
  it('counts a discount on the whole order', () => {
    expect(check({ total: 3000, paid: 3000 })).toMatchObject({ amount: 1500 });
    expect(check({ total: 3500, paid: 3500, shipping: 500 })).toMatchObject({ amount: 1500 });
  });
  it('gives back what was paid for goods to the cent, over all lines, in whatever portions and order', () => {
    const bought = fc.record({ quantity: fc.integer({ min: 1, max: 20 }), total: fc.integer({ min: 0, max: 10 ** 12 }) });
    const portion = fc.record({ at: fc.nat(5), units: fc.integer({ min: 1, max: 9 }) });
    const shares = fc.integer({ min: 0, max: 1000 });
    const money = fc.record({ paidShare: shares, shipping: fc.nat(5000), taxShare: shares, giftCard: fc.nat(9000) });
    fc.assert(fc.property(fc.array(bought, { minLength: 1, maxLength: 6 }), money, fc.array(portion), (goods, { paidShare, shipping, taxShare, giftCard }, portions) => {
      const listed = goods.reduce((sum, { total }) => sum + total, 0);
      const tax = Math.floor((listed * taxShare) / 1000);
      const paidForGoods = Math.floor(((listed + tax) * paidShare) / 1000);
      const returned = goods.map(() => 0);
      let sum = 0;
      for (const { at, units } of [...portions, ...goods.map((_, every) => ({ at: every, units: 20 }))]) {
        const lines = [
          ...goods.map((one, nth) => ({ ...one, returned: returned[nth] ?? 0 })),
          { total: shipping, class: 'postage', quantity: 1, returned: 0 }, { total: giftCard, class: 'giftCard', quantity: 1, returned: 0 },
        ];
        const back = lines[at % goods.length]!;
        const left = Math.min(units, back.quantity - back.returned);
        const amount = refundOfUnits({ total: paidForGoods + shipping + giftCard, shipping, taxOnTop: tax, lines }, back, left);
        expect(amount).toBeGreaterThanOrEqual(0);
        sum += amount;
        returned[at % goods.length] = back.returned + left;
      }
      expect(sum).toBe(listed === 0 ? 0 : paidForGoods);
    }));
  });
  it('loses no cent of three equal lines at a price that three do not divide', () => {
    const lines = [line({ id: '1', quantity: 1, total: 400 }), line({ id: '2', quantity: 1, total: 400 }), line({ id: '3', quantity: 1, total: 400 })];
    const whole = check({ total: 1000, paid: 1000, lines }, { lines: lines.map(({ id }) => ({ lineId: id, quantity: 1 })) });
    expect(whole).toMatchObject({ verdict: 'OPEN', amount: 1000 });
  });
});

describe('decideReturn', () => {
  const open = check();
  const words = { empty: false, cut: false };
  const yes = { approve: 0.99, injection: 0.01, injectionFlagged: false };
  it('approves what policy allows and the model is sure of', () => {
    expect(decideReturn(policy, open, yes, words)).toEqual({ outcome: 'APPROVED', by: 'model', rule: 'within-policy' });
  });
  it.each([
    ['no answer', undefined, words, 'model-none'],
    ['NaN', { ...yes, approve: Number.NaN }, words, 'model-none'],
    ['a probability over 1', { ...yes, approve: 7 }, words, 'model-none'],
    ['NaN of the attack flag', { ...yes, injection: Number.NaN }, words, 'model-none'],
    ['a doubt', { ...yes, approve: 0.89 }, words, 'model-unsure'],
    ['a sure no', { ...yes, approve: 0 }, words, 'model-unsure'],
    ['an attack', { ...yes, injectionFlagged: true }, words, 'model-injection'],
    ['a likely attack', { ...yes, injection: 0.6 }, words, 'model-injection'],
    ['no words', yes, { ...words, empty: true }, 'text-empty'],
    ['more words than were read', yes, { ...words, cut: true }, 'text-cut'],
  ])('sends %s to a person', (_, opinion, text, rule) => {
    expect(decideReturn(policy, open, opinion, text)).toMatchObject({ outcome: 'NEEDS_REVIEW', rule });
  });
  it('never lets a model override a hard rule', () => {
    expect(decideReturn(policy, check({ paid: 0 }), yes, words)).toMatchObject({ outcome: 'REJECTED', by: 'policy', rule: 'nothing-paid' });
    expect(decideReturn(policy, check({ earlierReturns: 9 }), yes, words)).toMatchObject({ outcome: 'NEEDS_REVIEW', rule: 'hold-repeated' });
  });
});

it('names the field of a policy that is wrong', () => {
  expect(() => parseReturnPolicy({ ...policy, windowDays: -1 })).toThrow(/windowDays/);
});
