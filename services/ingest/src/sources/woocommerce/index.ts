import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/** WooCommerce webhooks (https://woocommerce.github.io/woocommerce-rest-api-docs/#webhooks). */
export const source: SourceDefinition = {
  name: 'woocommerce',
  title: 'WooCommerce',
  kind: 'storefront',
  verified: {
    unsure: [
      'the topic order.restored: from third-party material',
      'the time of a refund: the order lists refunds without one, so it is when the order was modified',
      'which gateways are which providers: by their usual ids, from memory',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' },
    message: ['body'],
    header: 'x-wc-webhook-signature',
    parser: { form: 'plain' },
    encoding: 'base64',
  },
  topic: { header: 'x-wc-webhook-topic' },
  // a number of the delivery log: a retry has another, and is known by its order's version
  delivery: [{ header: 'x-wc-webhook-delivery-id' }],
  // what it sends to try an address out is a form of one field, and not signed
  challenge: { method: 'POST', from: { form: 'webhook_id' }, echo: 'nothing' },
  routes: {
    sells: {
      'order.created': 'order.created',
      'order.updated': 'order.updated',
      'order.restored': 'order.updated',
      'order.deleted': 'ignore', // moved to the trash: names the id only, and says nothing of the sale
      'product.created': 'catalog.updated',
      'product.updated': 'catalog.updated',
    },
  },
  answer: { status: 200, body: '' },
  toEvents,
};
