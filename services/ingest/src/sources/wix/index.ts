import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * Wix eCommerce webhooks (https://dev.wix.com/docs/rest/business-solutions/e-commerce/orders): the whole body is a JWT, signed
 * with the key whose public half the app's page shows. In its claims `data` is JSON in a text, and in that `data` once more.
 */
export const source: SourceDefinition = {
  name: 'wix',
  title: 'Wix eCommerce',
  kind: 'storefront',
  verified: {
    unsure: [
      'how long a JWT is good for: `iat` and `exp` are checked where they stand, and the documentation names neither',
      'the JSON of refund_completed: from the types of Wix’s SDK; a refund names no currency, so it is the account’s',
      'a line’s totalDiscount counts from priceBeforeDiscounts',
    ],
  },
  verify: { jws: 'RS256', toleranceSeconds: 300 },
  unwrap: [{ jws: true }, { text: 'data', as: 'json' }, { text: 'data', as: 'json' }],
  // `eventType` of the envelope is these two, with an underscore between them
  topic: [{ field: 'entityFqdn' }, { field: 'slug' }],
  delivery: [],
  // "unique event ID, allows clients to ignore duplicates"
  item: [{ field: 'id' }],
  routes: {
    sells: {
      'wix.ecom.v1.order:created': 'order.created',
      'wix.ecom.v1.order:approved': 'order.updated',
      'wix.ecom.v1.order:updated': 'order.updated',
      'wix.ecom.v1.order:fulfilled': 'order.updated',
      'wix.ecom.v1.order:canceled': 'order.updated',
      'wix.ecom.v1.order:payment_status_updated': 'order.updated',
      'wix.ecom.v1.order_transactions:refund_completed': 'return.requested',
    },
  },
  answer: { status: 200, body: '' },
  toEvents,
};
