import type { Demo, DemoMessage, DemoSale, DemoState, Telling } from '../demo.ts';
import { paymentText } from '../mollie/demo.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

const event = (type: string, entityId: string, at: number, { delivery }: Telling, embedded?: object): DemoMessage => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ resource: 'event', id: `event_${delivery}`, type, entityId, createdAt: iso(at), ...(embedded && { _embedded: { entity: embedded } }) }),
});

const typeOf = ({ payment }: DemoState): string => `payment.${payment === 'PAID' ? 'paid' : payment === 'FAILED' ? 'failed' : 'pending'}`;

const told = (sale: DemoSale, state: DemoState, telling: Telling): DemoMessage =>
  ({ ...event(typeOf(state), sale.id, state.at, telling), fetched: { id: sale.id, body: paymentText(sale.id, sale, state), makes: ['order.created'] } });

export const demo: Demo = {
  currencies: ['EUR', 'GBP', 'JPY'],
  without: ['tax', 'shipping'],
  tells: ['PAID'],
  orderId: (serial) => `tr_${serial}`,
  paymentReference: (serial) => `tr_${serial}`,
  ordered: told,
  changed: told,
  returned: (sale, back, telling) => ({
    ...event('refund.refunded', `re_${back.id}`, back.at, telling, { resource: 'refund', id: `re_${back.id}`, paymentId: sale.id }),
    fetched: { id: sale.id, body: paymentText(sale.id, sale, { payment: 'PAID', at: back.at }, back), makes: ['order.created', 'return.requested'] },
    of: `re_${back.id}`,
  }),
  paid: (sale, state, telling) => ({
    ...event(typeOf(state), sale.paymentReference, state.at, telling),
    fetched: { id: sale.paymentReference, body: paymentText(sale.paymentReference, sale, state), of: sale.paymentReference },
  }),
  pinged: (telling) => event('balance-transaction.created', 'baltr_1', Date.UTC(2026, 10, 22), telling),
};
