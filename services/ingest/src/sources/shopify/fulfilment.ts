import { orderKey, sequenceOfTime } from '@orderflow/shared/events';
import { present, timeOfText, type Fields } from '../../convert/index.ts';
import type { Items, ReadingContext } from '../definition.ts';
import { shipmentOf } from './status.ts';

const first = (fulfilment: Fields, list: string, single: string): string | undefined => {
  const values = fulfilment.raw(list);
  return Array.isArray(values) && typeof values[0] === 'string' ? values[0] : fulfilment.text(single);
};

/** A fulfilment resource (`fulfillments/create`, `/update`) → an update of its order: where the parcel is. */
export function fulfilmentUpdate(fulfilment: Fields, context: ReadingContext): Items {
  const { source, account } = context.account;
  const key = fulfilment.text('updated_at') === undefined ? 'created_at' : 'updated_at';
  const time = timeOfText(fulfilment.id(key), fulfilment.path(key), { now: context.receivedAt });
  const status = shipmentOf(fulfilment);
  const lines = fulfilment.list('line_items').map((line) => ({ lineId: line.id('id'), quantity: line.integer('quantity') ?? 0 }));
  const tracking = present({
    carrier: fulfilment.text('tracking_company'),
    number: first(fulfilment, 'tracking_numbers', 'tracking_number'),
    url: first(fulfilment, 'tracking_urls', 'tracking_url'),
  });
  const update = present({
    orderKey: orderKey(source, account, fulfilment.id('order_id')),
    occurredAt: time,
    fulfilment: present({
      status,
      deliveredAt: status === 'DELIVERED' ? time : undefined,
      lines: lines.length > 0 ? lines : undefined,
    }),
    tracking: Object.keys(tracking).length > 0 ? tracking : undefined,
  });
  return [{ type: 'order.updated', time, sequence: sequenceOfTime(time), data: { update } }];
}
