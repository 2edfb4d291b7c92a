import type { FulfilmentStatus, PaymentStatus } from '@orderflow/shared/events';
import type { Fields } from '../../convert/index.ts';
import { whole, type Read } from '../../map/index.ts';

const cards: Readonly<Record<string, PaymentStatus>> = { AUTHORIZED: 'PENDING', CAPTURED: 'PAID', VOIDED: 'VOIDED', FAILED: 'FAILED' };

/** Cards say how far they got; what else lies in the till has been paid. */
const ofTender = (tender: Fields): PaymentStatus => {
  const card = tender.child('card_details')?.text('status');
  return card === undefined ? 'PAID' : (Object.hasOwn(cards, card) ? cards[card] : undefined) ?? 'UNKNOWN';
};

/** Whether an order is paid: no field says so, its tenders and what is still due do. */
export const paymentOf: Read<PaymentStatus> = (order, scope) => {
  const tenders = order.list('tenders').map(ofTender);
  const state = order.text('state');
  for (const worst of ['UNKNOWN', 'PENDING'] as const) if (tenders.includes(worst)) return worst;
  if (tenders.includes('PAID')) return (whole('net_amount_due_money.amount')(order, scope) ?? 0) > 0 ? 'PENDING' : 'PAID';
  if (tenders.length > 0) return tenders.includes('FAILED') ? 'FAILED' : 'VOIDED';
  if (state === 'CANCELED') return 'VOIDED';
  return state === 'COMPLETED' ? 'PAID' : 'PENDING';
};

const reached: Readonly<Record<string, FulfilmentStatus>> = {
  PROPOSED: 'UNFULFILLED', RESERVED: 'UNFULFILLED', PREPARED: 'PACKED', CANCELED: 'CANCELLED', FAILED: 'CANCELLED',
};

/** A parcel is completed when its carrier has it; what is picked up or brought, when the customer has it. */
const ofFulfilment = (one: Fields): FulfilmentStatus => {
  const state = one.text('state') ?? '';
  if (state === 'COMPLETED') return one.text('type') === 'SHIPMENT' ? 'SHIPPED' : 'DELIVERED';
  return (Object.hasOwn(reached, state) ? reached[state] : undefined) ?? 'UNKNOWN';
};

const ofOrder: Readonly<Record<string, FulfilmentStatus>> = { OPEN: 'UNFULFILLED', COMPLETED: 'DELIVERED', CANCELED: 'CANCELLED' };

/** A sale over the counter has no fulfilments: the goods go with the customer. */
export const fulfilmentOf: Read<FulfilmentStatus> = (order) => {
  const states = [...new Set(order.list('fulfillments').map(ofFulfilment))];
  if (states.length === 1) return states[0];
  if (states.length > 1) return states.includes('SHIPPED') || states.includes('DELIVERED') ? 'PARTIAL' : 'UNFULFILLED';
  const state = order.text('state') ?? '';
  return (Object.hasOwn(ofOrder, state) ? ofOrder[state] : undefined) ?? 'UNKNOWN';
};
