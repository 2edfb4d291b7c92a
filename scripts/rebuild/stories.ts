import type { CanonicalEvent } from '@orderflow/shared/events';
import { noon } from '../../services/ingest/src/testing/memory.ts';

/** For tests: what canonical:default sends, and what a wrong mapping makes of it. `at`: minutes after noon. */
const iso = (minutes: number): string => new Date(noon + minutes * 60_000).toISOString();

export const order = (n: number, at: number, more: object = {}): object => ({
  type: 'order.created', timestamp: iso(at),
  data: {
    order: {
      id: `o${n}`, placedAt: iso(at), status: 'NEW', currency: 'EUR', total: 2000 + n, tax: 300, payment: { status: 'PENDING', method: 'card', provider: 'stripe', reference: `pi_${n}` },
      fulfilment: { status: 'UNFULFILLED' }, customer: { id: `c${n % 3}`, name: 'Zoë', email: ' Zoe@Shop.example ', address: { line: 'Main St 1', city: 'Köln', country: 'DE' } },
      lines: [{ id: '1', productId: 'p1', name: 'Mug', quantity: 2, unitPrice: '10.00', total: 2000 + n, unitCost: '4' }, ...(n % 2 === 0 ? [{ id: '2', productId: 'p2', name: 'Tea', quantity: 1, unitPrice: '0.00', total: 0 }] : [])],
      ...more,
    },
  },
});
export const update = (n: number, at: number, change: object): object => ({ type: 'order.updated', timestamp: iso(at), data: { update: { orderId: `o${n}`, occurredAt: iso(at), ...change } } });
export const wish = (n: number, at: number, more: object = {}): object => ({
  type: 'return.requested', timestamp: iso(at),
  data: { return: { id: `r${n}`, orderId: `o${n}`, requestedAt: iso(at), reason: 'broken', comment: 'It came broken', currency: 'EUR', amount: 900, lines: [{ lineId: '1', productId: 'p1', quantity: 1, amount: 900 }], ...more } },
});

export const kinds: readonly ((n: number, at: number) => object)[] = [
  (n, at) => order(n, at),
  (n, at) => order(n, at),
  (n, at) => update(n, at, { status: 'PROCESSING', fulfilment: { status: 'SHIPPED', lines: [{ lineId: '1', quantity: 1 }] }, tracking: { carrier: 'DHL', number: `0034${n}` } }),
  (n, at) => update(n, at, { status: 'CANCELLED', cancelReason: 'no stock' }),
  (n, at) => update(n, at, { payment: { status: 'PAID', method: 'card', provider: 'stripe', reference: `pi_${n}`, fee: 50 } }),
  (n, at) => wish(n, at),
  (n, at) => wish(n, at, { decided: { outcome: 'APPROVED', amount: 900, at: iso(at), by: 'source' } }),
  (n, at) => ({ type: 'feedback.received', timestamp: iso(at), data: { feedback: { id: `f${n}`, kind: 'review', orderId: `o${n}`, rating: 4, scale: 5, comment: 'Nice', givenAt: iso(at) } } }),
  (_, at) => ({ type: 'catalog.updated', timestamp: iso(at), data: { product: { id: 'p1', name: 'Mug', price: '10', currency: 'EUR', unitCost: '4', category: 'Kitchen' } } }),
  (n, at) => ({ type: 'inventory.counted', timestamp: iso(at), data: { inventory: { productId: 'p1', quantity: n, countedAt: iso(at) } } }),
  (n, at) => ({ type: 'adjustment.recorded', timestamp: iso(at), data: { adjustment: { id: `a${n}`, kind: 'fee', amount: 100 + n, currency: 'EUR', at: iso(at) } } }),
];

/** What a wrong mapping makes of it: other values in the same places. Keys, times and what is known at all are right. */
export function misread(event: CanonicalEvent): CanonicalEvent {
  const { data } = event;
  switch (event.type) {
    case 'order.created': {
      const { order: right } = event.data;
      return { ...event, data: { order: {
        ...right, total: right.total + 7, status: 'COMPLETED', payment: { ...right.payment, status: 'FAILED', method: 'cash' },
        customer: { ...right.customer, name: 'Eoz', address: { ...right.customer?.address, city: 'Bonn' } },
        lines: [...right.lines.map((line) => ({ ...line, quantity: line.quantity + 1, name: 'Wrong' })), { id: '9', productId: 'p1', name: 'Ghost', quantity: 1, unitPrice: '1', total: 100 }],
      } } };
    }
    case 'order.updated': {
      const { update: right } = event.data;
      return { ...event, data: { update: {
        ...right, ...(right.status ? { status: 'COMPLETED' as const } : {}), ...(right.tracking ? { tracking: { ...right.tracking, number: 'wrong' } } : {}),
        ...(right.payment ? { payment: { ...right.payment, status: 'VOIDED' as const, fee: 1 } } : {}),
      } } };
    }
    case 'return.requested': return { ...event, data: { return: { ...event.data.return, reason: 'other', amount: 1, lines: event.data.return.lines.map((line) => ({ ...line, quantity: 9 })) } } };
    case 'feedback.received': return { ...event, data: { feedback: { ...event.data.feedback, rating: 1 } } };
    case 'catalog.updated': return { ...event, data: { product: { ...event.data.product, name: 'Wrong', price: '99' } } };
    case 'inventory.counted': return { ...event, data: { inventory: { ...event.data.inventory, quantity: -1 } } };
    case 'adjustment.recorded': return { ...event, data: { adjustment: { ...event.data.adjustment, amount: -5 } } };
    default: throw new Error(`no wrong reading of ${event.type}: ${JSON.stringify(Object.keys(data))}`);
  }
}
