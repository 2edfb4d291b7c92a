import type { Order } from '@orderflow/shared/events';
import { dataHash, orderKey, sequenceOf } from '@orderflow/shared/events';
import type { Fact } from '@orderflow/shared/facts';
import type { FactOf } from './rows.ts';

/** Facts for tests. */
const hex = (text: string, digits: number): string => dataHash(text).slice(0, digits);

const envelope = (key: string, sequence: number, event: string, type: string) => ({
  source: 'shopify', account: 'default', key, sequence: sequenceOf(sequence), partitionkey: key, recordedAt: '2026-11-22T09:00:00.000Z',
  events: [{ id: hex(event, 32), type, key, hash: hex(`${event} data`, 64), recordedAt: '2026-11-22T09:00:00.123Z' }],
});

export function givenOrder(number: number, more: Partial<Order> = {}): Order {
  const id = String(1000 + number);
  return {
    key: orderKey('shopify', 'default', id), source: 'shopify', account: 'default', id, number: `#${id}`, placedAt: '2026-11-22T08:59:00Z',
    status: 'NEW', currency: 'EUR', total: 3000, tax: 479, shipping: 500, payment: { status: 'PAID', method: 'card', provider: 'stripe', reference: `pi_${id}`, fee: 75 },
    fulfilment: { status: 'UNFULFILLED' },
    customer: { id: `c${number % 7}`, name: `Zoë ${number % 7}`, email: `c${number % 7}@shop.example`, address: { line: '1 Main St', city: 'Köln', postalCode: '50667', country: 'DE' } },
    position: { latitude: 50.9375, longitude: 6.9603, from: 'address' },
    lines: [
      { id: '1', productId: 'p1', sku: 'S-1', name: 'Mug', category: 'Kitchen', quantity: 2, unitPrice: '10.00', total: 2000, unitCost: '4.20' },
      { id: '2', productId: `p${2 + (number % 5)}`, name: 'Tea', quantity: 1, unitPrice: '4.999', total: 500 },
      { id: '3', name: 'Postage', quantity: 1, unitPrice: '5.00', total: 500, class: 'postage' },
    ],
    ...more,
  };
}

export function orderFact(number: number, sequence = 1, more: Partial<Order> = {}): FactOf<'order.settled'> {
  const order = givenOrder(number, more);
  const version = sequenceOf(sequence);
  return {
    ...envelope(order.key, sequence, `order ${number} ${sequence} ${JSON.stringify(more)}`, 'order.created'), fact: 'order.settled',
    inFlight: { pk: order.key, sk: 'ORDER', version: 1 },
    payload: {
      order, versions: { header: version, status: version, payment: version, fulfilment: version, address: version, lines: version },
      history: [{ group: 'order', status: order.status, at: order.placedAt, sequence: version }, { group: 'payment', status: order.payment.status, at: order.placedAt, sequence: version }],
    },
  };
}

export function updateFact(number: number, sequence: number, payload: Partial<FactOf<'update.settled'>['payload']>): FactOf<'update.settled'> {
  const key = orderKey('shopify', 'default', String(1000 + number));
  const version = sequenceOf(sequence);
  return {
    ...envelope(key, sequence, `update ${number} ${sequence} ${JSON.stringify(payload)}`, 'order.updated'), fact: 'update.settled',
    payload: {
      orderKey: key, occurredAt: '2026-11-22T10:00:00Z',
      versions: { ...(payload.status && { status: version }), ...(payload.payment && { payment: version }), ...(payload.fulfilment && { fulfilment: version }) },
      history: [], ...payload,
    },
  };
}

export function returnFact(number: number, outcome: 'APPROVED' | 'PARTIAL' | 'REJECTED' = 'APPROVED'): FactOf<'return.settled'> {
  const id = `r${number}`;
  return {
    ...envelope(`shopify:default:return:${id}`, 5, `return ${number} ${outcome}`, 'return.requested'), fact: 'return.settled',
    payload: {
      return: {
        id, orderKey: orderKey('shopify', 'default', String(1000 + number)), requestedAt: '2026-11-25T08:00:00Z', reason: 'broken', comment: 'It came broken', currency: 'EUR', amount: 2000,
        lines: [{ lineId: '1', productId: 'p1', quantity: 2, amount: 2000 }],
      },
      source: 'shopify', account: 'default', sequence: sequenceOf(5),
      decision: { outcome, by: 'policy', rule: 'within-window', at: '2026-11-25T08:00:01Z', features: { daysSinceDelivery: 2 } },
      refund: { status: 'DUE', amount: 2000, currency: 'EUR' },
    },
  };
}

export const catalogFact = (id: string, sequence: number, name: string, more: Partial<FactOf<'catalog.updated'>['payload']['product']> = {}, occurredAt?: string): Fact => ({
  ...envelope(`shopify:default:product:${id}`, sequence, `catalog ${id} ${sequence}`, 'catalog.updated'), fact: 'catalog.updated',
  payload: { product: { id, name, category: 'Kitchen', categoryId: 'k', price: '9.999', currency: 'EUR', unitCost: '4', seller: 'Acme', returnByDays: 30, ...more } },
  ...(occurredAt !== undefined && { occurredAt }),
});
