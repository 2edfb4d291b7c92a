import { eventsOf, notified, seconds } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { toEvents as orderEvents } from './order.ts';

/** `data.orderId` is the order's id as the shop writes it; older notices tell its number alone, by which it is found as well. */
const toEvents = eventsOf({ 'source.notified': notified((notice) => [notice.child('data')?.text('orderId') ?? notice.id('entityId')], seconds('eventCreated')) });

/**
 * Ecwid by Lightspeed: webhooks that name an order (https://docs.ecwid.com/webhooks). Only `eventCreated` and `eventId` are
 * signed, "don't use webhooks themselves as actionable items": the order is always fetched, by `store` of the account, the store's id, and the
 * notice's id. Orders name no currency, the account must. Unfinished orders are not read: `order.created` follows once they are
 * placed. An order is always told as order.created; a known one is updated by it.
 */
export const source: SourceDefinition = {
  name: 'ecwid',
  title: 'Ecwid',
  kind: 'storefront',
  verified: {
    unsure: [
      'data.orderId of a notice, and costPrice of an item: seen in third-party material only',
      'whether couponAmount and discounts of an item are those of its whole quantity: taken as such',
      'refunds are told for Ecwid’s own payments alone; they have no id, so that the order’s and the time make one',
      '600 requests a minute: from memory',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' },
    message: [{ json: 'eventCreated' }, { literal: '.' }, { json: 'eventId' }],
    header: 'x-ecwid-webhook-signature',
    parser: { form: 'plain' },
    encoding: 'base64',
  },
  topic: { field: 'eventType' },
  delivery: [{ field: 'eventId' }],
  routes: { sells: { 'order.created': 'source.notified', 'order.updated': 'source.notified' } },
  toEvents,
  api: {
    host: 'https://app.ecwid.com',
    limit: { perSecond: 8 },
    authorise: (token) => ({ authorization: `Bearer ${token}` }),
    toEvents: orderEvents,
    notice: { path: ({ ids: [id] }, { store }) => `/api/v3/${idInPath(store)}/orders/${idInPath(id)}`, mostAtOnce: 4 },
  },
};
