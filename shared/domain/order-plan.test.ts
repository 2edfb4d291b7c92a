import { fulfilmentStatuses, paymentStatuses } from '@orderflow/shared/events';
import { limits } from './limits.ts';
import { decideOrder, planOf, type OrderSituation } from './order-plan.ts';

const now = Date.parse('2026-11-22T10:00:00Z');
const order = (with_: Partial<OrderSituation> = {}): OrderSituation => ({
  status: 'NEW', payment: 'PAID', fulfilment: 'UNFULFILLED', test: false, historical: false, unknownPayment: 'settled', ...with_,
});

describe('planOf', () => {
  it('is total, and silent for tests and history', () => {
    for (const payment of paymentStatuses) for (const fulfilment of fulfilmentStatuses) {
      for (const test of [true, false]) for (const historical of [true, false]) {
        const plan = planOf(order({ payment, fulfilment, test, historical }));
        expect(plan.path).toBeDefined();
        if (test || historical) expect(plan).toEqual({ path: plan.path });
        if (historical) expect(plan.path).toBe('LOAD');
      }
    }
  });

  it.each([
    [{}, { path: 'CONFIRM', mail: 'order-confirmed', notice: 'packaging' }],
    [{ payment: 'PARTIALLY_REFUNDED' }, { path: 'CONFIRM', mail: 'order-confirmed', notice: 'packaging' }],
    [{ fulfilment: 'PACKED' }, { path: 'CONFIRM', mail: 'order-confirmed', notice: 'shipping' }],
    [{ fulfilment: 'CANCELLED' }, { path: 'LOAD' }],
    [{ status: 'CANCELLED' }, { path: 'LOAD' }],
    [{ payment: 'REFUNDED' }, { path: 'LOAD' }],
    [{ payment: 'VOIDED' }, { path: 'LOAD' }],
    [{ payment: 'PENDING' }, { path: 'WAIT' }],
    [{ payment: 'FAILED' }, { path: 'REFUSED', mail: 'payment-failed' }],
    [{ payment: 'UNKNOWN' }, { path: 'CONFIRM', mail: 'order-confirmed', notice: 'packaging' }],
    [{ payment: 'UNKNOWN', unknownPayment: 'wait' }, { path: 'WAIT' }],
    [{ test: true }, { path: 'CONFIRM' }],
  ] as const)('%j → %j', (given, plan) => {
    expect(planOf(order(given))).toEqual(plan);
  });
});

describe('decideOrder', () => {
  it('waits longer from attempt to attempt', () => {
    const due = [1, 2, 3].map((attempt) => decideOrder(order({ payment: 'PENDING' }), { attempt, now }).park?.dueAt);
    expect(due).toEqual(['2026-11-22T10:15:00.000Z', '2026-11-22T11:00:00.000Z', '2026-11-22T14:00:00.000Z']);
  });

  it('loads an unpaid order as overdue after the last attempt and keeps it parked to the park limit', () => {
    const decision = decideOrder(order({ payment: 'PENDING' }), { attempt: limits.payment.attempts, since: '2026-11-20T10:00:00Z', now });
    expect(decision).toEqual({ path: 'OVERDUE', park: { reason: 'payment-overdue', dueAt: '2026-12-20T10:00:00.000Z' } });
  });

  it('ends an order that was never paid at the park limit, without cancelling it', () => {
    expect(decideOrder(order({ payment: 'FAILED' }), { attempt: 9, since: '2026-10-01T10:00:00Z', now })).toEqual({ path: 'LOAD' });
  });

  it('goes on as soon as it is paid, however late', () => {
    expect(decideOrder(order(), { attempt: 9, since: '2026-10-01T10:00:00Z', now }).path).toBe('CONFIRM');
  });
});
