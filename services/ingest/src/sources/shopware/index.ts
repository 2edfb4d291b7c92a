import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * Shopware 6: webhooks of an app (https://developer.shopware.com/docs/guides/plugins/apps/webhook.html). The secret is the
 * one that the app's registration gave the shop; webhooks made without an app are not signed, and refused.
 */
export const source: SourceDefinition = {
  name: 'shopware',
  title: 'Shopware 6',
  kind: 'storefront',
  verified: {
    unsure: [
      'returns: a delivery names what is in it only where the shop loads positions into its events; the refunds of captures are listed as events, but no payload of one was seen',
      'whether orderCustomer.customerId passes the filter of webhooks; the customer number stands in for it',
      'ids of payments by PayPal are the PayPal plugin\'s, by Stripe those of a plugin seen in third-party code',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' },
    message: ['body'],
    header: 'shopware-shop-signature',
    parser: { form: 'plain' },
    encoding: 'hex',
    // set anew, and signed, each time it is sent
    freshness: { from: { json: 'timestamp' }, toleranceSeconds: 300 },
  },
  topic: { field: 'data.event' },
  delivery: [{ field: 'source.eventId' }],
  routes: {
    sells: {
      'checkout.order.placed': 'order.created',
      'state_enter.order.state.*': 'order.updated',
      'state_enter.order_transaction.state.*': 'order.updated',
      'state_enter.order_transaction_capture.state.*': 'order.updated',
      'state_enter.order_transaction_capture_refund.state.*': 'order.updated',
      'state_enter.order_delivery.state.*': 'order.updated',
      'state_enter.order_delivery.state.returned': 'return.requested',
      'state_enter.order_delivery.state.returned_partially': 'return.requested',
      // ids only, of drafts, too; the events above tell the same with the whole order
      'order.written': 'ignore',
      'app.*': 'ping',
    },
  },
  answer: { status: 200, body: '' },
  toEvents,
};
