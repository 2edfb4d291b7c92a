import fc from 'fast-check';
import { whatIf, type CashDay } from './what-if.ts';

const on = (day: number, inflow: number, more: Partial<CashDay> = {}): CashDay => ({ day: `2026-11-0${day}`, inflow, due: 0, refund: 0, outflow: 0, ...more });

it('leaves all as it is without a change', () => {
  expect(whatIf([on(1, 10, { outflow: 4 }), on(2, 20)], { delayDays: 0, refundFactor: 1 })).toEqual([
    { day: '2026-11-01', inflow: 10, outflow: 4, net: 6, difference: 0 }, { day: '2026-11-02', inflow: 20, outflow: 0, net: 20, difference: 0 },
  ]);
});

it('moves what is sold from now on; what is on its way comes as promised', () => {
  const days = [on(1, 10, { due: 10 }), on(2, 20, { due: 15 }), on(3, 30), on(4, 40)];
  expect(whatIf(days, { delayDays: 1, refundFactor: 1 }).map(({ inflow, difference }) => [inflow, difference])).toEqual([[10, 0], [15, -5], [5, -30], [30, -40]]);
  // sooner: nothing comes before the first day
  expect(whatIf(days, { delayDays: -2, refundFactor: 1 }).map(({ inflow }) => inflow)).toEqual([45, 55, 0, 0]);
});

it('lets refunds grow, and nothing else that goes out', () => {
  expect(whatIf([on(1, 10, { refund: 4, outflow: 6 }), on(2, 0, { refund: 2, outflow: 2 })], { delayDays: 0, refundFactor: 1.5 })).toMatchObject([{ outflow: 8, net: 2, difference: -2 }, { outflow: 3, net: -3, difference: -3 }]);
});

it('loses no money that is due, and none at all where it comes sooner', () => {
  const days = fc.array(fc.record({ inflow: fc.integer({ min: 0, max: 1e6 }), due: fc.integer({ min: 0, max: 1e6 }) }), { minLength: 1, maxLength: 60 });
  fc.assert(fc.property(days, fc.integer({ min: -90, max: 90 }), (all, delayDays) => {
    const given = all.map(({ inflow, due }, at) => ({ ...on(1, inflow + due, { due }), day: String(at) }));
    const changed = whatIf(given, { delayDays, refundFactor: 1 });
    const total = (some: readonly { readonly inflow: number }[]): number => some.reduce((sum, { inflow }) => sum + inflow, 0);
    changed.forEach(({ inflow }, at) => expect(inflow).toBeGreaterThanOrEqual(given[at]?.due ?? 0));
    if (delayDays <= 0) expect(total(changed)).toBe(total(given));
    else expect(total(changed)).toBeLessThanOrEqual(total(given));
    expect(changed.at(-1)?.difference).toBe(total(changed) - total(given));
  }));
});
