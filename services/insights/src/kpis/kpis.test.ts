import fc from 'fast-check';
import { sumOf, type DaySums } from '../sums/day-sums.ts';
import { kpis, kpisOf } from './kpis.ts';
import { addDays, daysIn, periodsOf, type PeriodKind } from '../sums/periods.ts';
import { kpiReport, NoRate } from './report.ts';
import { standingOf, type Standing } from './targets.ts';

const nothing: DaySums = {
  day: '2026-11-02', source: 'shopify', account: 'default', currency: 'EUR', orders: 0, units: 0, gross: '0', discounts: '0', shipping: '0', cost: '0', unitsWithCost: 0,
  returnedOrders: 0, returnedUnits: 0, returnedValue: '0', cohortOrders: 0, cohortUnits: 0, cohortValue: '0', shipped: 0, accurate: 0, perfect: 0,
  surveysSent: 0, surveys: 0, satisfied: 0, npsAnswers: 0, promoters: 0, detractors: 0, good: 0, bad: 0, stock: null,
};
const on = (day: string, over: Partial<DaySums> = {}): DaySums => ({ ...nothing, day, ...over });
const settings = { days: 2, age: 100, matureAfterDays: 66 };
const values = (rows: readonly DaySums[], over: Partial<typeof settings> = {}) =>
  Object.fromEntries(Object.entries(kpisOf(sumOf(rows), { ...settings, ...over })).map(([name, { value }]) => [name, value]));

describe('a warehouse of two days, by hand', () => {
  // Monday: 3 orders of 5 units at 19.99 and 2 at 5.0005, 10 off, 7.50 postage, cost known of 6 of 7; Tuesday: 1 order, 2 units, and what came back of Monday
  const rows = [
    on('2026-11-02', { orders: 3, units: 7, gross: '109.9510', discounts: '10', shipping: '7.50', cost: '48.2000', unitsWithCost: 6, cohortOrders: 1, cohortUnits: 2, cohortValue: '39.98', shipped: 2, accurate: 2, perfect: 1, stock: '1000' }),
    on('2026-11-03', {
      orders: 1, units: 2, gross: '40', cost: '18', unitsWithCost: 2, returnedOrders: 1, returnedUnits: 2, returnedValue: '39.98', shipped: 2, accurate: 1, perfect: 1, surveysSent: 10, surveys: 4, satisfied: 3, npsAnswers: 4, promoters: 2, detractors: 1, good: 5, bad: 3, stock: '900',
    }),
  ];
  it('has every KPI to the cent', () => {
    expect(values(rows)).toEqual({
      grossSales: '149.9510', netSales: '99.9710', totalRevenue: '107.4710',
      unitReturnRate: 2 / 9, orderReturnRate: 1 / 4, valueReturnRate: expect.closeTo(39.98 / 149.951, 12) as unknown,
      unitReturnRateOfCohort: 2 / 9, orderReturnRateOfCohort: 1 / 4, valueReturnRateOfCohort: expect.closeTo(39.98 / 149.951, 12) as unknown,
      // 66.20 of cost over a mean stock of 950 in two days
      inventoryTurnover: expect.closeTo((66.2 / 950) * 182.5, 10) as unknown, daysOfInventory: expect.closeTo(365 / ((66.2 / 950) * 182.5), 10) as unknown,
      orderAccuracy: 0.75, perfectOrder: 0.5, customerSatisfaction: 0.75, netPromoterScore: 25, goodComments: 0.625,
    });
  });
  it('says what to beware of', () => {
    const { inventoryTurnover, unitReturnRateOfCohort, customerSatisfaction, goodComments } = kpisOf(sumOf(rows), { days: 3, age: 5, matureAfterDays: 66 });
    expect(inventoryTurnover.caveats).toEqual(['cost known of 89 % of the units', 'stock known on 2 of 3 days']);
    expect(unitReturnRateOfCohort.caveats[0]).toContain('5 days old');
    expect(customerSatisfaction.caveats).toEqual(['40 % of 10 surveys were answered']);
    expect(goodComments.caveats[0]).toContain('not customer satisfaction');
  });
  it('adds the stock of several sources a day, and takes the mean over days', () => {
    expect(sumOf([...rows, on('2026-11-03', { source: 'square', stock: '100' })]).meanStock?.toFixed()).toBe('1000');
  });
});

it.each<[string, readonly DaySums[]]>([['no day at all', []], ['a day without orders', [nothing]], ['returns of what was sold before the period', [on('2026-11-02', { returnedOrders: 1, returnedUnits: 1, returnedValue: '20' })]]])('is a figure or none, never NaN: %s', (_, rows) => {
  const all = values(rows);
  for (const value of Object.values(all)) expect(value === null || typeof value === 'string' || Number.isFinite(value)).toBe(true);
  expect(all['unitReturnRate']).toBeNull();
});

it('is below zero where more came back than was sold', () => {
  expect(values([on('2026-11-02', { gross: '10', orders: 1, units: 1, returnedValue: '30' })])['netSales']).toBe('-20.0000');
});

it('sums money exactly, in whatever pieces the days come', () => {
  const cents = fc.array(fc.integer({ min: 0, max: 10 ** 9 }), { minLength: 1, maxLength: 20 });
  fc.assert(fc.property(cents, fc.nat(19), (all, cut) => {
    const rows = all.map((minor) => on('2026-11-02', { gross: `${Math.floor(minor / 100)}.${String(minor % 100).padStart(2, '0')}` }));
    const parts = [rows.slice(0, cut), rows.slice(cut)].map((part) => sumOf(part).gross);
    expect(parts[0]?.plus(parts[1] ?? 0).toFixed(4)).toBe(sumOf(rows).gross.toFixed(4));
    expect(sumOf(rows).gross.times(100).toNumber()).toBe(all.reduce((sum, one) => sum + one, 0));
  }));
});

describe('periods', () => {
  it.each<[PeriodKind, string, string, string, string]>([
    ['day', '2026-03-01', '2026-03-01', '2026-03-02', '2026-02-28'], ['week', '2026-11-22', '2026-11-16', '2026-11-23', '2026-11-09'], ['week', '2026-11-23', '2026-11-23', '2026-11-30', '2026-11-16'],
    ['month', '2024-02-29', '2024-02-01', '2024-03-01', '2024-01-01'], ['month', '2026-01-31', '2026-01-01', '2026-02-01', '2025-12-01'], ['trailing30', '2026-11-24', '2026-10-26', '2026-11-25', '2026-09-26'],
  ])('%s of %s', (kind, day, from, to, before) => {
    expect(periodsOf(kind, day)).toEqual({ current: { from, to }, before: { from: before, to: from } });
  });
  it('hold the day that they are of, and follow upon the one before', () => {
    fc.assert(fc.property(fc.constantFrom<PeriodKind>('day', 'week', 'month', 'trailing30'), fc.integer({ min: 0, max: 20_000 }), (kind, days) => {
      const day = addDays('1990-01-01', days);
      const { current, before } = periodsOf(kind, day);
      expect(current.from <= day && day < current.to).toBe(true);
      expect(before.to).toBe(current.from);
      expect(daysIn(before)).toBeGreaterThan(0);
    }));
  });
});

describe('a report', () => {
  const rows = [on('2026-11-22', { orders: 2, gross: '50' }), on('2026-11-23', { orders: 4, gross: '100' }), on('2026-11-23', { currency: 'USD', orders: 1, gross: '10' })];
  const day = periodsOf('day', '2026-11-23');
  it('compares with the period before, in one currency', () => {
    const { kpis: all } = kpiReport(rows.slice(0, 2), day, 'EUR', '2026-11-24', 66);
    expect(all.grossSales).toMatchObject({ value: '100.0000', before: '50.0000', change: 1, n: 4 });
    expect(all.customerSatisfaction).toMatchObject({ value: null, before: null, change: null });
  });
  it('converts by the rate of the day, and says which one is missing', () => {
    expect(kpiReport(rows, day, 'EUR', '2026-11-24', 66, (from, to, at) => (from === 'USD' && to === 'EUR' && at === '2026-11-23' ? '0.875' : undefined)).kpis.grossSales.value).toBe('108.7500');
    expect(() => kpiReport(rows, day, 'EUR', '2026-11-24', 66)).toThrow(new NoRate('USD', 'EUR', '2026-11-23'));
  });
  it('counts a month that goes on up to today', () => {
    const report = kpiReport([on('2026-11-23', { cost: '10', stock: '100' })], periodsOf('month', '2026-11-23'), 'EUR', '2026-11-23', 66);
    expect(report.kpis.inventoryTurnover).toMatchObject({ value: (0.1 * 365) / 23, caveats: ['stock known on 1 of 23 days'] });
  });
});

describe('targets', () => {
  const least = { least: 0.95, slack: 0.02 };
  const along = (figures: readonly (number | null)[], of: Parameters<typeof standingOf>[0] = least): Standing[] => {
    let standing: Standing = 'within';
    return figures.map((value) => (standing = standingOf(of, value, standing)));
  };
  it('tells a crossing once, and again only after a recovery', () => {
    expect(along([0.99, 0.94, 0.951, 0.949, 0.97, 0.94])).toEqual(['within', 'crossed', 'crossed', 'crossed', 'within', 'crossed']);
  });
  it('takes bounds above, and of both sides', () => {
    expect(along([0.05, 0.11, 0.0985, 0.09], { most: 0.1, slack: 0.02 })).toEqual(['within', 'crossed', 'crossed', 'within']);
    expect(along([-1, 0.5], { least: 0, most: 1, slack: 0 })).toEqual(['crossed', 'within']);
  });
  it('changes nothing where there is no figure', () => {
    expect(along([null, 0.9, null, Number.NaN])).toEqual(['within', 'crossed', 'crossed', 'crossed']);
  });
});

it('has a formula for each', () => {
  for (const define of Object.values(kpis)) expect(define(sumOf([]), settings).formula.length).toBeGreaterThan(10);
});
