import type { Order } from './order.ts';

/** An order without what says who it is for: country and state, amounts, lines, keys and the provider's reference stay; its payment may still be awaited. */
export function redactedOrder({ position: _position, comment: _comment, customer, ...order }: Order): Order {
  const { id, address } = customer ?? {};
  const place = { ...(address?.state === undefined ? {} : { state: address.state }), ...(address?.country === undefined ? {} : { country: address.country }) };
  return {
    ...order,
    ...(customer === undefined ? {} : { customer: { ...(id === undefined ? {} : { id }), ...(Object.keys(place).length === 0 ? {} : { address: place }) } }),
  };
}

const without = (value: Readonly<Record<string, unknown>>, ...names: readonly string[]): Record<string, unknown> =>
  Object.fromEntries(Object.entries(value).filter(([name]) => !names.includes(name)));

/** Canonical `data` of any event without what says who it is about; of the same schema. Data that name nobody stay as they are. */
export function redactedData(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  const held = data as Readonly<Record<string, Readonly<Record<string, unknown>> | undefined>>;
  if (held['order']) return { ...held, order: redactedOrder(held['order'] as unknown as Order) };
  if (held['update']) {
    const { order, ...update } = held['update'];
    return { ...held, update: { ...without(update, 'tracking', 'cancelReason'), ...(order === undefined ? {} : { order: redactedOrder(order as Order) }) } };
  }
  if (held['return']) return { ...held, return: without(held['return'], 'reason', 'comment') };
  if (held['feedback']) return { ...held, feedback: without(held['feedback'], 'comment') };
  if (held['adjustment']) return { ...held, adjustment: without(held['adjustment'], 'reason') };
  return data;
}
