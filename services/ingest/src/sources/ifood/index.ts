import { eventsOf, known, notified, orderChanged, text, time } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { toEvents as orderEvents } from './order.ts';

const at = time('createdAt');

/** A placed order is fetched; what becomes of it is told by the event alone, for the order itself has no status. */
const toEvents = eventsOf({
  'source.notified': notified((event) => [event.id('orderId')], at),
  'order.updated': orderChanged({
    orderId: text('orderId'),
    at,
    status: known('fullCode', { CONFIRMED: 'CONFIRMED', PREPARATION_STARTED: 'PROCESSING', READY_TO_PICKUP: 'PROCESSING', DISPATCHED: 'PROCESSING', CONCLUDED: 'COMPLETED', CANCELLED: 'CANCELLED' }),
    // only what moves the parcel says something of the parcel
    fulfilment: { status: known('fullCode', { CONFIRMED: 'UNFULFILLED', PREPARATION_STARTED: 'UNFULFILLED', READY_TO_PICKUP: 'PACKED', DISPATCHED: 'OUT_FOR_DELIVERY', CONCLUDED: 'DELIVERED', CANCELLED: 'CANCELLED' }) },
    cancelReason: text('metadata.CANCEL_REASON', 'metadata.reason'),
  }),
});

/**
 * iFood: events of orders (https://developer.ifood.com.br/en-US/docs/guides/modules/events/webhook-signature), the order fetched.
 * It sends forged signatures on purpose and wants them refused. The credential is `{"clientId", "clientSecret"}` of a centralized
 * application, whose token is good for six hours and is not refreshed but asked for again
 * (https://developer.ifood.com.br/en-US/docs/guides/modules/authentication/centralized).
 */
export const source: SourceDefinition = {
  name: 'ifood',
  title: 'iFood',
  kind: 'delivery',
  verified: {
    unsure: [
      'the words of fullCode but for PLACED, and the reason of a cancellation in its metadata: from memory',
      'an item’s totalPrice: taken as its quantity’s, options included',
      'distributed applications, whose owners authorise them, have a refresh token: they are not served; events are not polled',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' },
    message: ['body'],
    header: 'x-ifood-signature',
    parser: { form: 'plain' },
    encoding: 'hex',
  },
  topic: { field: 'fullCode' },
  delivery: [{ field: 'id' }],
  routes: {
    sells: {
      PLACED: 'source.notified', CONFIRMED: 'order.updated', PREPARATION_STARTED: 'order.updated', READY_TO_PICKUP: 'order.updated', DISPATCHED: 'order.updated',
      CONCLUDED: 'order.updated', CANCELLED: 'order.updated', KEEPALIVE: 'ping',
    },
  },
  answer: { status: 202, body: '' },
  toEvents,
  api: {
    host: 'https://merchant-api.ifood.com.br',
    token: { grant: 'client_credentials', address: '/authentication/v1.0/oauth/token', client: 'fields', camelCase: true },
    authorise: (token) => ({ authorization: `Bearer ${token}` }),
    toEvents: orderEvents,
    notice: { path: ({ ids: [id] }) => `/order/v1.0/orders/${idInPath(id)}`, mostAtOnce: 4 },
  },
};
