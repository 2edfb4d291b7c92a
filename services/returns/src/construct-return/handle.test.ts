import { checkReturn } from '@orderflow/shared/domain';
import { orderSk } from '@orderflow/shared/store';
import { given, key, returnEvent, theReturn, withOrder, withReturn } from '../given.ts';
import { progressOf } from '../progress.ts';
import { handle } from './handle.ts';

const decided = { outcome: 'APPROVED' as const, amount: 2999, at: '2026-11-25T09:00:00Z', by: 'source' as const };

it('learns what the decision needs to know of the order and says that the request is here', async () => {
  const all = given();
  await withOrder(all);
  const input = await withReturn(all);
  const before = all.store.calls;
  expect(await handle(input, all)).toEqual({ ...input, next: 'DECIDE' });
  const { order } = progressOf(await theReturn(all, input));
  expect(order).toMatchObject({ number: '1001', contact: { email: 'test.person@example.com' }, facts: { paid: 2999, deliveredAt: '2026-11-23T09:00:00Z', lines: [{ id: '1', returned: 0 }] } });
  expect(all.mailer.sent.map((one) => one.mail.kind)).toEqual(['return-received']);
  expect(all.store.calls - before).toBeLessThanOrEqual(6);
  expect(all.archive.asked).toBe(0);
});

it('writes no second mail when the state is tried again', async () => {
  const all = given();
  await withOrder(all);
  const input = await withReturn(all);
  await handle(input, all);
  await handle(input, all);
  expect(all.mailer.sent).toHaveLength(1);
});

it.each([['historical', { historical: true }], ['test', { test: true }]])('writes nobody about a %s return', async (_, over) => {
  const all = given();
  await withOrder(all);
  expect(await handle(await withReturn(all, returnEvent(over)), all)).toMatchObject({ next: 'DECIDE' });
  expect(all.mailer.sent).toHaveLength(0);
});

it('counts what the customer sent back before, over all orders', async () => {
  const all = given();
  await withOrder(all);
  all.archive.returns.set('canonical:default:c-1', 12);
  const input = await withReturn(all);
  await handle(input, all);
  expect(progressOf(await theReturn(all, input)).order?.facts).toMatchObject({ customerId: 'c-1', returnsOfCustomer: 12 });
});

it('counts the returns of who asks, where the order names no customer', async () => {
  const all = given();
  await withOrder(all, { customer: {} });
  all.archive.returns.set('canonical:default:c-9', 12);
  const input = await withReturn(all, returnEvent({ customerId: 'c-9' }));
  await handle(input, all);
  expect(progressOf(await theReturn(all, input)).order?.facts).toMatchObject({ customerId: 'c-9', returnsOfCustomer: 12 });
});

it('goes on uncounted, after a minute, for a person to look', async () => {
  const all = given();
  await withOrder(all);
  all.archive.failure = new Error('asleep');
  const input = await withReturn(all);
  await expect(handle(input, all)).rejects.toThrow('asleep');
  all.pass(1);
  expect(await handle(input, all)).toMatchObject({ next: 'DECIDE' });
  expect(checkReturn(all.policy, progressOf(await theReturn(all, input)).order?.facts, { requestedAt: '2026-11-25T09:00:00Z', lines: [{ lineId: '1', quantity: 1 }] })).toMatchObject({ verdict: 'REVIEW', rule: 'details-unknown' });
});

it('asks the warehouse once the order has been forgotten', async () => {
  const all = given();
  await withOrder(all);
  await all.store.done({ pk: key, sk: orderSk }, { attempt: 1, version: 1, dueAt: '2026-11-25T11:00:00Z' });
  await all.store.forget({ pk: key, sk: orderSk, version: 1 });
  all.archive.orders.set(key, {
    number: 'N-1', contact: { email: 'a@b.example' }, currency: 'EUR', placedAt: '2026-11-20T00:00:00Z', total: 2999, paid: true, lines: [{ id: '1', quantity: 1, total: 2999, category: 'Kitchen' }],
  });
  const input = await withReturn(all);
  expect(await handle(input, all)).toMatchObject({ next: 'DECIDE' });
  expect(progressOf(await theReturn(all, input)).order).toMatchObject({ number: 'N-1', facts: { paid: 2999, lines: [{ category: 'Kitchen' }] } });
});

it('waits a minute for the warehouse, then goes on without details: a person will decide', async () => {
  const all = given();
  await withOrder(all);
  await all.store.done({ pk: key, sk: orderSk }, { attempt: 1, version: 1, dueAt: '2026-11-25T11:00:00Z' });
  await all.store.forget({ pk: key, sk: orderSk, version: 1 });
  all.archive.failure = new Error('asleep');
  const input = await withReturn(all);
  await expect(handle(input, all)).rejects.toThrow('asleep');
  all.pass(1);
  expect(await handle(input, all)).toMatchObject({ next: 'DECIDE' });
  expect(progressOf(await theReturn(all, input)).order?.facts.lines).toEqual([]);
});

it('parks a return whose order is unknown, decided or not', async () => {
  const all = given();
  for (const [at, event] of [returnEvent(), returnEvent({ id: 'R2', decided }, 'r2')].entries()) {
    const input = await withReturn(all, event);
    expect(await handle(input, all)).toMatchObject({ next: 'PARKED' });
    expect(await theReturn(all, input)).toMatchObject({ state: 'PARKED', parked: { reason: 'order-unknown' } });
    expect(at).toBeLessThan(2);
  }
});

it('sees an order that comes between the look and the parking', async () => {
  const all = given();
  const input = await withReturn(all);
  const { park } = all.store;
  all.store.park = async (...args) => {
    const parked = await park.apply(all.store, args);
    await withOrder(all);
    return parked;
  };
  expect(await handle(input, all)).toMatchObject({ next: 'DECIDE', attempt: 2 });
});

it('looks again when an earlier try of the state broke off right after the parking', async () => {
  const all = given();
  const input = await withReturn(all);
  const { park } = all.store;
  all.store.park = async (...args) => {
    await park.apply(all.store, args);
    await withOrder(all);
    throw new Error('every answer was lost');
  };
  await expect(handle(input, all)).rejects.toThrow('lost');
  expect(await handle(input, all)).toMatchObject({ next: 'DECIDE', attempt: 2 });
});

it('asks the warehouse for an order older than its tombstone after the first wait', async () => {
  const all = given();
  const input = await withReturn(all);
  await handle(input, all);
  all.archive.orders.set(key, { number: 'old', contact: {}, currency: 'EUR', placedAt: '2025-01-01T00:00:00Z', total: 100, paid: true, lines: [] });
  await all.store.wake(input, { attempt: 1, dueAt: '2026-11-25T11:00:00Z' });
  expect(await handle({ ...input, attempt: 2 }, all)).toMatchObject({ next: 'DECIDE', attempt: 2 });
});

describe('a refund that the source has made', () => {
  it('goes to the load with two calls where no order is linked, and nobody is written to', async () => {
    const all = given();
    const input = await withReturn(all, returnEvent({ orderKey: undefined as never, decided }));
    const before = all.store.calls;
    expect(await handle(input, all)).toMatchObject({ next: 'LOAD' });
    expect(all.store.calls - before).toBe(1);
    expect([all.mailer.sent, all.model.asked]).toEqual([[], []]);
  });

  it('uses up the account of its order, once', async () => {
    const all = given();
    await withOrder(all);
    const input = await withReturn(all, returnEvent({ decided }));
    await handle(input, all);
    await handle(input, all);
    expect((await all.store.look(key)).order?.refunds).toMatchObject({ refunded: 2999, returned: { 1: 1 } });
  });

  it('is recorded, not blocked, when it exceeds what was paid', async () => {
    const all = given();
    await withOrder(all);
    const input = await withReturn(all, returnEvent({ decided: { ...decided, amount: 999_999 } }));
    expect(await handle(input, all)).toMatchObject({ next: 'LOAD' });
    expect(progressOf(await theReturn(all, input)).sourceExcess).toBe(true);
  });
});

it('stops where a newer attempt owns the return', async () => {
  const all = given();
  const input = await withReturn(all);
  expect(await handle({ ...input, attempt: 2 }, all)).toMatchObject({ next: 'STOP' });
});
