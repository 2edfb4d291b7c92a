import { fieldsOf, Unreadable } from '../../convert/index.ts';
import type { Items, ReadingContext } from '../definition.ts';
import { paymentChange } from './payment.ts';
import { orderCreated, paymentSettled, refundCreated } from './sale.ts';

/** An event → canonical events. Which of Stripe's several events of one sale count depends on the account's role. */
export function toEvents(payload: unknown, context: ReadingContext): Items {
  const event = fieldsOf(payload);
  const object = event.child('data')?.child('object');
  if (!object) throw new Unreadable('missing', '$.data.object', 'is missing');
  switch (context.route) {
    case 'payment.changed':
      return paymentChange(event, object, context.topic, context.receivedAt);
    case 'order.created':
      return orderCreated(event, object, context);
    case 'order.updated':
      return paymentSettled(event, object, context);
    case 'return.requested':
      return refundCreated(event, object, context);
    default:
      throw new Unreadable('topic', '$.type', 'has no reader');
  }
}
