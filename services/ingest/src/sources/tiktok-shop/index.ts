import { eventsOf, first, known, notified, returnRequested, seconds, text } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { itemOf, refusalIn, toEvents as orderEvents } from './order.ts';
import { partsOf, signed } from './sign.ts';

const updated = seconds('data.update_time', 'timestamp');

/** An order's state has changed: it is fetched. What becomes of a return is told, but not how much of money. */
const toEvents = eventsOf({
  'source.notified': notified((push) => [(push.child('data') ?? push).id('order_id')], updated),
  'return.requested': returnRequested({
    id: text('data.return_id'),
    orderId: text('data.order_id'),
    requestedAt: first(seconds('data.create_time'), updated),
    version: updated,
    decided: known('data.return_status', {
      RETURN_OR_REFUND_REQUEST_SUCCESS: 'APPROVED', RETURN_OR_REFUND_REQUEST_COMPLETE: 'APPROVED', REPLACEMENT_REQUEST_REFUND_SUCCESS: 'APPROVED', AWAITING_BUYER_SHIP: 'PENDING', BUYER_SHIPPED_ITEM: 'PENDING',
      REFUND_OR_RETURN_REQUEST_REJECT: 'REJECTED', REJECT_RECEIVE_PACKAGE: 'REJECTED', RETURN_OR_REFUND_REQUEST_CANCEL: 'REJECTED', RETURN_OR_REFUND__REQUEST_CANCELLED: 'REJECTED',
    }),
  }),
});

/**
 * TikTok Shop: webhooks of orders (https://partner.tiktokshop.com/docv2/page/1-order-status-change), which are fetched, and of
 * returns (https://partner.tiktokshop.com/docv2/page/12-return-status-change). The secret is `<app key>:<app secret>`, the
 * credential `<app key>:<app secret>:<access token>`; `store` of the account is the shop's cipher, where its calls need one. An
 * order is always told as order.created: a known one is updated by it.
 */
export const source: SourceDefinition = {
  name: 'tiktok-shop',
  title: 'TikTok Shop',
  kind: 'marketplace',
  verified: {
    unsure: [
      'the signature of a webhook: as several public clients have it after the vendor’s overview, which was not seen itself',
      'an access token that is renewed elsewhere: the vendor’s own flow is neither of OAuth’s',
      'orders are not polled and returns not fetched: both searches are POST; a return therefore says no amount, lines or reason',
      'an order that was cancelled after it was paid does not say what went back: its payment is UNKNOWN',
      'codes of refused tokens (105001, 105002), which come with another status, too',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'labelled' },
    message: [{ secret: 'label' }, 'body'],
    header: 'authorization',
    parser: { form: 'plain' },
    encoding: 'hex',
  },
  topic: [{ field: 'type' }, { field: 'data.return_status' }],
  delivery: [{ field: 'tts_notification_id' }],
  routes: {
    sells: {
      '1': 'source.notified', '12:RETURN_OR_REFUND_*': 'return.requested', '12:REFUND_OR_RETURN_*': 'return.requested', '12:AWAITING_BUYER_SHIP': 'return.requested', '12:BUYER_SHIPPED_ITEM': 'return.requested',
      '12:REJECT_RECEIVE_PACKAGE': 'return.requested', '12:REPLACEMENT_REQUEST_REFUND_SUCCESS': 'return.requested',
    },
  },
  answer: { status: 200, body: '' },
  toEvents,
  api: {
    host: 'https://open-api.tiktokglobalshop.com',
    authorise: (credential) => ({ 'x-tts-access-token': partsOf(credential).token }),
    address: signed,
    refusal: refusalIn,
    toEvents: orderEvents,
    notice: {
      path: ({ ids: [id] }, { store }) => `/order/202309/orders?ids=${idInPath(id)}${store === undefined ? '' : `&shop_cipher=${encodeURIComponent(store)}`}`,
      item: itemOf,
      mostAtOnce: 4,
    },
  },
};
