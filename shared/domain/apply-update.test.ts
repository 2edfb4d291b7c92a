import fc from 'fast-check';
import { fulfilmentStatuses, orderStatuses, paymentStatuses } from '@orderflow/shared/events';
import { applyUpdate, changeOfPayment, changeOfUpdate, type OrderChange, type OrderState } from './apply-update.ts';
import { givenOrder, givenSequence } from './given.ts';
import { groupsOf } from './order-state.ts';

const at = '2026-11-22T10:00:00Z';
const given = (with_ = {}): OrderState => {
  const order = givenOrder(with_);
  return { order, groups: groupsOf(order, givenSequence(1), order.placedAt) };
};
const change = (sequence: number, with_: Partial<OrderChange>): OrderChange => ({ sequence: givenSequence(sequence), occurredAt: at, ...with_ });

describe('applyUpdate', () => {
  it('given an unfulfilled order, when shipped, then the customer and, once packed or later, shipping are told', () => {
    const { state, effects } = applyUpdate(given(), change(2, { fulfilment: { status: 'SHIPPED' } }));
    expect(state.groups.fulfilment).toMatchObject({ value: 'SHIPPED', sequence: givenSequence(2) });
    expect(state.order?.fulfilment.status).toBe('SHIPPED');
    expect(effects).toMatchObject({ changed: ['fulfilment'], mails: ['shipped'], notices: ['shipping'], wakes: false });
  });

  it('given a delivered order, when an older update comes, then nothing changes but the history has it', () => {
    const delivered = applyUpdate(given(), change(5, { fulfilment: { status: 'DELIVERED' } })).state;
    const { state, effects } = applyUpdate(delivered, change(3, { fulfilment: { status: 'SHIPPED' } }));
    expect(state).toEqual(delivered);
    expect(effects).toEqual({
      changed: [], mails: [], notices: [], wakes: false,
      history: [{ group: 'fulfilment', status: 'SHIPPED', at, sequence: givenSequence(3) }],
    });
  });

  it('tells nobody of a correction', () => {
    const delivered = applyUpdate(given(), change(5, { fulfilment: { status: 'DELIVERED' } })).state;
    expect(applyUpdate(delivered, change(6, { fulfilment: { status: 'SHIPPED' } })).effects).toMatchObject({ changed: ['fulfilment'], mails: [], notices: [] });
  });

  it('never replaces what is known by UNKNOWN', () => {
    expect(applyUpdate(given(), change(9, { payment: { status: 'UNKNOWN' } })).effects).toMatchObject({ changed: [], history: [] });
  });

  it('wakes a pending order when it is paid, by a provider too', () => {
    const pending = given({ payment: { status: 'PENDING', provider: 'stripe', reference: 'pi_1' } });
    const paid = changeOfPayment({ provider: 'stripe', reference: 'pi_1', status: 'PAID', fee: 59, occurredAt: at }, givenSequence(2));
    const { state, effects } = applyUpdate(pending, paid);
    expect(effects).toMatchObject({ changed: ['payment'], wakes: true });
    expect(state.order?.payment).toEqual({ status: 'PAID', provider: 'stripe', reference: 'pi_1', fee: 59 });
  });

  it('clears overdue with the payment and not before', () => {
    const pending = given({ payment: { status: 'PENDING' } });
    const overdue: OrderState = { ...pending, groups: { ...pending.groups, overdue: true } };
    expect(applyUpdate(overdue, change(2, { payment: { status: 'FAILED' } })).state.groups.overdue).toBe(true);
    expect(applyUpdate(overdue, change(2, { payment: { status: 'PAID' } })).state.groups).not.toHaveProperty('overdue');
  });

  it('sends the cancellation mail and wakes a parked order when the source cancels', () => {
    const update = { orderKey: 'k', occurredAt: at, status: 'CANCELLED' as const, cancelReason: 'sold out' };
    expect(applyUpdate(given(), changeOfUpdate(update, givenSequence(2))).effects).toMatchObject({ mails: ['order-cancelled'], wakes: true });
  });

  it('takes lines, address and header of a newer snapshot, and of an older one nothing', () => {
    const snapshot = givenOrder({ total: 9999, lines: [], customer: { id: 'c1', address: { city: 'Wien' } } });
    const newer = applyUpdate(given(), change(2, { order: snapshot })).state.order;
    expect(newer).toMatchObject({ total: 9999, lines: [], customer: { id: 'c1', address: { city: 'Wien' } } });
    expect(applyUpdate(given(), change(0, { order: snapshot })).state).toEqual(given());
  });

  it('works on a tombstone, which has groups only', () => {
    const { groups } = given();
    expect(applyUpdate({ groups }, change(2, { fulfilment: { status: 'PACKED' } })).state.order).toBeUndefined();
  });
});

describe('any order of arrival', () => {
  const optional = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined });
  const changes = fc.array(
    fc.record({
      sequence: fc.integer({ min: 0, max: 5 }).map(givenSequence), // few, so that ties are many
      occurredAt: fc.constant(at),
      status: optional(fc.constantFrom(...orderStatuses)),
      payment: optional(fc.record({ status: fc.constantFrom(...paymentStatuses), fee: fc.integer({ min: 0, max: 3 }) })),
      fulfilment: optional(fc.record({ status: fc.constantFrom(...fulfilmentStatuses) })),
      order: optional(fc.integer({ min: 1, max: 3 }).map((total) => givenOrder({ total, customer: { id: 'c1', address: { city: `city ${total}` } } }))),
    }),
    { minLength: 1, maxLength: 7 },
  );
  const end = (all: readonly OrderChange[]): OrderState => all.reduce((state, one) => applyUpdate(state, one).state, given());

  it('ends in the same state', () => {
    fc.assert(
      fc.property(changes.chain((all) => fc.tuple(fc.constant(all), fc.shuffledSubarray(all, { minLength: all.length }))), ([all, shuffled]) => {
        expect(end(shuffled)).toEqual(end(all));
      }),
      { numRuns: 300 },
    );
  });

  it('is not moved by a repeat', () => {
    fc.assert(fc.property(changes, (all) => { expect(end([...all, ...all])).toEqual(end(all)); }), { numRuns: 100 });
  });
});
