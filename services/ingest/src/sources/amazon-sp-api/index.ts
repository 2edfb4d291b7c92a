import { eventsOf, notified, time } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { itemOf, toEvents as orderEvents } from './order.ts';
import { hosts, polled } from './poll.ts';

const change = 'Payload.OrderChangeNotification';

/** Something happened to an order: it is fetched, for neither money nor lines are told. */
const toEvents = eventsOf({
  'source.notified': notified(
    (message) => [(message.child('Payload')?.child('OrderChangeNotification') ?? message).id('AmazonOrderId')],
    time([`${change}.OrderChangeTrigger.TimeOfOrderChange`, 'EventTime']),
  ),
});

/**
 * Amazon's Selling Partner API: ORDER_CHANGE notifications in a queue of ours
 * (https://developer-docs.amazon.com/sp-api/docs/set-up-notifications-with-amazon-sqs), the order fetched from the Orders API v0
 * (https://developer-docs.amazon.com/sp-api/docs/orders-api-v0-reference), which is polled, too. `host` of the account is its
 * region's, `store` its seller id; the credential is that of Login with Amazon. Names and streets need a restricted token,
 * which is not asked for: customers are masked. An order is always told as order.created; a known one is updated by it.
 */
export const source: SourceDefinition = {
  name: 'amazon-sp-api',
  title: 'Amazon (Selling Partner API)',
  kind: 'marketplace',
  verified: {
    unsure: [
      'that getOrders takes every marketplace of a region, also those where the seller sells nothing',
      'that ItemPrice holds the tax where prices are shown with VAT, and leaves it out elsewhere: tax is told, never added',
      'what a cancelled or replacing order says of its total: none is taken for 0',
      'the usage plan that x-amzn-RateLimit-Limit names: each of the two calls that make an order is allowed every two seconds by default',
      'refunds: neither notifications nor the Orders API tell them',
    ],
  },
  verify: 'not-http',
  // the second for what else may be subscribed to: it is left aside, and must not be taken for nobody's
  queue: { writers: ['arn:aws:iam::437568002678:root'], store: { field: [`${change}.SellerId`, 'Payload.AnyOfferChangedNotification.SellerId'] } },
  unwrap: [{ inside: 'detail', optional: true }], // EventBridge
  topic: { field: 'NotificationType' },
  delivery: [{ field: 'NotificationMetadata.NotificationId' }],
  routes: { sells: { ORDER_CHANGE: 'source.notified' } },
  toEvents,
  api: {
    host: { within: hosts },
    token: { grant: 'refresh_token', address: 'https://api.amazon.com/auth/o2/token', client: 'fields' },
    limit: { perSecond: 1 },
    authorise: (token) => ({ 'x-amz-access-token': token }),
    toEvents: orderEvents,
    notice: {
      path: ({ ids: [id] }) => `/orders/v0/orders/${idInPath(id)}`,
      item: itemOf,
      also: (_, { ids: [id] }) => ({ items: `/orders/v0/orders/${idInPath(id)}/orderItems` }),
      mostAtOnce: 2,
    },
    poll: polled,
  },
};
