import { eventsOf } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './order.ts';
import { polled } from './poll.ts';

/**
 * Salesforce B2C Commerce: no webhooks; a site's orders are polled from the Commerce API (SCAPI), whose list is a GET, and not from
 * the older OCAPI, whose search is a POST (https://developer.salesforce.com/docs/commerce/commerce-api/references/orders?meta=getOrders).
 * `host` of the account is that of its short code (`kv7kzm78.api.commercecloud.salesforce.com`), `store` its organization and its site,
 * `f_ecom_zzxy_prd:RefArch`. An order with several shipments is one. Always told as order.created: a known order is updated by it.
 */
export const source: SourceDefinition = {
  name: 'salesforce-b2c',
  title: 'Salesforce B2C Commerce',
  kind: 'storefront',
  verified: {
    unsure: [
      'the names lastModifiedDateFrom and lastModifiedDateTo, and that both ends count: the vendor’s page was seen in an excerpt without them',
      'the fields of an order: names of the vendor’s SDK (Order), its example of a basket; what each amount holds is from memory',
      'that the tenant of the scope is the organization without f_ecom_',
      'giftCertificateItems: from memory',
      'returns and refunds: Order Management holds them, not B2C Commerce',
    ],
  },
  verify: 'not-http',
  topic: { always: 'orders' },
  delivery: [],
  routes: { sells: {} },
  toEvents: eventsOf({}),
  api: {
    host: { within: ['api.commercecloud.salesforce.com'] },
    token: { grant: 'client_credentials', address: 'https://account.demandware.com/dwsso/oauth2/access_token', client: 'basic', fields: ({ store = '' }) => ({ scope: `SALESFORCE_COMMERCE_API:${store.split(':', 1)[0]?.replace(/^f_ecom_/, '') ?? ''} sfcc.orders` }) },
    authorise: (token) => ({ authorization: `Bearer ${token}` }),
    toEvents,
    poll: polled,
  },
};
