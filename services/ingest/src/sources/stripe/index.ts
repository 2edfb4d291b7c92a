import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/** Stripe webhooks, snapshot events (https://docs.stripe.com/webhooks). Thin v2 events need a fetch and are not taken. */
export const source: SourceDefinition = {
  name: 'stripe',
  title: 'Stripe',
  kind: 'payments',
  verified: {
    unsure: [
      'event names and the list of currencies whose minor unit differs from ISO 4217: from memory',
      'tolerance of 300 s: from third-party material',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' }, // whsec_… is used as it stands
    message: ['timestamp', { literal: '.' }, 'body'],
    header: 'stripe-signature',
    parser: { form: 'pairs', separator: ',', signature: 'v1', timestamp: 't' },
    encoding: 'hex',
    freshness: { from: 'pair', toleranceSeconds: 300 },
  },
  topic: { field: 'type' },
  delivery: [{ field: 'id' }],
  routes: {
    payments: {
      'payment_intent.*': 'payment.changed',
      'payment_intent.amount_capturable_updated': 'payment.changed',
      'charge.succeeded': 'payment.changed',
      'charge.pending': 'payment.changed',
      'charge.failed': 'payment.changed',
      'charge.captured': 'payment.changed',
      'charge.updated': 'payment.changed',
      'charge.refunded': 'payment.changed',
    },
    sells: {
      'checkout.session.completed': 'order.created',
      'checkout.session.async_payment_succeeded': 'order.updated',
      'checkout.session.async_payment_failed': 'order.updated',
      'refund.created': 'return.requested',
    },
  },
  toEvents,
};
