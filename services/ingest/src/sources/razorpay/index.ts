import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * Razorpay webhooks (https://razorpay.com/docs/webhooks/). An order and its payment are told by `order.paid` and by
 * `payment.captured`: where the account sells, the first is the order; where it only takes payments, both are news of the
 * same payment. Amounts are in the minor units of ISO 4217, those of three decimals included (https://razorpay.com/docs/api/orders/entity/).
 */
export const source: SourceDefinition = {
  name: 'razorpay',
  title: 'Razorpay',
  kind: 'payments',
  verified: {
    unsure: [
      'comments: keys of `notes` are the shop’s own; `comment` is the vendor’s example, `reason` a guess',
      'whether an order id of the shop stands in `receipt` is the shop’s own choice',
      'void@razorpay.com for customers without an address: from memory',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' },
    message: ['body'],
    header: 'x-razorpay-signature',
    parser: { form: 'plain' },
    encoding: 'hex',
  },
  topic: { field: 'event' },
  // the same for every retry (https://razorpay.com/docs/webhooks/validate-test)
  delivery: [{ header: 'x-razorpay-event-id' }],
  routes: {
    payments: {
      'payment.authorized': 'payment.changed',
      'payment.captured': 'payment.changed',
      'payment.failed': 'payment.changed',
      'payment.pending': 'payment.changed', // cash on delivery
      'order.paid': 'payment.changed',
      'refund.processed': 'payment.changed',
    },
    sells: {
      'order.paid': 'order.created',
      // the definitive word (https://razorpay.com/docs/payments/refunds/faqs); what was only begun, or came to nothing, moved no money
      'refund.processed': 'return.requested',
    },
  },
  toEvents,
};
