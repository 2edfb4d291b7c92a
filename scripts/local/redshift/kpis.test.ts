import { sequenceOf } from '@orderflow/shared/events';
import type { Fact } from '@orderflow/shared/facts';
import { readDays } from '../../../services/insights/src/sums/read-days.ts';
import { givenOrder, orderFact, returnFact } from '../../../services/warehouse/src/rows/given.ts';
import { startMigrated, type MigratedWarehouse } from './migrated.ts';
import { refresh } from './refreshed.ts';

let local: MigratedWarehouse;
beforeAll(async () => {
  local = await startMigrated();
  await local.load(facts);
  await refresh(local);
}, 60_000);
afterAll(() => local.close());

const monday = '2026-11-16T10:00:00Z';
const tuesday = '2026-11-17T23:59:59Z';
type Settled = ReturnType<typeof orderFact>;
const mug = { id: '1', productId: 'p1', quantity: 2, unitPrice: '10.00', total: 2000, unitCost: '4.20' };
const order = (number: number, more: Parameters<typeof orderFact>[2], steps: readonly (readonly [string, string])[] = []): Settled => {
  const fact = orderFact(number, 1, { placedAt: monday, ...more });
  const history = steps.map(([status, at], place) => ({ group: 'fulfilment' as const, status, at, sequence: sequenceOf(place + 2) }));
  return { ...fact, payload: { ...fact.payload, history: [...fact.payload.history, ...history] as Settled['payload']['history'] } };
};
const back = (number: number, of: number, at: string, quantity: number, amount: number | undefined, more: object = {}): Fact => {
  const fact = returnFact(number);
  const { id, lines: _, amount: __, ...asked } = fact.payload.return;
  return {
    ...fact,
    payload: { ...fact.payload, ...more, return: { ...asked, id, orderKey: givenOrder(of).key, requestedAt: at, lines: [{ lineId: '1', productId: 'p1', quantity, ...(amount === undefined ? {} : { amount }) }] } },
  };
};
const survey = (id: string, kind: 'survey' | 'surveySent' | 'review', rating?: number, scale?: number, of?: number): Fact => ({
  fact: 'feedback.received', source: 'shopify', account: 'default', key: `shopify:default:feedback:${id}`, sequence: sequenceOf(1), partitionkey: id, recordedAt: '2026-11-17T12:00:00.000Z', events: [],
  payload: { feedback: { id, kind, givenAt: '2026-11-17T12:00:00Z', ...(rating === undefined ? {} : { rating }), ...(scale === undefined ? {} : { scale }), ...(of === undefined ? {} : { orderKey: givenOrder(of).key }) } },
});

const count = (product: string, location: string, at: string, quantity: number, cost?: string): Fact => ({
  fact: 'inventory.counted', source: 'square', account: 'default', key: `square:default:product:${product}`, sequence: sequenceOf(1), partitionkey: product, recordedAt: '2026-11-17T12:00:00.000Z', events: [],
  payload: { inventory: { productId: product, location, quantity, countedAt: at, ...(cost === undefined ? {} : { unitCost: cost, currency: 'EUR' }) } },
} as unknown as Fact);

const facts: readonly Fact[] = [
  // two mugs at 10.00 and a tea at 4.999, postage as a line and in the header: counted once
  order(1, {}, [['SHIPPED', tuesday], ['DELIVERED', '2026-11-18T09:00:00Z']]),
  // no postage line, but a header that says 5.00; a discount on the line and one as a line
  order(2, { shipping: 500, discount: 300, lines: [{ ...mug, discount: 100, total: 1900 }, { id: 'd', quantity: 1, unitPrice: '-2.00', total: -200, class: 'discount' }], total: 2200 }, [['SHIPPED', tuesday]]),
  order(3, { placedAt: tuesday, currency: 'USD', lines: [mug, { id: 'g', quantity: 1, unitPrice: '50', total: 5000, class: 'giftCard' }], shipping: 0, total: 7000 }),
  // none of these is a sale
  order(4, { status: 'CANCELLED' }), order(5, { payment: { status: 'PENDING' } }), order(6, { test: true }, [['SHIPPED', tuesday]]),
  // delivered before it was promised
  order(7, { placedAt: tuesday, currency: 'GBP', lines: [mug], shipping: 0, total: 2000, fulfilment: { status: 'DELIVERED', promisedAt: '2026-11-19T00:00:00Z', deliveredAt: '2026-11-18T12:00:00Z' } }, [['SHIPPED', tuesday], ['DELIVERED', '2026-11-18T12:00:00Z']]),
  // one mug of the first order, on the next day; the second order's whole, whose lines do not say how much; one that was refused; the wrong goods were in the second
  back(1, 1, tuesday, 1, 1000), back(2, 2, '2026-11-18T08:00:00Z', 2, undefined, { refund: { status: 'DUE', amount: 1900, currency: 'EUR' }, reasonCategory: 'wrong_item' }),
  { ...returnFact(3, 'REJECTED') },
  survey('s1', 'survey', 4, 5, 1), survey('s2', 'survey', 2, 5, 1), survey('s3', 'survey', 10, 10, 1), survey('s4', 'survey', 6, 10, 1), survey('s5', 'surveySent', undefined, undefined, 1), survey('s6', 'review', 5, 5, 1),
];

it('reads every figure of each day to the cent, and counts nothing that is no sale', async () => {
  const { rows: days } = await readDays(local.reader, { from: '2026-11-16', to: '2026-11-18' }, '2026-11-20');
  const zero = {
    source: 'shopify', account: 'default', orders: 0, units: 0, gross: '0', discounts: '0', shipping: '0', cost: '0', unitsWithCost: 0, returnedOrders: 0, returnedUnits: 0, returnedValue: '0', cohortOrders: 0, cohortUnits: 0,
    cohortValue: '0', shipped: 0, accurate: 0, perfect: 0, surveysSent: 0, surveys: 0, satisfied: 0, npsAnswers: 0, promoters: 0, detractors: 0, good: 0, bad: 0, stock: null,
  };
  expect(days).toEqual([
    {
      ...zero, day: '2026-11-16', currency: 'EUR', orders: 2, units: 5, gross: '44.9990', discounts: '3.0000', shipping: '10.0000', cost: '16.8000', unitsWithCost: 4,
      cohortOrders: 2, cohortUnits: 3, cohortValue: '29.0000',
    },
    { ...zero, day: '2026-11-17', currency: 'EUR', returnedOrders: 1, returnedUnits: 1, returnedValue: '10.0000', shipped: 2, accurate: 1, perfect: 0, surveysSent: 1, surveys: 2, satisfied: 1, npsAnswers: 2, promoters: 1, detractors: 1 },
    { ...zero, day: '2026-11-17', currency: 'GBP', orders: 1, units: 2, gross: '20.0000', discounts: '0.0000', shipping: '0.0000', cost: '8.4000', unitsWithCost: 2, shipped: 1, accurate: 1, perfect: 1 },
    { ...zero, day: '2026-11-17', currency: 'USD', orders: 1, discounts: '0.0000', shipping: '0.0000', units: 2, gross: '20.0000', cost: '8.4000', unitsWithCost: 2 },
  ]);
});

it('has nothing to say of days on which nothing was', async () => {
  expect((await readDays(local.reader, { from: '2020-01-01', to: '2020-02-01' }, '2026-11-20')).rows).toEqual([]);
});

it('knows the stock of each day from the first count on, each count in place of the one before, and none of tomorrow', async () => {
  await local.load([
    count('p1', 'a', '2026-11-10T08:00:00Z', 10, '4'), count('p1', 'b', '2026-11-12T08:00:00Z', 5, '4'), count('p1', 'a', '2026-11-12T09:00:00Z', 7, '4'), count('p1', 'a', '2026-11-12T18:00:00Z', 6, '4.5'),
    count('p9', 'a', '2026-11-12T08:00:00Z', 1000),
  ]);
  await refresh(local);
  const stock = async (from: string, to: string, today: string) => (await readDays(local.reader, { from, to }, today)).rows.filter(({ source }) => source === 'square').map((one) => [one.day, one.currency, one.stock]);
  expect(await stock('2026-11-09', '2026-11-15', '2026-11-13')).toEqual([['2026-11-10', 'EUR', '40.0000'], ['2026-11-11', 'EUR', '40.0000'], ['2026-11-12', 'EUR', '47.0000'], ['2026-11-13', 'EUR', '47.0000']]);
  expect(await stock('2026-11-13', '2026-11-14', '2026-11-13')).toEqual([['2026-11-13', 'EUR', '47.0000']]);
});
