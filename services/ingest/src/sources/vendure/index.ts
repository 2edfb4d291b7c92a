import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * Vendure: events stay within its process (https://docs.vendure.io/guides/developer-guide/events/). The plugin in
 * `README.md` beside this file posts what they are about under the Standard Webhooks specification. In a marketplace an
 * order of several sellers is an Aggregate, which is told once; the orders of its sellers are parts of it. Amounts have the
 * digits of the shop's MoneyStrategy, whatever the currency: 2 unless it says otherwise.
 */
export const source: SourceDefinition = {
  name: 'vendure',
  title: 'Vendure',
  kind: 'storefront',
  verified: {
    unsure: [
      'the plugin was written after the published entities, and never run in a Vendure',
      'states of refunds (Pending, Settled, Failed): from memory',
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
  topic: [{ field: 'event' }, { field: 'order.type' }],
  delivery: [{ header: 'webhook-id' }],
  routes: {
    sells: {
      'OrderPlacedEvent*': 'order.created',
      'OrderPlacedEvent:Seller': 'ignore',
      'OrderStateTransitionEvent*': 'order.updated',
      'OrderStateTransitionEvent:Seller': 'ignore',
      'PaymentStateTransitionEvent*': 'order.updated',
      'PaymentStateTransitionEvent:Seller': 'ignore',
      // a refund of a seller's part is one of the whole order
      'RefundStateTransitionEvent*': 'return.requested',
      ProductVariantEvent: 'catalog.updated',
      StockMovementEvent: 'inventory.counted',
      ping: 'ping',
    },
  },
  toEvents,
};
