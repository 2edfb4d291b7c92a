import type { Account } from '@orderflow/shared/accounts';
import type { CanonicalEvent } from '@orderflow/shared/events';

const day = 24 * 3_600_000;

/** Marks that an account's configuration sets: orders of test accounts are tests, old orders are historical. */
export function mark(event: CanonicalEvent, account: Account, receivedAt: number): CanonicalEvent {
  if (event.type === 'order.created') {
    const { order } = event.data;
    const limit = account.historicalAfterDays;
    const old = limit !== undefined && receivedAt - Date.parse(order.placedAt) > limit * day;
    if (!old && account.test !== true) return event;
    const marks = { ...(old ? { historical: true } : {}), ...(account.test ? { test: true } : {}) };
    return { ...event, data: { order: { ...order, ...marks } } };
  }
  // a whole order again: without the mark it would become a sale
  if (event.type === 'order.updated' && account.test && event.data.update.order) {
    const { update } = event.data;
    return { ...event, data: { update: { ...update, order: { ...event.data.update.order, test: true } } } };
  }
  if (event.type === 'return.requested' && account.test) {
    return { ...event, data: { return: { ...event.data.return, test: true } } };
  }
  return event;
}
