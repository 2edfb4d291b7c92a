import { accountCurrency, always, eventsOf, first, known, milliseconds, notified, returnRequested, seconds, text, then, whole, type Read, type Scope } from '../../map/index.ts';
import type { Fields } from '../../convert/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { toEvents as orderEvents } from './order.ts';
import { refusalIn } from './refusal.ts';
import { signed } from './sign.ts';

const updated = 'data.status_update_time';
/** In seconds by the vendor's word, in milliseconds in some of its own samples. */
const at: Read<string> = Object.assign(
  (push: Fields, scope: Scope) => ((whole(updated)(push, scope) ?? 0) > 100_000_000_000 ? milliseconds : seconds)(updated)(push, scope),
  { at: updated },
);

const currencies: Readonly<Record<string, string>> = { lazada_sg: 'SGD', lazada_my: 'MYR', lazada_th: 'THB', lazada_ph: 'PHP', lazada_id: 'IDR', lazada_vn: 'VND' };

/** A push tells a line of an order and its state; the order is fetched, what goes back is told. */
const toEvents = eventsOf({
  'source.notified': notified((push) => [(push.child('data') ?? push).id('trade_order_id')], at),
  'return.requested': returnRequested({
    id: text('data.reverse_order_line_id', 'data.reverse_order_id'),
    orderId: text('data.trade_order_id'),
    requestedAt: at,
    decided: known('data.reverse_status', { REFUND_SUCCESS: 'APPROVED' }),
    currency: first(then(text('site'), (site) => (Object.hasOwn(currencies, site) ? currencies[site] : undefined)), accountCurrency),
    customerId: text('data.buyer_id'),
    lines: { of: (push) => [push.child('data') ?? push], map: { id: text('trade_order_line_id'), lineId: text('trade_order_line_id'), quantity: always('1') } },
  }),
});

/**
 * Lazada: its push mechanism (https://open.lazada.com/apps/doc/doc?nodeId=29526&docId=120168), a message for each line of an
 * order; the order is fetched by its lines. The secret is `<app key>:<app secret>`, the credential of the API
 * `<app key>:<app secret>:<access token>`.
 */
export const source: SourceDefinition = {
  name: 'lazada',
  title: 'Lazada',
  kind: 'marketplace',
  verified: {
    unsure: [
      'rows of an order: paid_price as item_price less vouchers, and what is paid where several vouchers meet; their statuses beyond those of the push guide',
      'whether an order is paid stands elsewhere (cash on delivery): only `unpaid` is known',
      'the words of reverse_status but those of the guide; returns say no amount and no reason',
      'one host for all countries, and an access token that is renewed elsewhere: the vendor’s own flow is none of OAuth’s',
      'codes of refusals with 200: as several public clients have them; the vendor’s list was not seen, and code 16 of an unknown order only in its older API',
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
  topic: [{ field: 'message_type' }, { field: 'data.reverse_status' }],
  // the same message comes up to twelve times; what it says is its only name
  delivery: [],
  routes: { sells: { '0': 'source.notified', '10:RTM_INIT': 'return.requested', '10:REFUND_SUCCESS': 'return.requested', '10:*': 'source.notified' } },
  toEvents,
  api: {
    host: 'https://api.lazada.com/rest',
    authorise: () => ({}),
    address: signed,
    refusal: refusalIn,
    toEvents: orderEvents,
    notice: { path: ({ ids: [id] }) => `/order/items/get?order_id=${idInPath(id)}`, mostAtOnce: 2 },
  },
};
