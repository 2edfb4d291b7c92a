import { readFileSync } from 'node:fs';
import { sequenceOf, type Order } from '@orderflow/shared/events';
import type { Fact } from '@orderflow/shared/facts';
import { silentLog } from '@orderflow/shared/lambda';
import { MemoryNotifier } from '@orderflow/shared/notices';
import * as z from 'zod/mini';
import { handle as api, type Api } from '../../../services/insights/src/api/handle.ts';
import { routes } from '../../../services/insights/src/api/routes.ts';
import { handle as findChangedDays } from '../../../services/insights/src/find-changed-days/handle.ts';
import { handle as forecast } from '../../../services/insights/src/forecast/handle.ts';
import { handle as geography } from '../../../services/insights/src/geography/handle.ts';
import { placesWith } from '../../../services/insights/src/geography/place-of.ts';
import { regionsFrom } from '../../../services/insights/src/geography/regions.ts';
import { handle as kpis } from '../../../services/insights/src/kpis/handle.ts';
import { handle as products } from '../../../services/insights/src/products/handle.ts';
import { handle as publish } from '../../../services/insights/src/publish/handle.ts';
import { handle as returns } from '../../../services/insights/src/returns/handle.ts';
import { handle as segments } from '../../../services/insights/src/segments/handle.ts';
import { segmentOf, segmentsOf } from '../../../services/insights/src/segments/rfm.ts';
import { addDays } from '../../../services/insights/src/sums/periods.ts';
import { orderFact, returnFact } from '../../../services/warehouse/src/rows/given.ts';
import { startMigrated, type MigratedWarehouse } from './migrated.ts';
import { refresh, refreshOf } from './refreshed.ts';

const today = '2026-11-22';
const placeOf = placesWith(regionsFrom(readFileSync('services/insights/regions/regions.json.gz')));
const clock = (): number => Date.parse(`${today}T12:00:00Z`);
const mug = { id: '1', productId: 'p1', name: 'Mug', quantity: 2, unitPrice: '10.00', total: 2000, unitCost: '4.20' };
const tea = { id: '1', productId: 'p2', name: 'Tea', quantity: 1, unitPrice: '20.00', total: 2000 };
const paid = (settlesAt: string | undefined, fee: number): Order['payment'] => ({ status: 'PAID', method: 'card', provider: 'stripe', fee, ...(settlesAt === undefined ? {} : { settlesAt }) });
const california = { line: '1 Main St', city: 'Fresno', state: 'CA', country: 'US' };
const ann = { id: 'ann', name: 'Ann', dateOfBirth: '1990-11-23', address: california };
const bob = { id: 'bob', name: 'Bob', address: california };

/** In dollars, and reckoned by hand. */
const dollars = (number: number, more: Partial<Order>): Fact => orderFact(number, 1, { currency: 'USD', tax: 0, shipping: 0, lines: [mug], total: 2000, customer: ann, position: { latitude: 36.7468, longitude: -119.7726, from: 'address' }, ...more });
const guest = (number: number, more: Partial<Order>): Fact => {
  const fact = dollars(number, more) as ReturnType<typeof orderFact>;
  const { customer: __, ...order } = fact.payload.order;
  return { ...fact, payload: { ...fact.payload, order } };
};
const back = (number: number, requestedAt: string, decidedAt: string): Fact => {
  const fact = returnFact(number);
  return {
    ...fact,
    payload: {
      ...fact.payload, reasonCategory: 'damaged', decision: { ...fact.payload.decision, at: decidedAt }, refund: { status: 'PAID', amount: 2000, currency: 'USD' },
      return: { ...fact.payload.return, currency: 'USD', amount: 2000, requestedAt, comment: 'Broken, write to bob@shop.example', lines: [{ lineId: '1', productId: 'p2', quantity: 1, amount: 2000 }] },
    },
  } as unknown as Fact;
};
const byHand: readonly Fact[] = [
  dollars(901, { placedAt: '2026-10-10T10:00:00Z', lines: [{ ...mug, quantity: 1, total: 1000 }], total: 1000, payment: paid('2026-10-13T00:00:00Z', 50) }),
  dollars(902, { placedAt: '2026-11-02T10:00:00Z', payment: paid('2026-11-05T00:00:00Z', 75) }),
  // nobody says when it settles: as late as the others, three days; nor what it cost
  guest(903, { placedAt: '2026-11-03T10:00:00Z', lines: [{ id: '1', productId: 'p1', name: 'Mug', quantity: 1, unitPrice: '10.00', total: 1000 }], total: 1000, payment: paid(undefined, 30) }),
  // all of it comes back
  dollars(904, { placedAt: '2026-11-03T11:00:00Z', customer: bob, lines: [tea], payment: paid('2026-11-06T00:00:00Z', 60) }), back(904, '2026-11-05T08:00:00Z', '2026-11-07T08:00:00Z'),
  // money, but no sale
  dollars(905, { placedAt: '2026-11-03T12:00:00Z', customer: bob, lines: [{ id: 'g', quantity: 1, unitPrice: '50', total: 5000, class: 'giftCard' }], total: 5000, payment: paid('2026-11-06T00:00:00Z', 0) }),
  // nothing at all
  dollars(906, { placedAt: '2026-11-04T10:00:00Z', status: 'CANCELLED', payment: { status: 'REFUNDED' } }), dollars(907, { placedAt: '2026-11-04T10:00:00Z', test: true }), dollars(908, { placedAt: '2026-11-04T10:00:00Z', payment: { status: 'PENDING' } }),
];

/** In euros: a shop that is closed on Sundays, some thirty customers, half a year. */
const shop: Fact[] = [];
for (let at = 0, number = 1; at < 170; at++) {
  const day = addDays('2026-06-04', at);
  const weekday = new Date(`${day}T00:00:00Z`).getUTCDay();
  for (let n = 0; weekday !== 0 && n < 2 + (weekday % 3); n++, number++) {
    const who = (number * 7) % 31;
    shop.push(orderFact(number, 1, { placedAt: `${day}T09:00:00Z`, customer: { id: `k${who}`, name: `K ${who}`, address: { city: 'Köln', country: who % 5 === 0 ? 'AT' : 'DE' } }, position: { latitude: 50.9375 + who / 100, longitude: 6.9603, from: 'address' } }));
  }
}

let local: MigratedWarehouse;
let deps: Api;
const staff = new MemoryNotifier();
/** All that refresh-insights does, in its order. */
async function refreshAll(days = 0): Promise<void> {
  const made = { ...refreshOf(local), clock, log: silentLog };
  const on = (name: string) => ({ requestId: `${name}-${Math.random()}` });
  await forecast({ today, days }, made, on('forecast'));
  await products({ today }, { ...made, leadDays: 14 }, on('products'));
  await segments({ today, days }, made, on('segments'));
  await returns({ today }, made, on('returns'));
  await geography({ today }, made, on('geography'));
  await kpis({ today }, { ...made, stage: 'local', staff, targets: [{ kpi: 'unitReturnRate', most: 0.1, period: 'trailing30', currency: 'USD', slack: 0.02, leastN: 1 }] }, on('kpis'));
  await publish({ run: `r-${Math.random()}`, today, startedAt: `${today}T11:59:00Z`, days, insights: [{ insight: 'forecast' }] }, made, on('publish'));
}
const get = async <T = Record<string, unknown>>(path: string, query: Record<string, string> = {}): Promise<T> => {
  const answer = await api({ rawPath: `/api${path}`, queryStringParameters: query }, deps);
  if (answer.statusCode !== 200) throw new Error(`${path}: ${answer.statusCode} ${answer.body}`);
  return JSON.parse(answer.body) as T;
};
interface Rows { readonly rows: readonly Record<string, unknown>[] }

beforeAll(async () => {
  local = await startMigrated();
  // before anything was loaded nothing is due, whatever the day
  expect(await findChangedDays({ run: 'empty' }, { ...refreshOf(local), clock, log: silentLog }, { requestId: 'empty' })).toEqual({ run: 'empty', today, days: 0, spans: [], due: false });
  deps = { routes, warehouse: local.reader, messagesOf: () => Promise.resolve({ sent: 97, skipped: 2, unknown: 1 }), version: 'test', clock, log: { ...silentLog, error: (...line) => process.stderr.write(`${JSON.stringify(line)}\n`) } };
  await local.load([...byHand, ...shop]);
  await refresh(local, {}, placeOf);
  await refreshAll();
}, 120_000);
afterAll(() => local.close());

const november = { from: '2026-11-01', to: '2026-11-21', currency: 'USD' };

it('every answer is as its own schema says, also as a table, and over days on which nothing was', async () => {
  for (const { path, answer } of routes) {
    const said = await get(path);
    expect([path, z.safeParse(answer, said).error?.issues]).toEqual([path, undefined]);
    expect((await api({ rawPath: `/api${path}`, queryStringParameters: path === '/overview' ? {} : { format: 'csv' } }, deps)).statusCode).toBe(200);
  }
  for (const path of ['/cash-flow', '/products', '/customers/demographics', '/returns/reasons', '/returns/differences', '/comments', '/geography']) {
    expect([path, ((await get<Rows>(path, { from: '2020-01-01', to: '2020-02-01' })).rows)]).toEqual([path, []]);
  }
});

it('products: units, profit of what has a cost, what came back, and its reasons', async () => {
  const { rows } = await get<Rows>('/products', november);
  expect(rows).toMatchObject([
    { key: 'shopify:default:p1', name: 'Mug', currency: 'USD', units: 3, gross: '30.0000', net: '30.0000', profit: '11.6000', margin: 0.58, costKnown: 2 / 3, returnRate: 0, abc: 'A', reasons: [] },
    { key: 'shopify:default:p2', name: 'Tea', units: 1, gross: '20.0000', net: '0.0000', profit: null, margin: null, costKnown: 0, returnRate: 1, returnedUnits: 1, reasons: [{ reason: 'damaged', units: 1 }] },
  ]);
  // one sale that came back is at least 20 % (Wilson)
  expect(rows[1]?.['returnRateAtLeast']).toBeCloseTo(0.2065, 3);
  expect((await get<Rows>('/products', { ...november, sort: 'returnRate', limit: '1' })).rows[0]).toMatchObject({ key: 'shopify:default:p2' });
  expect((await get<Rows>('/products', { ...november, country: 'DE' })).rows).toEqual([]);
});

it('cash flow: in when it settles, out when it is paid; what is no sale is money all the same', async () => {
  const { rows } = await get<Rows>('/cash-flow', november);
  expect(rows.map(({ begins, inflow, refunds, cost, fees, net, unitsWithoutCost }) => [begins, inflow, refunds, cost, fees, net, unitsWithoutCost])).toEqual([
    ['2026-11-02', '0.00', '0.00', '8.40', '0.00', '-8.40', 0],
    ['2026-11-03', '0.00', '0.00', '0.00', '0.00', '0.00', 2],
    ['2026-11-05', '20.00', '0.00', '0.00', '0.75', '19.25', 0],
    ['2026-11-06', '80.00', '0.00', '0.00', '0.90', '79.10', 0],
    ['2026-11-07', '0.00', '20.00', '0.00', '0.00', '-20.00', 0],
  ]);
  const months = await get<Rows>('/cash-flow', { ...november, from: '2026-10-01', each: 'month' });
  expect(months.rows.map(({ begins, inflow, net }) => [begins, inflow, net])).toEqual([['2026-10-01', '10.00', '5.30'], ['2026-11-01', '100.00', '69.95']]);
});

it('KPIs: of dollars by hand; orders of which all came back, gift cards, cancelled and pending ones', async () => {
  const { currencies } = await get<{ currencies: { currency: string; kpis: Record<string, { value: unknown; n: number; before: unknown }> }[] }>('/kpis', { period: 'month', day: '2026-11-10', currency: 'USD' });
  const of = currencies[0]?.kpis ?? {};
  expect(Object.fromEntries(Object.entries(of).map(([name, { value }]) => [name, value]))).toMatchObject({ grossSales: '50.0000', netSales: '30.0000', totalRevenue: '30.0000', unitReturnRate: 1 / 4, orderReturnRate: 1 / 3, valueReturnRate: 0.4, orderReturnRateOfCohort: 1 / 3 });
  expect(of['grossSales']).toMatchObject({ n: 3, before: '10.0000' });
});

it('how well the system works: nobody decided the return, three of a hundred messages did not go out', async () => {
  expect(await get('/kpis/pipeline', { from: '2026-10-01' })).toMatchObject({ settledWithoutPerson: { value: 1, n: 1 }, quarantineRate: { value: null, n: 0, caveats: [expect.stringContaining('reconcile')] }, noticeDelivery: { value: 0.97, n: 100, caveats: [expect.stringContaining('1 the answer was lost')] } });
});

it('customers: cohorts, guests apart, few of them not shown', async () => {
  const cohorts = await get<{ currencies: { cohorts: Record<string, unknown>[]; months: Record<string, unknown>[] }[] }>('/customers/cohorts', { currency: 'USD' });
  // Ann in October with 10, in November with 20; Bob in November with 20 less 20
  expect(cohorts.currencies[0]?.cohorts).toEqual([
    { cohort: '2026-10', customers: 1, repeatRate: 1, steps: [{ after: 0, customers: 1, retention: 1, lifetimeValue: 10, unfinished: false }, { after: 1, customers: 1, retention: 1, lifetimeValue: 30, unfinished: true }] },
    { cohort: '2026-11', customers: 1, repeatRate: 0, steps: [{ after: 0, customers: 1, retention: 1, lifetimeValue: 0, unfinished: true }] },
  ]);
  expect(cohorts.currencies[0]?.months).toEqual([
    { month: '2026-10', newCustomers: 1, repeatCustomers: 0, newValue: 10, repeatValue: 0 }, { month: '2026-11', newCustomers: 1, repeatCustomers: 1, newValue: 0, repeatValue: 20 },
  ]);
  const segmented = await get<{ rows: Record<string, unknown>[]; guests: Record<string, unknown>[] }>('/customers/segments', { from: '2026-10-24', to: today });
  expect(segmented.rows.filter(({ currency }) => currency === 'USD')).toMatchObject([{ segment: 'insufficient', customers: 2, value: '30.0000' }]);
  const euros = segmented.rows.filter(({ currency }) => currency === 'EUR');
  expect([new Set(euros.map(({ segment }) => segment)).size, euros.reduce((sum, { customers }) => sum + Number(customers), 0)]).toEqual([4, 31]);
  expect(segmented.guests.filter(({ currency }) => currency === 'USD')).toEqual([{ currency: 'USD', guestOrders: 1, share: 1 / 3 }]);
  expect((await get<Rows>('/customers/demographics', { ...november, by: 'state' })).rows).toEqual([]);
  expect((await get<Rows>('/customers/demographics', { from: '2026-06-01', to: today, by: 'country', currency: 'EUR' })).rows.map(({ name, customers }) => [name, customers])).toEqual([['DE', 24], ['AT', 7]]);
});

it('puts every customer into the segment that is nearest, in the warehouse as here', async () => {
  const sums = await local.reader.rows("SELECT segment, recency, orders, value FROM customer_segment WHERE currency = 'EUR'");
  const customers = sums.map((row) => ({ recency: Number(row['recency']), orders: Number(row['orders']), value: Number(row['value']) }));
  const found = segmentsOf(customers);
  if (found === undefined) throw new Error('segments');
  expect(sums.map(({ segment }) => segment)).toEqual(customers.map((one) => segmentOf(one, found)));
});

it('geography: by country and cell, small places put together', async () => {
  expect((await get<Rows>('/geography', { from: '2026-06-01', currency: 'EUR' })).rows).toMatchObject([{ place: 'DE', customers: 24 }, { place: 'AT', customers: 7, returnRate: 0, low: 0 }]);
  expect((await get<Rows>('/geography', { from: '2026-06-01', currency: 'USD' })).rows).toEqual([]);
  const cells = (await get<Rows>('/geography', { from: '2026-06-01', currency: 'EUR', level: 'cell' })).rows;
  expect(cells.length).toBeGreaterThan(1);
  for (const { place, customers } of cells) if (place !== null) expect([place, Number(customers) >= 5]).toEqual([place, true]);
  expect(cells.reduce((sum, { orders }) => sum + Number(orders), 0)).toBe(shop.length);
});

it('forecasts what has a history, closed days as nothing, and says why not of what has none', async () => {
  const { series } = await get<{ series: { currency: string; flow: string; state: string; reason?: string; backtest?: { origins: number }; days: { day: string; value: string; low80: string; high80: string }[] }[] }>('/cash-flow/forecast', { horizon: '90', flow: 'inflow' });
  expect(series.map(({ currency, state, days }) => [currency, state, days.length])).toEqual([['EUR', 'forecast', 90], ['USD', 'insufficient', 0]]);
  const [euros, dollarsOf] = series;
  expect(dollarsOf?.reason).toMatch(/days/);
  expect(euros?.backtest?.origins).toBeGreaterThanOrEqual(3);
  // three days after the orders, as Stripe pays out in the same source: nothing on Wednesdays, of Monday's three orders of 30 on Thursdays
  const on = (weekday: number): number[] => euros?.days.filter(({ day }) => new Date(`${day}T00:00:00Z`).getUTCDay() === weekday).map(({ value }) => Number(value)) ?? [];
  expect([on(3).length >= 12, on(3).every((value) => value === 0)]).toEqual([true, true]);
  expect([Math.min(...on(4)) > 75, Math.max(...on(4)) < 105]).toEqual([true, true]);
  const { rows } = await get<Rows>('/cash-flow/what-if', { currency: 'EUR', delayDays: '10' });
  expect([rows.length, Number(rows.at(-1)?.['difference']) < -200]).toEqual([30, true]);
});

it('comments without addresses, reasons over time', async () => {
  await local.warehouse.query("UPDATE returns SET sentiment = 'BAD', sentiment_score = 0.9 WHERE comment IS NOT NULL");
  expect((await get<Rows>('/comments', { from: '2026-11-01' })).rows).toMatchObject([{ day: '2026-11-05', kind: 'return', sentiment: 'BAD', comment: 'Broken, write to [email]' }]);
  expect((await get<Rows>('/returns/reasons', { from: '2026-11-01' })).rows).toEqual([{ begins: '2026-11-02', currency: 'USD', reason: 'damaged', returns: 1, share: 1, units: 1, value: '20.0000' }]);
});

it('tells a target that is crossed once, and its recovery once', async () => {
  expect(staff.told.map(({ topic, message }) => [topic, message.schema === 'orderflow.alert.v1' && message.groups.map(({ code, state }) => [code, state])])).toEqual([['alerts', [['KPI_CROSSED', 'new']]]]);
  await refreshAll();
  expect(staff.told).toHaveLength(1);
  await local.load(Array.from({ length: 10 }, (_, at) => dollars(950 + at, { placedAt: '2026-11-12T10:00:00Z', position: { latitude: 36.7468, longitude: -119.7726, from: 'address' } })));
  expect(await refresh(local, {}, placeOf)).toEqual([{ from: '2026-11-12', to: '2026-11-13' }]);
  await refreshAll();
  expect(staff.told.slice(1).map(({ message }) => message.schema === 'orderflow.alert.v1' && message.groups.map(({ state }) => state))).toEqual([['resolved']]);
});

it('sums only the days that were touched: of a late return the day of the return and that of its order', async () => {
  expect(await refresh(local, {}, placeOf)).toEqual([]);
  await local.load([back(902, '2026-11-18T08:00:00Z', '2026-11-18T09:00:00Z')]);
  expect(await refresh(local, {}, placeOf)).toEqual([{ from: '2026-11-02', to: '2026-11-03' }, { from: '2026-11-18', to: '2026-11-19' }]);
  const { currencies } = await get<{ currencies: { kpis: Record<string, { value: unknown }> }[] }>('/kpis', { period: 'day', day: '2026-11-02', currency: 'USD' });
  expect(currencies[0]?.kpis['orderReturnRateOfCohort']?.value).toBe(1);
  // all of it anew is the same
  const sums = (): Promise<unknown[][]> => local.warehouse.query("SELECT day, currency, measured, orders, units, gross, cohort_orders, returned_units FROM day_sum WHERE measured <> 'comments' ORDER BY 1, 2, 3, 4, 5");
  const before = await sums();
  expect((await refresh(local, { since: '2026-01-01' }, placeOf)).length).toBe(2);
  expect(await sums()).toEqual(before);
});

it('lays a credit note that names no order on what its customer bought of the product, newest first', async () => {
  const cup = (quantity: number) => [{ id: '1', productId: 'cup', name: 'Cup', quantity, unitPrice: '10.00', total: 1000 * quantity }];
  const cid = { id: 'cid', name: 'Cid', address: { country: 'GB' } };
  const bought = (number: number, day: string, quantity: number): Fact => dollars(number, { currency: 'GBP', customer: cid, placedAt: `${day}T10:00:00Z`, lines: cup(quantity), total: 1000 * quantity });
  const credit = back(981, '2026-09-20T08:00:00Z', '2026-09-20T08:00:00Z') as ReturnType<typeof returnFact>;
  const { orderKey: _, ...note } = credit.payload.return;
  await local.load([bought(981, '2026-09-01', 3), bought(982, '2026-09-10', 2), bought(983, '2026-09-25', 5)]);
  await refresh(local, {}, placeOf);
  await local.load([
    { ...credit, payload: { ...credit.payload, refund: { status: 'PAID', amount: 4000, currency: 'GBP' }, return: { ...note, currency: 'GBP', amount: 4000, customerId: 'cid', lines: [{ productId: 'cup', quantity: 4, amount: 4000 }] } } },
  ]);
  expect(await refresh(local, {}, placeOf)).toEqual(['2026-09-01', '2026-09-10', '2026-09-20'].map((day) => ({ from: day, to: addDays(day, 1) })));
  const of = async (day: string): Promise<unknown> => (await get<{ currencies: { kpis: Record<string, { value: unknown }> }[] }>('/kpis', { period: 'day', day, currency: 'GBP' })).currencies[0]?.kpis['unitReturnRateOfCohort']?.value;
  // two of the second purchase, then two of the three of the first; nothing of what was bought after
  expect([await of('2026-09-01'), await of('2026-09-10'), await of('2026-09-25')]).toEqual([2 / 3, 1, 0]);
  expect((await get<Rows>('/products', { from: '2026-09-01', to: '2026-09-30', currency: 'GBP' })).rows).toMatchObject([{ key: 'shopify:default:cup', units: 10, returnedUnits: 4, returnRate: 0.4 }]);
  expect((await get<Rows>('/geography', { from: '2026-09-01', to: '2026-09-30', currency: 'GBP', level: 'country' })).rows).toEqual([]);
});

it('reckons all currencies in the reporting one by the rates of their days, and says which is missing', async () => {
  const asked = { period: 'month', day: '2026-11-10', currency: 'USD' };
  type Answer = { reporting: { currency: string; missing?: string; kpis?: Record<string, { value: unknown; before: unknown }> } };
  expect((await get<Answer>('/kpis', asked)).reporting).toEqual({ currency: 'EUR', missing: expect.stringContaining('USD to EUR') as unknown });
  const published = (day: string, rate: string): Fact => ({
    fact: 'rates.published', source: 'ecb', account: 'default', key: `ecb:default:EUR:${day}`, sequence: sequenceOf(1), partitionkey: day, recordedAt: '2026-11-22T17:00:00.000Z', events: [],
    payload: { day, base: 'EUR', by: 'European Central Bank', rates: [{ currency: 'USD', rate }] },
  });
  await local.load([published('2026-10-01', '1.25'), published('2026-11-03', '1.6')]);
  const { reporting } = await get<Answer>('/kpis', asked);
  // 20 on the second at 1.25; 10 and 20 on the third, and ten times 20 on the twelfth, at 1.6; October: 10 at 1.25
  expect(reporting.kpis?.['grossSales']).toMatchObject({ value: '159.7500', before: '8.0000' });
  const all = await get<Answer & { currencies: { currency: string; kpis: Record<string, { value: unknown }> }[] }>('/kpis', { period: 'month', day: '2026-11-10' });
  const euros = all.currencies.find(({ currency }) => currency === 'EUR')?.kpis['grossSales']?.value;
  expect(Number(all.reporting.kpis?.['grossSales']?.value)).toBeCloseTo(Number(euros) + 159.75, 4);
});

it('is due when something was loaded that touches no day, such as rates, and else once a day', async () => {
  const find = (run: string) => findChangedDays({ run }, { ...refreshOf(local), clock, log: silentLog }, { requestId: run });
  expect(await find('rates-came')).toMatchObject({ days: 0, due: true });
  expect(await find('nothing-came')).toMatchObject({ days: 0, due: false });
  expect(await findChangedDays({ run: 'tomorrow' }, { ...refreshOf(local), clock: () => clock() + 86_400_000, log: silentLog }, { requestId: 'tomorrow' })).toMatchObject({ days: 0, due: true });
});

it('answers as of the day of the last refresh', async () => {
  const made = { ...refreshOf(local), clock, log: silentLog };
  const { today: day } = await findChangedDays({ run: 'back-then', input: { asOf: '2026-10-31' } }, made, { requestId: 'back-then' });
  await publish({ run: 'back-then', today: day, startedAt: `${today}T11:59:00Z`, days: 0, insights: [] }, { ...made, clock: () => clock() + 60_000 }, { requestId: 'back-then' });
  expect((await get<{ period: object }>('/kpis', { period: 'trailing30' })).period).toEqual({ kind: 'trailing30', from: '2026-10-02', to: '2026-10-31' });
  expect(await findChangedDays({ run: 'now-again' }, made, { requestId: 'now-again' })).toMatchObject({ today, due: true });
});
