import { idInPath } from '../id-in-path.ts';
import type { SourceDefinition } from '../definition.ts';
import { asked } from './asked.ts';
import { toEvents } from './to-events.ts';

/**
 * Square webhooks (https://developer.squareup.com/docs/webhooks/overview), signed over address and body as
 * https://developer.squareup.com/docs/webhooks/step3validate says. Payments of the till name an order and no lines, and
 * notices of orders and of the catalogue name nothing but themselves, so both are fetched.
 */
export const source: SourceDefinition = {
  name: 'square',
  title: 'Square',
  kind: 'pos',
  verified: {
    unsure: [
      'whether a card that is only authorised leaves net_amount_due_money at 0: its tender’s status is looked at first',
      'coordinates: they stand in the Locations API, which is not asked; orders name the location',
      'cost: no field of the catalogue that is read names one',
      'a catalogue of more than one page (100 objects): the first is read, and the rest is put on record as missing',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' },
    message: ['url', 'body'],
    header: 'x-square-hmacsha256-signature',
    parser: { form: 'plain' },
    encoding: 'base64',
  },
  topic: { field: 'type' },
  delivery: [{ field: 'event_id' }],
  routes: {
    sells: {
      'order.created': 'source.notified',
      'order.updated': 'source.notified',
      'order.fulfillment.updated': 'source.notified',
      'payment.created': 'source.notified', // sales of the till make no order.created
      'payment.updated': 'source.notified',
      'refund.created': 'source.notified', // names the return order that Square makes of it
      'refund.updated': 'source.notified',
      'catalog.version.updated': 'source.notified',
      'inventory.count.updated': 'inventory.counted',
      'webhooks.test_notification': 'ping',
    },
    // a refund changes its payment, too: payment.updated tells how much has gone back, refund.* only of itself
    payments: { 'payment.created': 'payment.changed', 'payment.updated': 'payment.changed', 'webhooks.test_notification': 'ping' },
  },
  toEvents,
  api: {
    host: 'https://connect.squareup.com',
    authorise: (token) => ({ authorization: `Bearer ${token}` }),
    headers: { 'square-version': '2026-10-15' },
    toEvents: asked,
    notice: {
      path: ({ topic, ids }) => (topic === 'catalog.version.updated' ? '/v2/catalog/list?types=ITEM,CATEGORY' : `/v2/orders/${idInPath(ids[0])}`),
      mostAtOnce: 4,
    },
  },
};
