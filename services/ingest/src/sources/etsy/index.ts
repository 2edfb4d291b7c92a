import { Unreadable } from '../../convert/index.ts';
import { eventsOf, notified } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { polled } from './poll.ts';
import { toEvents as receiptEvents } from './receipt.ts';

/** Of the address that a notice names, only the receipt's id counts: what is asked is built from it, and from our own shop. */
const named = /^https:\/\/[^/?#]+\/v3\/application\/shops\/\d+\/receipts\/(\d{1,20})\/?(?:[?#].*)?$/;

const toEvents = eventsOf({
  'source.notified': notified((notice) => {
    const id = named.exec(notice.id('resource_url'))?.[1];
    if (id === undefined) throw new Unreadable('id', notice.path('resource_url'), 'names no receipt');
    return [id];
  }),
});

/**
 * Etsy: webhooks of commercial apps that name a receipt (https://developers.etsy.com/documentation/essentials/webhooks), signed by
 * Standard Webhooks; the receipt is fetched from Open API v3, and receipts are polled, for refunds and small changes are not
 * notified. `store` of the account is the shop's id. A receipt is always told as order.created; a known one is updated by it.
 */
export const source: SourceDefinition = {
  name: 'etsy',
  title: 'Etsy',
  kind: 'marketplace',
  verified: {
    unsure: [
      'the steps of the signature and the events besides order.paid: third-party material on the vendor’s page',
      'that a refresh token is given anew with each access token, and the old one taken no more',
      'status of a refund, and coupons of single transactions: not read; discount_amt is the order’s',
      'a refund has no id: the receipt’s and its time make one',
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
  topic: { field: 'event_type' },
  delivery: [{ header: 'webhook-id' }],
  routes: { sells: { 'order.paid': 'source.notified', 'order.canceled': 'source.notified', 'order.shipped': 'source.notified', 'order.delivered': 'source.notified' } },
  toEvents,
  api: {
    host: 'https://api.etsy.com',
    token: { grant: 'refresh_token', address: '/v3/public/oauth/token', client: 'fields', rotates: true },
    limit: { perSecond: 5 },
    authorise: (token, clientId = '') => ({ authorization: `Bearer ${token}`, 'x-api-key': clientId }),
    toEvents: receiptEvents,
    notice: { path: ({ ids: [id] }, { store }) => `/v3/application/shops/${idInPath(store)}/receipts/${idInPath(id)}`, mostAtOnce: 2 },
    poll: polled,
  },
};
