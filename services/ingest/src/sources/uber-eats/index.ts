import { eventsOf, milliseconds, notified, seconds, whole, type Read, type Scope } from '../../map/index.ts';
import { Unreadable, type Fields } from '../../convert/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { itemOf, toEvents as orderEvents } from './order.ts';

/** "Unix timestamp of when the event occurred": seconds, which some of its samples write in milliseconds. */
const at: Read<string> = Object.assign(
  (event: Fields, scope: Scope) => ((whole('event_time')(event, scope) ?? 0) > 100_000_000_000 ? milliseconds : seconds)('event_time')(event, scope),
  { at: 'event_time' },
);

/** "For the Order API, this ID is equivalent to the order_id"; what tells of a delivery may name its order besides. @throws Unreadable */
const ids = (event: Fields): readonly string[] => {
  const meta = event.child('meta');
  if (!meta) throw new Unreadable('missing', event.path('meta'), 'is missing');
  return [meta.text('order_id') ?? meta.id('resource_id')];
};

/**
 * Uber Eats, as a tap: notices that name an order (https://developer.uber.com/docs/eats/guides/webhooks), which is fetched. It
 * only listens. An order must be accepted or denied within 11.5 minutes, or Uber cancels it; the 200 with nothing in it that we
 * answer is neither. So this address must never be that of the app that manages a shop's orders: the shop's own system accepts
 * and denies, and forwards a copy of each notice as it came, with its X-Uber-Signature. The secret is the client secret of the
 * app; the credential of the API is `{"clientId", "clientSecret"}` of one that may read the orders. Scope eats.order allows more
 * than reading; we ask nothing but GET. An order is always told as order.created: a known one is updated by it.
 */
export const source: SourceDefinition = {
  name: 'uber-eats',
  title: 'Uber Eats',
  kind: 'delivery',
  verified: {
    unsure: [
      'the vendor’s page of GET /v1/delivery/order/{id} was not seen: fields as several public clients have them, one of them with the vendor’s whole sample',
      'whether the price of an item holds that of its options: public clients differ; it does where the items alone make item_charges.total',
      'a discount of price_breakdown, taken as not yet taken off its total; the sign of promotions',
      'whether a cancelled order was paid: told as UNKNOWN unless the merchant is paid',
      'delivery.state_changed: by public clients, and that its resource is the order, too',
      'refunds and price adjustments after the meal: no notice of them was seen',
      'orders of shops that are not on version 1.0.0 of the API (orders.cancel) are asked for by it all the same',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' },
    message: ['body'],
    header: 'x-uber-signature',
    parser: { form: 'plain' },
    encoding: 'hex',
  },
  topic: { field: 'event_type' },
  delivery: [{ field: 'event_id' }],
  routes: {
    sells: {
      'orders.notification': 'source.notified', 'orders.scheduled.notification': 'source.notified', 'orders.release': 'source.notified', 'orders.failure': 'source.notified',
      'orders.cancel': 'source.notified', 'order.fulfillment_issues.resolved': 'source.notified', 'orders.fulfillment_issues.resolved': 'source.notified',
      'delivery.state_changed': 'source.notified',
    },
  },
  answer: { status: 200, body: '' },
  toEvents: eventsOf({ 'source.notified': notified(ids, at) }),
  api: {
    host: 'https://api.uber.com',
    // https://developer.uber.com/docs/eats/guides/authentication
    token: { grant: 'client_credentials', address: 'https://auth.uber.com/oauth/v2/token', client: 'fields', fields: { scope: 'eats.order' } },
    authorise: (token) => ({ authorization: `Bearer ${token}` }),
    toEvents: orderEvents,
    notice: { path: ({ ids: [id] }) => `/v1/delivery/order/${idInPath(id)}?expand=carts,deliveries,payment`, item: itemOf, mostAtOnce: 4 },
  },
};
