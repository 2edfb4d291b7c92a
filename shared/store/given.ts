import { dataHash } from '@orderflow/shared/events';
import type { NewItem } from './port.ts';
import { orderSk, updateSk } from './item.ts';

/** Items for tests; `number` makes keys and event ids differ. */
export function givenNewItem(number: number, with_: Partial<NewItem> = {}): NewItem {
  const pk = `canonical:default:${number}`;
  const data = with_.data ?? { order: { key: pk, lines: [{ id: '1', quantity: 2 }] } };
  return {
    pk, sk: orderSk, service: 'orders', data, dueAt: '2026-11-22T10:10:00.000Z',
    event: {
      id: number.toString(16).padStart(32, '0'), type: 'order.created', key: pk, source: 'canonical', account: 'default',
      sequence: '1'.padStart(20, '0'), hash: dataHash(data), time: '2026-11-22T09:59:00Z', recordedAt: '2026-11-22T10:00:00Z',
    },
    ...with_,
  };
}

/** An update of order `number`, its event id apart from the order's. */
export const givenNewUpdate = (number: number, name: string): NewItem => {
  const order = givenNewItem(number);
  const id = Buffer.from(`${name}${number}`).toString('hex').padEnd(32, '0').slice(0, 32);
  return { ...order, sk: updateSk(name), service: 'updates', event: { ...order.event, id, type: 'order.updated' } };
};
