import { fieldsOf } from '../../convert/index.ts';
import { eventsOf } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { toEvents } from './order.ts';
import { polled } from './poll.ts';

const linked = (path: string, id: string | undefined): string => `${path}/${idInPath(id)}?output_format=JSON`;

/**
 * PrestaShop: no webhooks; orders are polled from the shop's own webservice (https://devdocs.prestashop-project.org/9/webservice/),
 * each then fetched with its currency, customer, address and credit slips, for an order names these by ids. `host` of the account
 * is the shop's, `timeZone` its clock's, by which every time is written. Always told as
 * order.created: a known order is updated by it. A cart that PrestaShop splits is several orders under one reference, each with
 * money of its own: each is an order here.
 */
export const source: SourceDefinition = {
  name: 'prestashop',
  title: 'PrestaShop',
  kind: 'storefront',
  verified: {
    unsure: [
      'what the ids of the states mean: those of a new shop, from memory; states that a shop added are UNKNOWN',
      'that a credit slip moves date_upd of its order; if it does not, it is found with the order’s next change',
      'the names of a credit slip’s rows (order_slip_details) and that a list without any is [] in JSON: from memory',
      'the country of an address, which is an id of a further table, is not told; nor are messages of customers',
      'orders in the shop’s past hour are fetched again with each poll, because its clock is told twice in autumn',
    ],
  },
  verify: 'not-http',
  topic: { always: 'orders' },
  delivery: [],
  routes: { sells: {} },
  toEvents: eventsOf({}),
  api: {
    host: { base: '/api' },
    // the key "as the username", the password empty: https://devdocs.prestashop-project.org/9/webservice/tutorials/testing-access/
    authorise: (key) => ({ authorization: `Basic ${Buffer.from(`${key}:`).toString('base64')}` }),
    limit: { perSecond: 5 },
    toEvents,
    notice: {
      path: ({ ids: [id] }) => linked('/orders', id),
      item: (payload) => fieldsOf(payload).raw('order'),
      also: (item, { ids: [id] }) => {
        const order = fieldsOf(item);
        const [customer, address] = ['id_customer', 'id_address_delivery'].map((name) => order.text(name)).map((one) => (one === '0' ? undefined : one));
        return {
          currency: linked('/currencies', order.id('id_currency')),
          ...(customer === undefined ? {} : { customer: linked('/customers', customer) }),
          ...(address === undefined ? {} : { address: linked('/addresses', address) }),
          slips: `/order_slip?output_format=JSON&display=full&filter%5Bid_order%5D=%5B${idInPath(id)}%5D`,
        };
      },
      mostAtOnce: 2,
    },
    poll: polled,
  },
};
