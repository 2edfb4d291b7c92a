import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/** Shopify webhooks over HTTPS (https://shopify.dev/docs/apps/build/webhooks/subscribe/https). */
export const source: SourceDefinition = {
  name: 'shopify',
  title: 'Shopify',
  kind: 'storefront',
  verified: {
    unsure: [
      'topics orders/fulfilled, orders/edited, products/update and inventory_levels/update: names from memory',
      'words of financial_status, fulfillment_status and shipment_status: from memory; an unknown word becomes UNKNOWN',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' },
    message: ['body'],
    header: 'x-shopify-hmac-sha256',
    parser: { form: 'plain' },
    encoding: 'base64',
  },
  topic: { header: 'x-shopify-topic' },
  delivery: [{ header: 'x-shopify-webhook-id' }],
  routes: {
    sells: {
      'orders/create': 'order.created',
      'orders/updated': 'order.updated',
      'orders/paid': 'order.updated',
      'orders/cancelled': 'order.updated',
      'orders/fulfilled': 'order.updated',
      'orders/partially_fulfilled': 'order.updated',
      'orders/edited': 'ignore', // carries changes only; orders/updated follows with the whole order
      'fulfillments/*': 'order.updated',
      'refunds/create': 'return.requested',
      'products/create': 'catalog.updated',
      'products/update': 'catalog.updated',
      'inventory_levels/update': 'inventory.counted',
    },
  },
  answer: { status: 200, body: '' },
  toEvents,
};
