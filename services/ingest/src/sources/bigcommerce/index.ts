import { eventsOf, notified, seconds } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { furtherCalls, orderPath } from './calls.ts';
import { toEvents as orderEvents } from './order.ts';

/** Something happened to an order, whatever it is now: it is fetched. */
const toEvents = eventsOf({ 'source.notified': notified((notice) => [(notice.child('data') ?? notice).id('id')], seconds('created_at')) });

/**
 * BigCommerce: webhooks that name an order (https://developer.bigcommerce.com/docs/integrations/webhooks/events), signed by Standard
 * Webhooks with the app's client secret as its key: the vendor's samples encode it in base64 for a library that decodes it
 * (https://developer.bigcommerce.com/docs/integrations/webhooks/https-webhook-overview). The order is fetched with its products,
 * addresses, shipments and refunds. `store` of the account is the store's hash. One change fires several topics, and `created`
 * comes for incomplete orders, too: an order is always told as order.created; a known one is updated by it.
 */
export const source: SourceDefinition = {
  name: 'bigcommerce',
  title: 'BigCommerce',
  kind: 'storefront',
  verified: {
    unsure: [
      'the words of payment_status beyond authorized, captured, paid and the pending ones',
      'that applied_discounts and discounted_total_inc_tax are in the same sense of tax as total_inc_tax',
      'an order of more than 1,000 products is told with the first 1,000 lines',
      'X-Rate-Limit-Requests-Left and X-Rate-Limit-Time-Reset-Ms: from memory',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' },
    message: [{ header: 'webhook-id' }, { literal: '.' }, { header: 'webhook-timestamp' }, { literal: '.' }, 'body'],
    header: 'webhook-signature',
    parser: { form: 'list', separator: ' ', prefix: 'v1,' },
    encoding: 'base64',
    freshness: { from: { header: 'webhook-timestamp' }, toleranceSeconds: 300 },
  },
  topic: { field: 'scope' },
  delivery: [{ header: 'webhook-id' }],
  routes: {
    sells: {
      'store/order/created': 'source.notified',
      'store/order/updated': 'source.notified',
      'store/order/statusUpdated': 'source.notified',
      'store/order/refund/created': 'source.notified',
    },
  },
  toEvents,
  api: {
    host: 'https://api.bigcommerce.com',
    limit: { left: 'x-rate-limit-requests-left', reset: { header: 'x-rate-limit-time-reset-ms', unit: 'milliseconds' } },
    authorise: (token) => ({ 'x-auth-token': token }),
    toEvents: orderEvents,
    notice: { path: orderPath, also: furtherCalls, mostAtOnce: 4 },
  },
};
