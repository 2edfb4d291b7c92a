import { notified, time } from '../../map/index.ts';
import { fieldsOf, Unreadable, type Fields } from '../../convert/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { toEvents } from './order.ts';

/** The order stands in the payload, or in the payload's order. @throws Unreadable */
const ids = (event: Fields): readonly string[] => {
  const payload = event.child('payload');
  if (!payload) throw new Unreadable('missing', event.path('payload'), 'is missing');
  return [(payload.child('order') ?? payload).id('purchaseOrderId')];
};
const notice = notified(ids, time('source.eventTime'));

/** On every call, that for a token as well. */
const headers = { 'wm_svc.name': 'Walmart Marketplace', 'wm_qos.correlation_id': 'orderflow' };

/**
 * Walmart Marketplace: events of purchase orders tell lines, but neither money nor customer, so they are notices of what is
 * fetched (https://developer.walmart.com/us-marketplace/docs/purchase-order-po-created-event and …/order-management-event).
 * Several purchase orders of one sale are orders of their own; the sale's number is theirs, too. The credential is
 * `{"clientId", "clientSecret"}`; a token is good for a quarter of an hour
 * (https://developer.walmart.com/us-marketplace/docs/get-an-access-token).
 */
export const source: SourceDefinition = {
  name: 'walmart',
  title: 'Walmart Marketplace',
  kind: 'marketplace',
  verified: {
    unsure: [
      'the signature, its encoding (base64) and its headers: third-party material; the unit of its timestamp is not known, so its age is not checked',
      'a charge’s amount: taken as that of its line; payment is settled by Walmart and told as UNKNOWN',
      'headers of the token endpoint: WM_SVC.NAME and WM_QOS.CORRELATION_ID are sent as public clients do, the vendor’s own sample does without; one correlation id serves all calls',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' },
    message: ['method', { literal: '\n' }, 'target', { literal: '\n' }, { header: 'wm_sec.timestamp' }, { literal: '\n' }, { digestOfBody: 'sha256' }],
    header: 'wm_sec.signature',
    parser: { form: 'plain' },
    encoding: 'base64',
  },
  // one vendor page has the kind of an update in `meta`, another in the payload
  topic: [{ field: 'source.eventType' }, { field: ['payload.subEventType', 'payload.meta.subEventType', 'meta.subEventType'] }],
  delivery: [{ field: 'source.eventId' }],
  routes: { sells: { 'PO_CREATED': 'source.notified', 'PO_LINE_AUTOCANCELLED': 'source.notified', 'ORDER_UPDATES*': 'source.notified' } },
  toEvents: (payload, context) => notice(fieldsOf(payload), context),
  api: {
    host: 'https://marketplace.walmartapis.com',
    token: { grant: 'client_credentials', address: '/v3/token', client: 'basic', headers },
    authorise: (token) => ({ 'wm_sec.access_token': token }),
    headers,
    toEvents,
    notice: { path: ({ ids: [id] }) => `/v3/orders/${idInPath(id)}`, mostAtOnce: 4 },
  },
};
