import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * Paddle Billing webhooks (https://developer.paddle.com/webhooks/about/how-webhooks-work). A transaction is opened with the
 * checkout, and is an order once it is billed or paid. Customers and addresses are named by their ids only. Paddle Classic,
 * which signs a form with RSA, is another product and not taken.
 */
export const source: SourceDefinition = {
  name: 'paddle',
  title: 'Paddle Billing',
  kind: 'subscriptions',
  verified: {
    unsure: [
      'how many of a line went back: an adjustment names amounts alone, and counts as one',
      'chargeback_reverse and credit_reverse are told as corrections with what comes back to the shop; no payload of one was seen',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' }, // pdl_ntfset_… is used as it stands
    message: ['timestamp', { literal: ':' }, 'body'],
    header: 'paddle-signature',
    parser: { form: 'pairs', separator: ';', signature: 'h1', timestamp: 'ts' },
    encoding: 'hex',
    // Paddle's libraries allow 5 s; what comes twice is known by its event, so a clock may be a little off
    freshness: { from: 'pair', toleranceSeconds: 60 },
  },
  topic: { field: 'event_type' },
  // notification_id differs by destination, the event does not
  delivery: [{ field: 'event_id' }],
  routes: {
    sells: {
      'transaction.billed': 'order.created',
      'transaction.paid': 'order.created',
      'transaction.completed': 'order.created',
      'transaction.updated': 'order.updated',
      'transaction.revised': 'order.updated',
      'transaction.past_due': 'order.updated',
      'transaction.payment_failed': 'order.updated',
      'transaction.canceled': 'order.updated',
      // a checkout that was opened
      'transaction.created': 'ignore',
      'transaction.ready': 'ignore',
      'adjustment.created': 'return.requested',
      'adjustment.updated': 'return.requested',
      'product.*': 'catalog.updated',
      'price.*': 'catalog.updated',
    },
  },
  answer: { status: 200, body: '' },
  toEvents,
};
