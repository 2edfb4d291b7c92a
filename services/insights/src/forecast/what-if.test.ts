import fc from 'fast-check';
import { whatIf } from './what-if.ts';

const plan = { days: 4, inflow: [10, 20, 30, 40, 50], refunds: [1, 2, 3, 4], otherOutflow: [5, 5, 5, 5] };

test('no change leaves the plan as it is', () => {
  expect(whatIf(plan, {})).toEqual({ inflow: [10, 20, 30, 40], outflow: [6, 7, 8, 9], net: [4, 13, 22, 31], later: 0 });
});

test('later payments leave the first days empty and pass the end', () => {
  expect(whatIf(plan, { paymentDelayDays: 3 })).toEqual({ inflow: [0, 0, 0, 10], outflow: [6, 7, 8, 9], net: [-6, -7, -8, 1], later: 90 });
});

test('earlier payments come on the first day at the soonest, those from beyond the end come in', () => {
  expect(whatIf(plan, { paymentDelayDays: -2 })).toMatchObject({ inflow: [60, 40, 50, 0], later: 0 });
});

test('the return rate moves refunds only', () => {
  expect(whatIf(plan, { returnRateFactor: 2 })).toEqual({ inflow: [10, 20, 30, 40], outflow: [7, 9, 11, 13], net: [3, 11, 19, 27], later: 0 });
  expect(whatIf(plan, { returnRateFactor: 0 }).outflow).toEqual([5, 5, 5, 5]);
});

test.each([{ paymentDelayDays: 1.5 }, { paymentDelayDays: NaN }, { returnRateFactor: -1 }, { returnRateFactor: Infinity }])('%p is no change', (change) => {
  expect(() => whatIf(plan, change)).toThrow(RangeError);
});

test('a delay loses no money', () => {
  const amounts = fc.array(fc.integer({ min: 0, max: 1_000_000 }), { maxLength: 60 });
  fc.assert(fc.property(amounts, fc.integer({ min: 0, max: 90 }), (inflow, delay) => {
    const changed = whatIf({ days: inflow.length, inflow, refunds: [], otherOutflow: [] }, { paymentDelayDays: delay });
    expect(changed.inflow.reduce((total, amount) => total + amount, changed.later)).toBe(inflow.reduce((total, amount) => total + amount, 0));
  }));
});
