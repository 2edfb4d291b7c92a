import { Unreadable } from '../../convert/index.ts';
import { eventsOf, notified, time } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { toEvents as orderEvents } from './order.ts';
import { polled } from './poll.ts';

const signatureHeader = 'x-ebay-signature';

/** The id of the key that a notification says it was signed with. */
function keyPath(header: string | undefined): readonly string[] {
  try {
    const { kid } = JSON.parse(Buffer.from(header ?? '', 'base64').toString('utf8')) as { readonly kid?: unknown };
    return typeof kid === 'string' && /^[\w-]{1,64}$/.test(kid) ? [`/commerce/notification/v1/public_key/${kid}`] : [];
  } catch {
    return [];
  }
}

/** "Generated for each line item in the order": the order is fetched, and every line tells the same one. */
const toEvents = eventsOf({
  'source.notified': notified((message) => {
    const order = message.child('notification')?.child('data')?.child('order');
    if (order === undefined) throw new Unreadable('missing', message.path('notification.data.order'), 'is missing');
    return [order.id('orderId')];
  }, time(['notification.eventDate', 'notification.publishDate'])),
});

/**
 * eBay: ORDER_CONFIRMATION of the Notification API
 * (https://developer.ebay.com/api-docs/master/commerce/notification/asyncapi/order_confirmation.yaml), signed as
 * https://developer.ebay.com/api-docs/commerce/notification/overview.html says; the order fetched from the Fulfillment API and, as
 * nothing tells what becomes of it, polled. The secret is the verification token, with which the address proves itself
 * (eBay/event-notification-nodejs-sdk). An order is always told as order.created: a known one is updated by it.
 */
export const source: SourceDefinition = {
  name: 'ebay',
  title: 'eBay',
  kind: 'marketplace',
  verified: {
    unsure: [
      'data.order.orderId of a notification: as a seller has published one he got, the vendor’s schema was read in part',
      'that the account’s token, with the scope api_scope, may read public keys: the vendor names the client credentials flow',
      'that what is signed are the very bytes sent: the vendor’s SDK writes the JSON anew, without spaces',
      'taxes that eBay collects and remits are in no amount of ours; signs of priceDiscount',
      'one refund of several lines has one id: each line’s share is a return of its own, under that id and the line’s; how many pieces came back, it does not say',
    ],
  },
  verify: {
    algorithm: 'ecdsa-sha1',
    key: { decode: 'pem' },
    message: ['body'],
    header: signatureHeader,
    parser: { form: 'inside', field: 'signature' },
    encoding: 'base64',
  },
  keys: { host: 'https://api.ebay.com', paths: ({ headers }) => keyPath(headers[signatureHeader]), as: { field: 'key' }, authorised: true },
  challenge: { method: 'GET', from: { query: 'challenge_code' }, echo: { field: 'challengeResponse', digest: 'sha256' } },
  topic: { field: 'metadata.topic' },
  delivery: [{ field: 'notification.notificationId' }],
  routes: { sells: { ORDER_CONFIRMATION: 'source.notified', MARKETPLACE_ACCOUNT_DELETION: 'ignore' } },
  toEvents,
  api: {
    host: 'https://api.ebay.com',
    // https://developer.ebay.com/api-docs/static/oauth-refresh-token-request.html
    token: { grant: 'refresh_token', address: '/identity/v1/oauth2/token', client: 'basic' },
    authorise: (token) => ({ authorization: `Bearer ${token}` }),
    toEvents: orderEvents,
    notice: { path: ({ ids: [id] }) => `/sell/fulfillment/v1/order/${idInPath(id)}`, mostAtOnce: 4 },
    poll: polled,
  },
};
