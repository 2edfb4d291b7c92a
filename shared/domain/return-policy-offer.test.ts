import fc from 'fast-check';
import { checkReturn } from './return-policy.ts';
import { parseReturnPolicy, shippedReturnPolicy, type PolicyRule } from './return-policy-schema.ts';

const categories = ['Books', 'Maps'];
const sellers = ['Acme', 'Best'];
const amounts = fc.record({ EUR: fc.nat(3000) });
const rule: fc.Arbitrary<PolicyRule> = fc.record({
  categories: fc.subarray(categories, { minLength: 1 }), sellers: fc.subarray(sellers, { minLength: 1 }), windowDays: fc.nat(60), returnable: fc.boolean(), feePercent: fc.nat(100),
  feeFixed: amounts, feeAtLeast: amounts, feeAtMost: amounts, sellerBearsPercent: fc.nat(100), autoApproveUpTo: fc.record({ EUR: fc.nat(90_000) }),
}, { requiredKeys: [] });
const bought = fc.record({
  quantity: fc.integer({ min: 1, max: 5 }), total: fc.nat(90_000), tax: fc.nat(9000), category: fc.constantFrom(...categories), seller: fc.constantFrom(...sellers, undefined), wanted: fc.nat(6),
});

it('never offers more than was paid or asked for, and charges sellers no more than is given back, whatever the policy says', () => {
  const money = fc.record({ total: fc.nat(400_000), refunded: fc.nat(9000), taxOnTop: fc.nat(9000), shipping: fc.nat(900), asked: fc.option(fc.nat(50_000), { nil: undefined }) });
  fc.assert(fc.property(fc.array(rule, { maxLength: 4 }), fc.array(bought, { minLength: 1, maxLength: 5 }), money, (rules, goods, { total, refunded, taxOnTop, shipping, asked }) => {
    const policy = parseReturnPolicy({ ...shippedReturnPolicy(), rules: [{ windowDays: 30, autoApproveUpTo: { EUR: 20_000 } }, ...rules] });
    const lines = goods.map(({ wanted: _, ...one }, nth) => ({ id: String(nth), returned: 0, ...one }));
    const verdict = checkReturn(policy, {
      currency: 'EUR', paid: total, refunded, total, taxOnTop, shipping, placedAt: '2026-11-01T00:00:00Z', deliveredAt: '2026-11-02T00:00:00Z', earlierReturns: 0, lines,
    }, { requestedAt: '2026-11-20T00:00:00Z', ...(asked === undefined ? {} : { amount: asked }), lines: goods.flatMap(({ wanted }, nth) => (wanted > 0 ? [{ lineId: String(nth), quantity: wanted }] : [])) });
    const gross = verdict.amount + verdict.fee;
    expect(Object.values(verdict.features).every(Number.isFinite)).toBe(true);
    expect([verdict.amount, verdict.fee, ...Object.values(verdict.sellerCharges)].every((one) => Number.isSafeInteger(one) && one >= 0)).toBe(true);
    expect(gross).toBeLessThanOrEqual(Math.max(0, Math.min(total - refunded, asked ?? Infinity)));
    expect(gross).toBeLessThanOrEqual(verdict.granted.reduce((sum, { amount }) => sum + amount, 0));
    expect(Object.values(verdict.sellerCharges).reduce((sum, one) => sum + one, 0)).toBeLessThanOrEqual(verdict.amount);
    for (const { lineId, quantity } of verdict.granted) expect(quantity).toBeLessThanOrEqual(lines.find(({ id }) => id === lineId)?.quantity ?? 0);
    if (verdict.verdict === 'REJECT') expect(gross).toBe(0);
  }));
});
