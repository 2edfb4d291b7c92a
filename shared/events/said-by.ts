import type { CanonicalEvent } from './event.ts';
import { dataHash } from './identity.ts';
import type { Order } from './order.ts';

const unmarked = <T extends { readonly historical?: boolean | undefined }>({ historical: _, ...rest }: T): Omit<T, 'historical'> => rest;

/**
 * What an event says, without the mark that our configuration and the moment of its coming set: read again later (a poll from
 * an earlier moment, a backfill, a rebuild) the same may be history.
 */
export function saidBy(event: CanonicalEvent): unknown {
  switch (event.type) {
    case 'order.created': return { order: unmarked(event.data.order) };
    case 'order.updated': return { update: unmarked(event.data.update) };
    case 'return.requested': return { return: unmarked(event.data.return) };
    case 'adjustment.recorded': return { adjustment: unmarked(event.data.adjustment) };
    default: return event.data;
  }
}

/** Hash of what an event says, 64 hex digits: what its claim and its row in the warehouse know it by. */
export const eventHash = (event: CanonicalEvent): string => dataHash(saidBy(event));

/** The event as one of the past: recorded, and nobody is written to about it. Payments have no such mark. */
export function asHistory(event: CanonicalEvent): CanonicalEvent {
  switch (event.type) {
    case 'order.created': return { ...event, data: { order: { ...event.data.order, historical: true } } };
    case 'order.updated': return { ...event, data: { update: { ...event.data.update, historical: true } } };
    case 'return.requested': return { ...event, data: { return: { ...event.data.return, historical: true } } };
    case 'adjustment.recorded': return { ...event, data: { adjustment: { ...event.data.adjustment, historical: true } } };
    default: return event;
  }
}

/** The customer as far as known: an address in lower case without blanks, so that one person is not two; the same order if it is so. */
export function resolveCustomer(order: Order): Order {
  const email = order.customer?.email?.trim().toLowerCase();
  if (email === order.customer?.email) return order;
  const { email: _, ...rest } = order.customer ?? {};
  return { ...order, customer: email ? { ...rest, email } : rest };
}
