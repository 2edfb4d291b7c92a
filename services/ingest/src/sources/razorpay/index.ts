import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * Razorpay webhooks (https://razorpay.com/docs/webhooks/). An order and its payment are told by `order.paid` and by
 * `payment.captured`: where the account sells, the first is the order; where it only takes payments, both are news of the
 * same payment.
 */
export const source: SourceDefinition = {
  name: 'razorpay',
  title: 'Razorpay',
  kind: 'payments',
  verified: { unsure: ['whether an order id of the shop stands in `receipt` is the shop’s own choice', 'currencies with three decimals: taken as ISO 4217 has them'] },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' },
    message: ['body'],
    header: 'x-razorpay-signature',
    parser: { form: 'plain' },
    encoding: 'hex',
  },
  topic: { field: 'event' },
  delivery: [{ header: 'x-razorpay-event-id' }],
  routes: {
    payments: {
      'payment.authorized': 'payment.changed',
      'payment.captured': 'payment.changed',
      'payment.failed': 'payment.changed',
      'order.paid': 'payment.changed',
      'refund.processed': 'payment.changed',
    },
    sells: {
      'order.paid': 'order.created',
      // what was only begun, or came to nothing, moved no money
      'refund.processed': 'return.requested',
    },
  },
  toEvents,
};
