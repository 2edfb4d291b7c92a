import { fieldsOf } from '../../convert/index.ts';
import { eventsOf } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { toEvents } from './order.ts';
import { polled } from './poll.ts';

/**
 * Oracle NetSuite: sales orders polled by SuiteTalk REST
 * (https://docs.oracle.com/en/cloud/saas/netsuite/ns-online-help/book_1559132836.html), each then fetched whole, and its currency.
 * `host` of the account is its own (`1234567.suitetalk.api.netsuite.com`). Of the two large ERPs it is this one, for its records are the
 * same in every account and documented in public; what SAP Commerce sends depends on integration objects that every customer models.
 * Always told as order.created: a known order is updated by it.
 */
export const source: SourceDefinition = {
  name: 'netsuite',
  title: 'Oracle NetSuite',
  kind: 'erp',
  verified: {
    unsure: [
      'the scope in the assertion, and PS256 for RSA keys: from memory',
      'the fields of a sales order and the letters of its status: from memory and from clients of others, not from the record catalogue',
      'how a time is written in q: days in the form MM/DD/YYYY are asked for, which the preferences of the role may change',
      'whether an order is paid, which its invoices and deposits tell: payment is UNKNOWN',
      'returns: returnAuthorization and cashRefund are records of their own, and one thing is polled for',
    ],
  },
  verify: 'not-http',
  topic: { always: 'orders' },
  delivery: [],
  routes: { sells: {} },
  toEvents: eventsOf({}),
  api: {
    host: { within: ['suitetalk.api.netsuite.com'], base: '/services/rest' },
    // machine to machine: the client is a certificate of the account's, and there is no secret
    token: { grant: 'client_credentials', address: '/auth/oauth2/v1/token', client: 'assertion', fields: { scope: 'rest_webservices' } },
    limit: { perSecond: 5 },
    authorise: (token) => ({ authorization: `Bearer ${token}` }),
    toEvents,
    notice: {
      path: ({ ids: [id] }) => `/record/v1/salesOrder/${idInPath(id)}?expandSubResources=true`,
      also: (item) => {
        const currency = fieldsOf(item).child('currency')?.text('id');
        return currency === undefined ? {} : { currency: `/record/v1/currency/${idInPath(currency)}` };
      },
      mostAtOnce: 2,
    },
    poll: polled,
  },
};
