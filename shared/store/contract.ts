import { openAccount, type RefundAccount } from '@orderflow/shared/domain';
import { givenNewItem, givenNewUpdate } from './given.ts';
import { dueShards, orderSk, sentSk, type InFlightItem } from './item.ts';
import type { DueState, Fence, InFlightStore, ReceiveResult } from './port.ts';

const later = '2026-11-22T11:00:00.000Z';
const end = '2027-01-01T00:00:00.000Z';

/** What every implementation of the in-flight store must do. `store` is called within tests. */
export function inFlightStoreContract(store: () => InFlightStore): void {
  let last = 0;
  const next = (): number => ++last;
  const itemOf = (result: ReceiveResult): InFlightItem => {
    if (result.outcome === 'conflict' || !result.item) throw new Error(`no item: ${result.outcome}`);
    return result.item;
  };
  const received = async (number = next()): Promise<InFlightItem> => itemOf(await store().receive(givenNewItem(number)));
  const fence = ({ attempt, revision }: Fence): Fence => ({ attempt, revision });
  const dueKeys = async (state: DueState, service: 'orders' | 'updates' = 'orders'): Promise<string[]> => {
    const keys: string[] = [];
    for (let shard = 0; shard < dueShards; shard++) {
      let from: string | undefined;
      do {
        const page = await store().due({ service, state, shard, until: end, limit: 2, ...(from ? { from } : {}) });
        keys.push(...page.items.map(({ pk, sk }) => `${pk} ${sk}`));
        from = page.next;
      } while (from);
    }
    return keys;
  };

  describe('redact', () => {
    it('replaces the data of what is parked or done, not of what is at work, changed or forgotten', async () => {
      const item = await received();
      expect(await store().redact(item, item.revision, { order: 'blank' })).toBe('busy');
      const parked = await store().park(item, fence(item), { reason: 'payment-pending', dueAt: later });
      if (parked.outcome !== 'written') throw new Error('not parked');
      expect(await store().redact(item, item.revision, { order: 'blank' })).toBe('busy');
      expect(await store().redact(item, parked.item.revision, { order: 'blank' })).toBe('redacted');
      const after = await store().get(item);
      expect(after).toEqual({ ...parked.item, data: { order: 'blank' }, revision: parked.item.revision + 1 });
      expect(await store().redact({ pk: 'nobody:default:1', sk: 'ORDER' }, 1, {})).toBe('busy');
    });
  });

  describe('the states of events', () => {
    it('are those of their items, for any number of them, and absent where there is none', async () => {
      const items = await Promise.all(Array.from({ length: 120 }, () => received()));
      const [first] = items;
      if (!first) throw new Error('no item');
      await store().park(first, fence(first), { reason: 'payment-pending', dueAt: later });
      const states = await store().statesOf([...items.map(({ event }) => event.id), 'f'.repeat(32)]);
      expect(states.size).toBe(120);
      expect(states.get(first.event.id)).toBe('PARKED');
      expect([...states.values()].filter((state) => state === 'RECEIVED')).toHaveLength(119);
      expect(await store().statesOf([])).toEqual(new Map());
    });
  });

  describe('receive', () => {
    it('given nothing, then writes item and claim as RECEIVED, due for a restart', async () => {
      const item = await received();
      expect(item).toMatchObject({ state: 'RECEIVED', version: 1, revision: 1, attempt: 1, service: 'orders' });
      expect(await store().get(item)).toEqual(item);
      expect(await dueKeys('RECEIVED')).toContain(`${item.pk} ORDER`);
    });

    it('given the same event RECEIVED, then says redelivered; parked or done, then duplicate', async () => {
      const number = next();
      const item = await received(number);
      expect(await store().receive(givenNewItem(number))).toEqual({ outcome: 'redelivered', item });
      await store().park(item, fence(item), { reason: 'payment-pending', dueAt: later });
      expect((await store().receive(givenNewItem(number))).outcome).toBe('duplicate');
    });

    it('given ten deliveries at once, then one is received', async () => {
      const number = next();
      const results = await Promise.all(Array.from({ length: 10 }, () => store().receive(givenNewItem(number))));
      expect(results.map((result) => result.outcome).sort()).toEqual(['received', ...Array.from({ length: 9 }, () => 'redelivered')].sort());
    });

    it('given the same event id with other data, then says conflict and keeps the first', async () => {
      const number = next();
      const item = await received(number);
      const other = givenNewItem(number);
      expect(await store().receive({ ...other, event: { ...other.event, hash: 'f'.repeat(64) } })).toEqual({ outcome: 'conflict', claimedHash: item.event.hash });
      expect(await store().get(item)).toEqual(item);
    });

    it('given another event for the same item, then says exists and takes no claim', async () => {
      const number = next();
      await received(number);
      const again = givenNewItem(number);
      const other = { ...again, event: { ...again.event, id: 'e'.repeat(28) + number.toString(16).padStart(4, '0') } };
      expect(await store().receive(other)).toMatchObject({ outcome: 'exists', sameContent: true });
      expect(await store().receive({ ...other, event: { ...other.event, hash: 'f'.repeat(64) } })).toMatchObject({ outcome: 'exists', sameContent: false });
    });

    it('points payments to the order, the first one for good', async () => {
      const [number, rival] = [next(), next()];
      const payment = `stripe:default:payment:pi_${number}`;
      await store().receive({ ...givenNewItem(number), payments: [payment] });
      await store().receive({ ...givenNewItem(rival), payments: [payment] });
      expect((await store().look(payment)).paymentOf).toBe(`canonical:default:${number}`);
    });

    it('tells an order of the payments that wait for it already', async () => {
      const number = next();
      const partition = `stripe:default:payment:pi_${number}`;
      const early = itemOf(await store().receive({ ...givenNewUpdate(number, 'early'), pk: partition }));
      expect(await store().park(early, fence(early), { reason: 'payment-unknown', dueAt: later })).toMatchObject({ outcome: 'written', item: { state: 'PARKED' } });
      expect(await store().look(partition)).toMatchObject({ others: [{ state: 'PARKED' }] });
      expect(await store().look(partition)).not.toHaveProperty('paymentOf');
      const order = itemOf(await store().receive({ ...givenNewItem(number), payments: ['other', partition] }));
      expect(order.progress).toEqual({ awaited: [partition] });
      expect((await store().look(partition)).paymentOf).toBe(order.pk);
      expect((await store().receive({ ...givenNewItem(number), payments: ['other', partition] })).outcome).toBe('redelivered');
    });

    it('keeps 5,000 lines and gives them back', async () => {
      const number = next();
      const lines = Array.from({ length: 5_000 }, (_, at) => ({ id: String(at), name: `product ${at} `.padEnd(100, 'x'), quantity: 1 }));
      const big = givenNewItem(number, { data: { order: { key: 'k', lines } } });
      await store().receive(big);
      expect((await store().get(big))?.data).toEqual(big.data);
      expect((await store().look(big.pk)).order?.data).toEqual(big.data);
    });
  });

  describe('look', () => {
    it('reads order, updates and guards at once', async () => {
      const number = next();
      const order = await received(number);
      const update = itemOf(await store().receive(givenNewUpdate(number, 'u1')));
      await store().claimSent(order.pk, { transition: 'CONFIRMED', by: 'x' });
      expect(await store().look(order.pk)).toMatchObject({ order, others: [update], sent: [{ transition: 'CONFIRMED', by: 'x' }] });
      expect(await store().look('nobody')).toEqual({ others: [], sent: [] });
    });
  });

  describe('writes of an execution', () => {
    it('are made by who has read the item as it is', async () => {
      const item = await received();
      const saved = await store().save(item, fence(item), { progress: { checked: true } });
      expect(saved).toMatchObject({ outcome: 'written', item: { revision: 2, progress: { checked: true }, data: item.data } });
      expect(await store().save(item, fence(item), { progress: {} })).toMatchObject({ outcome: 'changed', item: { revision: 2 } });
    });

    it('are refused to an older attempt', async () => {
      const item = await received();
      await store().park(item, fence(item), { reason: 'payment-pending', dueAt: later });
      await store().wake(item, { attempt: 1, dueAt: later });
      expect(await store().save(item, fence(item), {})).toMatchObject({ outcome: 'lost', item: { attempt: 2 } });
      expect(await store().save({ pk: 'nobody', sk: orderSk }, { attempt: 1, revision: 1 }, {})).toEqual({ outcome: 'lost' });
    });

    it('claim a message together with the change, or neither', async () => {
      const item = await received();
      const claim = { transition: 'CONFIRMED', by: 'one' };
      expect(await store().saveAndClaim(item, fence(item), { progress: { a: 1 } }, claim)).toEqual({ outcome: 'written' });
      expect(await store().saveAndClaim(item, fence(item), { progress: { a: 2 } }, claim)).toMatchObject({ outcome: 'changed' });
      expect(await store().saveAndClaim(item, { attempt: 1, revision: 2 }, { progress: { a: 2 } }, claim)).toMatchObject({ outcome: 'taken', guard: { by: 'one' } });
      expect(await store().get(item)).toMatchObject({ progress: { a: 1 }, revision: 2 });
    });
  });

  describe('amendOrder', () => {
    it('remembers in the item of the change what it has brought about, both or neither', async () => {
      const number = next();
      const order = await received(number);
      const change = itemOf(await store().receive(givenNewUpdate(number, 'amend')));
      const own = { key: change, fence: fence(change), content: { progress: { mails: ['shipped'] } } };
      expect(await store().amendOrder(order.pk, 7, {}, own)).toEqual({ outcome: 'changed' });
      expect(await store().amendOrder(order.pk, 1, { progress: { seen: true } }, own)).toEqual({ outcome: 'written' });
      expect(await store().get(change)).toMatchObject({ revision: 2, progress: { mails: ['shipped'] } });
      expect(await store().get(order)).toMatchObject({ revision: 2, progress: { seen: true } });
      expect(await store().amendOrder(order.pk, 2, {}, own)).toEqual({ outcome: 'lost' });
      expect((await store().get(order))?.revision).toBe(2);
    });
  });

  describe('park and wake', () => {
    it('moves an item through the due index and back, the first parking remembered', async () => {
      const item = await received();
      const parked = await store().park(item, fence(item), { reason: 'payment-pending', dueAt: later });
      expect(parked).toMatchObject({ outcome: 'written', item: { state: 'PARKED', parked: { reason: 'payment-pending' }, dueAt: later } });
      expect(await dueKeys('PARKED')).toContain(`${item.pk} ORDER`);
      const woken = await store().wake(item, { attempt: 1, dueAt: later });
      expect(woken).toMatchObject({ outcome: 'written', item: { state: 'RECEIVED', attempt: 2, version: 2 } });
      expect(await dueKeys('PARKED')).not.toContain(`${item.pk} ORDER`);
      if (woken.outcome !== 'written' || parked.outcome !== 'written') throw new Error('not written');
      const again = await store().park(item, fence(woken.item), { reason: 'payment-overdue', dueAt: later });
      expect(again).toMatchObject({ item: { parked: { reason: 'payment-overdue', since: parked.item.parked?.since } } });
    });

    it('is woken by one of many', async () => {
      const item = await received();
      await store().park(item, fence(item), { reason: 'payment-pending', dueAt: later });
      const results = await Promise.all(Array.from({ length: 5 }, () => store().wake(item, { attempt: 1, dueAt: later })));
      expect(results.filter((result) => result.outcome === 'written')).toHaveLength(1);
      expect((await store().get(item))?.attempt).toBe(2);
    });
  });

  describe('messages', () => {
    it('are claimed once, given back by their claimer only, and never after an outcome', async () => {
      const { pk } = await received();
      expect(await store().claimSent(pk, { transition: 'SHIPPED', by: 'one' })).toEqual({ outcome: 'claimed' });
      expect(await store().claimSent(pk, { transition: 'SHIPPED', by: 'two' })).toMatchObject({ outcome: 'taken', guard: { by: 'one' } });
      await store().releaseSent(pk, { transition: 'SHIPPED', by: 'two' });
      expect((await store().claimSent(pk, { transition: 'SHIPPED', by: 'two' })).outcome).toBe('taken');
      await store().releaseSent(pk, { transition: 'SHIPPED', by: 'one' });
      expect((await store().claimSent(pk, { transition: 'SHIPPED', by: 'two' })).outcome).toBe('claimed');
      await store().recordSent(pk, 'orders', [{ transition: 'SHIPPED', outcome: 'sent', messageId: 'm1' }]);
      await store().releaseSent(pk, { transition: 'SHIPPED', by: 'two' });
      expect((await store().look(pk)).sent).toMatchObject([{ transition: 'SHIPPED', outcome: 'sent', messageId: 'm1' }]);
    });

    it('of unknown outcome stand in the due index until it is known', async () => {
      const { pk } = await received();
      await store().claimSent(pk, { transition: 'SHIPPED', by: 'one' });
      await store().recordSent(pk, 'updates', [{ transition: 'SHIPPED', outcome: 'unknown' }]);
      expect(await dueKeys('UNSURE', 'updates')).toContain(`${pk} ${sentSk('SHIPPED')}`);
      await store().recordSent(pk, 'updates', [{ transition: 'SHIPPED', outcome: 'sent' }]);
      expect(await dueKeys('UNSURE', 'updates')).not.toContain(`${pk} ${sentSk('SHIPPED')}`);
    });
  });

  describe('done and forget', () => {
    const done = (item: InFlightItem, version = item.version) =>
      store().done(item, { attempt: item.attempt, version, dueAt: later, sent: [{ transition: 'CONFIRMED', outcome: 'sent', messageId: 'm' }] });
    const forget = ({ pk, sk }: InFlightItem, version = 1) => store().forget({ pk, sk, version });

    it('done first: forgets with the load', async () => {
      const item = await received();
      await store().claimSent(item.pk, { transition: 'CONFIRMED', by: 'x' });
      expect(await done(item)).toBe('done');
      expect((await store().look(item.pk)).sent).toMatchObject([{ outcome: 'sent', messageId: 'm' }]);
      expect(await dueKeys('DONE')).toContain(`${item.pk} ORDER`);
      expect(await forget(item)).toBe('forgotten');
      expect(await dueKeys('DONE')).not.toContain(`${item.pk} ORDER`);
      const tombstone = await store().get(item);
      expect(tombstone).toMatchObject({ state: 'FORGOTTEN' });
      expect(tombstone).not.toHaveProperty('data');
      expect(await forget(item)).toBe('already');
    });

    it('load first: Done forgets', async () => {
      const item = await received();
      await store().claimSent(item.pk, { transition: 'CONFIRMED', by: 'x' });
      expect(await forget(item)).toBe('noted');
      expect(await done(item)).toBe('forgotten');
      expect(await store().get(item)).not.toHaveProperty('data');
      expect(await done(item)).toBe('forgotten');
    });

    it('both at once: forgotten all the same', async () => {
      const items = await Promise.all(Array.from({ length: 8 }, () => received()));
      await Promise.all(items.map((item) => Promise.all([forget(item), store().done(item, { attempt: 1, version: 1, dueAt: later })])));
      for (const item of items) expect((await store().get(item))?.state).toBe('FORGOTTEN');
    });

    it('repeated Done is one; Done of an older attempt or of a parked item is lost', async () => {
      const item = await received();
      expect(await done(item)).toBe('done');
      expect(await done(item)).toBe('done');
      expect(await store().done(item, { attempt: 2, version: 1, dueAt: later })).toBe('lost');
      const parked = await received();
      await store().park(parked, fence(parked), { reason: 'payment-overdue', dueAt: later });
      expect(await done(parked)).toBe('lost');
    });

    it('a load of an older version forgets nothing', async () => {
      const item = await received();
      await store().park(item, fence(item), { reason: 'payment-overdue', dueAt: later });
      expect(await forget(item)).toBe('noted');
      await store().wake(item, { attempt: 1, dueAt: later });
      expect(await store().done(item, { attempt: 2, version: 2, dueAt: later })).toBe('done');
      expect(await forget(item, 1)).toBe('superseded');
      expect(await forget(item, 2)).toBe('forgotten');
      expect(await store().forget({ pk: 'nobody', sk: orderSk, version: 1 })).toBe('unknown');
    });

    it('an update lands between load and forget: it stays on the tombstone', async () => {
      const item = await received();
      await store().done(item, { attempt: 1, version: 1, dueAt: later });
      const now = await store().get(item);
      const groups = { payment: { value: 'PAID' } } as unknown as NonNullable<InFlightItem['groups']>;
      expect(await store().amendOrder(item.pk, now?.revision ?? 0, { groups })).toMatchObject({ outcome: 'written' });
      expect(await forget(item)).toBe('forgotten');
      expect(await store().get(item)).toMatchObject({ state: 'FORGOTTEN', groups });
    });

    it('a late write to a forgotten item is refused; an amendment brings no data back', async () => {
      const item = await received();
      await store().done(item, { attempt: 1, version: 1, dueAt: later });
      await forget(item);
      const tombstone = await store().get(item);
      const revision = tombstone?.revision ?? 0;
      expect((await store().save(item, { attempt: 1, revision }, { data: {} })).outcome).toBe('lost');
      expect((await store().park(item, { attempt: 1, revision }, { reason: 'payment-pending', dueAt: later })).outcome).toBe('lost');
      expect((await store().wake(item, { attempt: 1, dueAt: later })).outcome).toBe('lost');
      expect((await store().amendOrder(item.pk, revision, { data: {} })).outcome).toBe('changed');
      expect(await store().amendOrder('nobody', 1, {})).toEqual({ outcome: 'changed' });
      expect(await store().get(item)).toEqual(tombstone);
    });

    it('a redelivery after all that is a duplicate', async () => {
      const number = next();
      const item = await received(number);
      await store().done(item, { attempt: 1, version: 1, dueAt: later });
      await forget(item);
      expect((await store().receive(givenNewItem(number))).outcome).toBe('duplicate');
    });
  });

  describe('release', () => {
    it('lets a replay be received as new, unless the item has moved', async () => {
      const number = next();
      const item = await received(number);
      expect(await store().release({ ...item, revision: 7 })).toBe('changed');
      expect(await store().release(item)).toBe('released');
      expect(await store().get(item)).toBeUndefined();
      expect((await store().receive(givenNewItem(number))).outcome).toBe('received');
    });
  });

  describe('refunds', () => {
    const account = openAccount({ currency: 'EUR', total: 3000, payment: { status: 'PAID' }, lines: [{ id: '1', quantity: 2 }] } as never, true);
    const given = async (refunds: RefundAccount = account) => {
      const number = next();
      const order = await received(number);
      await store().save(order, fence(order), { refunds });
      const returns = await Promise.all(['a', 'b', 'c'].map((name) => store().receive({ ...givenNewUpdate(number, name), sk: `RETURN#${name}`, service: 'returns' })));
      return { order, returns: returns.map(itemOf) };
    };
    const book = (order: InFlightItem, item: InFlightItem, amount: number, lines = {}) =>
      store().bookRefund(item, fence(item), { progress: { decided: true } }, { orderKey: order.pk, amount, lines });

    it('are booked with their decision, never beyond what was paid or bought', async () => {
      const { order, returns: [a, b] } = await given();
      if (!a || !b) throw new Error('no returns');
      expect(await book(order, a, 2000, { 1: 1 })).toEqual({ outcome: 'written' });
      expect(await book(order, b, 1001)).toMatchObject({ outcome: 'refused' });
      expect(await book(order, b, 0, { 1: 2 })).toMatchObject({ outcome: 'refused' });
      expect(await book(order, b, 1000, { 1: 1 })).toEqual({ outcome: 'written' });
      expect((await store().get(order))?.refunds).toMatchObject({ refunded: 3000, returned: { 1: 2 } });
    });

    it('decided at once share the same money', async () => {
      const { order, returns } = await given();
      const results = await Promise.all(returns.map((item) => book(order, item, 2000)));
      expect(results.map(({ outcome }) => outcome).sort()).toEqual(['refused', 'refused', 'written']);
    });

    it('once per return', async () => {
      const { order, returns: [a] } = await given();
      if (!a) throw new Error('no return');
      await book(order, a, 1000);
      expect((await book(order, a, 1000)).outcome).toBe('changed');
      expect((await store().get(order))?.refunds?.refunded).toBe(1000);
    });

    it('are booked on a tombstone', async () => {
      const { order, returns: [a] } = await given();
      if (!a) throw new Error('no return');
      await store().done(order, { attempt: 1, version: 1, dueAt: later });
      await store().forget({ pk: order.pk, sk: orderSk, version: 1 });
      expect(await book(order, a, 3000, { 1: 2 })).toEqual({ outcome: 'written' });
      expect(await store().get(order)).toMatchObject({ state: 'FORGOTTEN', refunds: { refunded: 3000 } });
    });

    it('are refused for an order that is not there', async () => {
      const item = await received();
      expect(await store().bookRefund(item, fence(item), {}, { orderKey: 'nobody', amount: 1, lines: {} })).toEqual({ outcome: 'refused' });
    });
  });
}
