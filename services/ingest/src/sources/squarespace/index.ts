import { idInPath } from '../id-in-path.ts';
import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './notice.ts';
import { toEvents as orderEvents } from './order.ts';
import { polled } from './poll.ts';

/**
 * Squarespace: thin notices of orders, which are fetched (https://developers.squarespace.com/webhooks/overview), signed
 * as https://developers.squarespace.com/webhooks/verifying-notifications says; and polled, in case a notice was lost.
 */
export const source: SourceDefinition = {
  name: 'squarespace',
  title: 'Squarespace',
  kind: 'storefront',
  verified: {
    unsure: [
      'whether an order has been paid: the Orders API says only what was refunded, so payment is UNKNOWN until then',
      'single refunds: the order tells a running total; the Transactions API would name each',
      'words of lineItemType besides PHYSICAL_PRODUCT: GIFT_CARD is from memory, any other is a product',
      'Retry-After of a 429: the documentation says one minute of cool-down, not whether the header is sent',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'hex' },
    message: ['body'],
    header: 'squarespace-signature',
    parser: { form: 'plain' },
    encoding: 'hex',
  },
  topic: { field: 'topic' },
  delivery: [{ field: 'id' }],
  routes: { sells: { 'order.create': 'source.notified', 'order.update': 'source.notified', 'extension.uninstall': 'ignore' } },
  toEvents,
  api: {
    host: 'https://api.squarespace.com',
    authorise: (key) => ({ authorization: `Bearer ${key}` }),
    toEvents: orderEvents,
    // 300 requests a minute: two at once leave room for the poll
    notice: { path: ({ ids }) => `/1.0/commerce/orders/${idInPath(ids[0])}`, mostAtOnce: 2 },
    poll: polled,
  },
};
