import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * Medusa: it has no webhooks of its own. The subscriber in `README.md` beside this file reads what an event is about and
 * posts it under the Standard Webhooks specification. Orders as of https://docs.medusajs.com/resources/references/order;
 * amounts are in major units since v2, and in minor ones where `medusa_version` is 1.
 */
export const source: SourceDefinition = {
  name: 'medusa',
  title: 'Medusa',
  kind: 'storefront',
  verified: {
    unsure: [
      'the subscriber was written after the published types, and never run in a Medusa',
      'the path from a fulfilment to its order, a module link: from memory; that from a payment was seen in third-party code',
      'orders of v1: from memory',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'prefixed-base64', prefix: 'whsec_' },
    message: [{ header: 'webhook-id' }, { literal: '.' }, { header: 'webhook-timestamp' }, { literal: '.' }, 'body'],
    header: 'webhook-signature',
    parser: { form: 'list', separator: ' ', prefix: 'v1,' },
    encoding: 'base64',
    freshness: { from: { header: 'webhook-timestamp' }, toleranceSeconds: 300 },
  },
  topic: { field: 'event' },
  delivery: [{ header: 'webhook-id' }],
  routes: {
    sells: {
      'order.placed': 'order.created',
      'order.return_requested': 'return.requested',
      'order.return_received': 'ignore', // the request is decided, or being decided
      'order.transfer_requested': 'ignore',
      'order.*': 'order.updated',
      'order-edit.confirmed': 'order.updated',
      'shipment.created': 'order.updated',
      'delivery.created': 'order.updated',
      'payment.captured': 'order.updated',
      'payment.refunded': 'order.updated',
      'product.created': 'catalog.updated',
      'product.updated': 'catalog.updated',
      ping: 'ping',
    },
  },
  toEvents,
};
