import { eventsOf, notified, time } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { toEvents as orderEvents } from './order.ts';

/** An order's state has changed, whatever it is now: the order is fetched. */
const toEvents = eventsOf({ 'source.notified': notified((notice) => [notice.id('OrderId')], time('LastChange')) });

/**
 * VTEX: the order hook, which names orders (https://developers.vtex.com/docs/guides/orders-feed); they are fetched from the
 * Orders API of the account's own host. The hook's `headers` "contains the credentials that should be used to access the given
 * endpoint": there `x-orderflow-secret` is configured. `Origin.Key` in the body only names the application key. The API's
 * credential is `<AppKey>:<AppToken>`. An order is always told as order.created; a known one is updated by it. A purchase from
 * several sellers is split into orders `…-01`, `…-02` with lines and money of their own, which `orderGroup` holds together;
 * each counts by itself, and the group never.
 */
export const source: SourceDefinition = {
  name: 'vtex',
  title: 'VTEX',
  kind: 'storefront',
  verified: {
    unsure: [
      'the domains: Marketplace and Fulfillment seen in notices, Chain in orders only',
      'the list of states: those of the docs’ examples seen, the others from memory',
      'that amounts have two digits after the point in every currency: "in cents" is all that is said',
      'services bound to items (bundleItems) are in the total and no lines of ours',
      'a hook that was not heard of for three days is removed by VTEX; its feed is not read, for its items have to be committed',
    ],
  },
  verify: { shared: { header: 'x-orderflow-secret' } },
  topic: [{ field: 'hookConfig' }, { field: 'Domain' }, { field: 'State' }],
  delivery: [],
  // sent when the hook is configured; "the given endpoint should return status 200"
  challenge: { method: 'POST', from: { field: 'hookConfig' }, echo: 'nothing' },
  routes: { sells: { ping: 'ping', 'Marketplace:*': 'source.notified', 'Fulfillment:*': 'source.notified', 'Chain:*': 'source.notified' } },
  answer: { status: 200, body: '' },
  toEvents,
  api: {
    host: { within: ['vtexcommercestable.com.br', 'myvtex.com'] },
    limit: { perSecond: 100 }, // "each VTEX account can make up to 6000 requests per minute"
    authorise: (credential) => {
      const [key = '', ...token] = credential.split(':');
      return { 'x-vtex-api-appkey': key, 'x-vtex-api-apptoken': token.join(':') };
    },
    toEvents: orderEvents,
    notice: { path: ({ ids: [id] }) => `/api/oms/pvt/orders/${idInPath(id)}`, mostAtOnce: 10 },
  },
};
