import { composeKey, eventId, orderKey, sequenceOfTime, type CanonicalEvent, type Order } from '@orderflow/shared/events';

/** A valid, paid, live order; every part can be replaced. People in it do not exist. */
export function anOrder(over: Partial<Order> = {}): Order {
  const id = over.id ?? '1001';
  const source = over.source ?? 'canonical';
  const account = over.account ?? 'default';
  return {
    key: orderKey(source, account, id),
    source,
    account,
    id,
    placedAt: '2026-11-22T09:30:00Z',
    status: 'NEW',
    currency: 'EUR',
    total: 2999,
    payment: { status: 'PAID', method: 'card', provider: 'stripe', reference: `pi_${id}` },
    fulfilment: { status: 'UNFULFILLED' },
    customer: { id: 'c-1', name: 'Test Person', email: 'test.person@example.com', address: { country: 'IE' } },
    position: { latitude: 53.3498, longitude: -6.2603, from: 'order' },
    lines: [{ id: '1', productId: 'p-1', name: 'Kettle', quantity: 1, unitPrice: '29.99', total: 2999 }],
    ...over,
  };
}

/** order.created around {@link anOrder}. */
export function orderCreatedEvent(over: Partial<Order> = {}, delivery = `delivery-${over.id ?? '1001'}`): CanonicalEvent<'order.created'> {
  const order = anOrder(over);
  return {
    specversion: '1.0',
    id: eventId(order.source, order.account, delivery, 0),
    source: `/sources/${order.source}/${order.account}`,
    type: 'order.created',
    subject: order.key,
    time: order.placedAt,
    partitionkey: order.key,
    sequence: sequenceOfTime(order.placedAt),
    recordedtime: order.placedAt,
    data: { order },
  };
}

/** An order.updated of that order. */
export function orderUpdatedEvent(
  update: Partial<CanonicalEvent<'order.updated'>['data']['update']> = {},
  delivery = 'delivery-update',
): CanonicalEvent<'order.updated'> {
  const key = update.orderKey ?? composeKey('canonical', 'default', '1001');
  const occurredAt = update.occurredAt ?? '2026-11-22T10:00:00Z';
  return {
    specversion: '1.0',
    id: eventId('canonical', 'default', delivery, 0),
    source: '/sources/canonical/default',
    type: 'order.updated',
    subject: key,
    time: occurredAt,
    partitionkey: key,
    sequence: sequenceOfTime(occurredAt),
    recordedtime: occurredAt,
    data: { update: { orderKey: key, occurredAt, ...update } },
  };
}
