import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * Saleor: webhooks whose payload is what our subscription asks for, `subscription.graphql` beside this file
 * (https://docs.saleor.io/developer/extending/webhooks/subscription-webhook-payloads). Signed with the webhook's
 * `secretKey`, which Saleor calls deprecated; without one by a detached JWS, whose keys the account's own `host` publishes
 * (https://docs.saleor.io/developer/extending/webhooks/payload-signature).
 */
export const source: SourceDefinition = {
  name: 'saleor',
  title: 'Saleor',
  kind: 'storefront',
  verified: {
    unsure: [
      'the subscription was written after the published schema, and never run by a Saleor',
      'paymentStatus of orders that are paid by transactions: chargeStatus and totalRefunded go before it',
    ],
  },
  verify: {
    anyOf: [
      { detached: 'RS256', header: 'saleor-signature' },
      { algorithm: 'sha256', key: { decode: 'text' }, message: ['body'], header: 'saleor-signature', parser: { form: 'plain' }, encoding: 'hex' },
    ],
  },
  // a digest needs no keys of the shop's
  keys: { host: {}, paths: ({ headers }) => (headers['saleor-signature']?.includes('..') ? ['/.well-known/jwks.json'] : []), as: 'jwks' },
  topic: { header: 'saleor-event' },
  // deliveries have no id: one that is tried again has the same body
  delivery: [],
  routes: {
    sells: {
      order_created: 'order.created',
      order_bulk_created: 'order.created',
      order_updated: 'order.updated',
      order_confirmed: 'order.updated',
      order_paid: 'order.updated',
      order_fully_paid: 'order.updated',
      order_fulfilled: 'order.updated',
      order_cancelled: 'order.updated',
      order_expired: 'order.updated',
      order_refunded: 'order.updated',
      order_fully_refunded: 'order.updated',
      product_variant_created: 'catalog.updated',
      product_variant_updated: 'catalog.updated',
      product_variant_stock_updated: 'inventory.counted',
    },
  },
  answer: { status: 200, body: '' },
  toEvents,
};
