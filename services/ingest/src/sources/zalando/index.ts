import { eventsOf } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { toEvents } from './order.ts';
import { polled } from './poll.ts';

/**
 * Zalando zDirect: no webhooks ("We do not currently support push notification",
 * https://developers.merchants.zalando.com/docs/orders-getting.html); a merchant's orders are polled and each fetched with its items
 * and lines. `store` of the account is the merchant id. What a customer buys may be split into several partner orders: each has an
 * `order_id` and money of its own and is an order here; the `order_number` that they share is their number. An order that is sent in
 * parts stays one. We only read: exporting an order is left to whoever fulfils it. Always told as order.created: a known order is
 * updated by it.
 */
export const source: SourceDefinition = {
  name: 'zalando',
  title: 'Zalando (zDirect)',
  kind: 'marketplace',
  verified: {
    unsure: [
      'the fields of items, lines and addresses: seen in clients of others; the vendor’s pages were seen in excerpts',
      'that order_lines_price_amount is the sum of price, not of discounted_price, and does not fall when a line is cancelled or comes back',
      'that modified_at of a line is when it came back; its reason is told by transitions, which are not asked for',
      'what the customer pays for delivery is not told',
    ],
  },
  verify: 'not-http',
  topic: { always: 'orders' },
  delivery: [],
  routes: { sells: {} },
  toEvents: eventsOf({}),
  api: {
    host: 'https://api.merchants.zalando.com',
    token: { grant: 'client_credentials', address: '/auth/token', client: 'basic', fields: { scope: 'access_token_only' } },
    limit: { perSecond: 5 },
    authorise: (token) => ({ authorization: `Bearer ${token}` }),
    headers: { accept: 'application/vnd.api+json' },
    toEvents,
    notice: {
      path: ({ ids: [id] }, { store }) => `/merchants/${idInPath(store)}/orders/${idInPath(id)}?include=order_items,order_lines`,
      mostAtOnce: 4,
    },
    poll: polled,
  },
};
