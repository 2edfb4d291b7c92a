import { sequenceOfTime } from '@orderflow/shared/events';
import { fieldsOf, present, timeOfText, Unreadable } from '../../convert/index.ts';
import type { Items, ReadingContext } from '../definition.ts';

/**
 * `order.create` and `order.update` name an order and say nothing else that is relied on
 * (https://developers.squarespace.com/webhooks/events/order-update). `createdOn` is the notice's time, without seconds.
 */
export function toEvents(payload: unknown, context: ReadingContext): Items {
  const fields = fieldsOf(payload);
  const data = fields.child('data');
  if (!data) throw new Unreadable('missing', fields.path('data'), 'is missing');
  const time = timeOfText(fields.id('createdOn'), fields.path('createdOn'), { now: context.receivedAt });
  const notice = present({ topic: context.topic, ids: [data.id('orderId')], occurredAt: time });
  return [{ type: 'source.notified', time, sequence: sequenceOfTime(time), data: { notice } }];
}
