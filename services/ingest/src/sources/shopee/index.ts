import { eventsOf, notified, seconds } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { toEvents as orderEvents } from './order.ts';
import { refusalIn } from './refusal.ts';
import { signed } from './sign.ts';

/** What the order's lines and money need asking for by name. */
const wanted = 'buyer_user_id,buyer_username,recipient_address,item_list,total_amount,note,pay_time,payment_method,actual_shipping_fee,estimated_shipping_fee';

/** An order's state has changed: the order is fetched. */
const toEvents = eventsOf({
  'source.notified': notified((push) => [(push.child('data') ?? push).id('ordersn')], seconds('data.update_time', 'timestamp')),
});

/**
 * Shopee: pushes that name an order, which is fetched. Signature and empty answer as minchao/shopee-php has them
 * (examples/webhook), which follows https://open.shopee.com/documents?module=63&type=2&id=55 . The secret is the partner
 * key, the credential of the API `<partner id>:<partner key>:<shop id>:<access token>`.
 */
export const source: SourceDefinition = {
  name: 'shopee',
  title: 'Shopee',
  kind: 'marketplace',
  verified: {
    unsure: [
      'the vendor’s own pages could not be read: signature, answer and the shape of an order are those of public clients',
      'pushes of returns (code 29) are not read: neither their fields nor what a return says were seen',
      'what total_amount leaves out of vouchers and postage; lines are at model_discounted_price',
      'an access token that is renewed elsewhere: the vendor’s own flow is none of OAuth’s',
      'words of refusals with 200: as several public clients have them; of the vendor’s, only error_not_found was seen, in a copy of its page',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' },
    message: ['url', { literal: '|' }, 'body'],
    header: 'authorization',
    parser: { form: 'plain' },
    encoding: 'hex',
  },
  topic: { field: 'code' },
  delivery: [],
  routes: { sells: { '0': 'ping', '3': 'source.notified' } },
  answer: { status: 200, body: '' },
  toEvents,
  api: {
    host: 'https://partner.shopeemobile.com',
    authorise: () => ({}),
    address: signed,
    refusal: refusalIn,
    toEvents: orderEvents,
    notice: { path: ({ ids: [id] }) => `/api/v2/order/get_order_detail?order_sn_list=${idInPath(id)}&response_optional_fields=${encodeURIComponent(wanted)}`, mostAtOnce: 2 },
  },
};
