import { sequenceOfTime } from '@orderflow/shared/events';
import { fieldsOf, present, timeOfText, Unreadable, type Fields } from '../../convert/index.ts';
import type { Items, ReadingContext } from '../definition.ts';
import { fulfilmentUpdate } from './fulfilment.ts';
import { orderOf } from './order.ts';
import { refundOf } from './refund.ts';
import { statusOf } from './status.ts';

/** Time of a field, required. Shopify writes ISO 8601 with the shop's offset. */
const timeAt = (fields: Fields, key: string, context: ReadingContext): string =>
  timeOfText(fields.id(key), fields.path(key), { now: context.receivedAt });

const created = (payload: Fields, context: ReadingContext): Items => {
  const order = orderOf(payload, context);
  const changed = payload.text('updated_at') === undefined ? order.placedAt : timeAt(payload, 'updated_at', context);
  return [{ type: 'order.created', time: order.placedAt, sequence: sequenceOfTime(changed), data: { order } }];
};

const updated = (payload: Fields, context: ReadingContext): Items => {
  const order = orderOf(payload, context);
  const time = timeAt(payload, 'updated_at', context);
  const status = statusOf(payload);
  const update = present({
    orderKey: order.key,
    occurredAt: time,
    status: status === 'NEW' ? undefined : status,
    payment: order.payment,
    fulfilment: order.fulfilment,
    cancelReason: payload.text('cancel_reason'),
    order,
  });
  return [{ type: 'order.updated', time, sequence: sequenceOfTime(time), data: { update } }];
};

const product = (payload: Fields, context: ReadingContext): Items => {
  const time = timeAt(payload, 'updated_at', context);
  const [first, ...others] = payload.list('variants');
  const data = {
    product: present({
      id: payload.id('id'),
      // a sku and a price of one variant say nothing of a product that has several
      sku: others.length === 0 ? first?.text('sku') : undefined,
      name: payload.id('title'),
      category: payload.text('product_type'),
      price: others.length === 0 ? first?.decimal('price') : undefined,
      currency: others.length === 0 && first ? context.account.currency : undefined,
      seller: payload.text('vendor'),
    }),
  };
  return [{ type: 'catalog.updated', time, sequence: sequenceOfTime(time), data }];
};

const stock = (payload: Fields, context: ReadingContext): Items => {
  const quantity = payload.integer('available');
  if (quantity === undefined) return []; // stock of this item is not tracked
  const time = timeAt(payload, 'updated_at', context);
  const inventory = present({
    productId: payload.id('inventory_item_id'),
    location: payload.text('location_id'),
    quantity,
    countedAt: time,
  });
  return [{ type: 'inventory.counted', time, sequence: sequenceOfTime(time), data: { inventory } }];
};

/** A webhook's payload → canonical events. Field names: catalogue of sources, "Shopify"; shapes: Shopify's own fixtures. */
export function toEvents(payload: unknown, context: ReadingContext): Items {
  const fields = fieldsOf(payload);
  if (context.topic.startsWith('fulfillments/')) return fulfilmentUpdate(fields, context);
  switch (context.route) {
    case 'order.created':
      return created(fields, context);
    case 'order.updated':
      return updated(fields, context);
    case 'return.requested':
      return refundOf(fields, context);
    case 'catalog.updated':
      return product(fields, context);
    case 'inventory.counted':
      return stock(fields, context);
    default:
      throw new Unreadable('topic', '$', 'has no reader');
  }
}
