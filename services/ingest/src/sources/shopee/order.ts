import { fieldsOf, Unreadable, type Fields } from '../../convert/index.ts';
import { country, currency, decimal, each, latest, major, orderCreated, seconds, text, then, word, type OrderMap, type Read } from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

const address = 'recipient_address';
const cancelled: Read<true> = (one) => (one.text('order_status') === 'CANCELLED' ? true : undefined);

/** https://open.shopee.com/documents/v2/v2.order.get_order_detail?module=94&type=1 */
const order: OrderMap = {
  id: text('order_sn'),
  number: text('order_sn'),
  placedAt: seconds('create_time'),
  version: latest((one) => [one], seconds('update_time')),
  status: word('order_status', {
    UNPAID: 'NEW', READY_TO_SHIP: 'CONFIRMED', PROCESSED: 'PROCESSING', RETRY_SHIP: 'PROCESSING', SHIPPED: 'PROCESSING', TO_CONFIRM_RECEIVE: 'PROCESSING', IN_CANCEL: 'PROCESSING',
    TO_RETURN: 'COMPLETED', COMPLETED: 'COMPLETED', CANCELLED: 'CANCELLED',
  }, 'UNKNOWN'),
  currency: currency('currency'),
  total: major('total_amount'),
  payment: {
    // cash on delivery is paid when it has arrived; a time of payment counts, whatever the state
    status: (one, scope) => {
      if ((one.integer('pay_time') ?? 0) > 0) return 'PAID';
      if (cancelled(one, scope)) return 'UNKNOWN';
      return one.text('order_status') === 'UNPAID' || one.flag('cod') === true ? 'PENDING' : 'UNKNOWN';
    },
    method: text('payment_method'),
  },
  fulfilment: {
    status: word('order_status', {
      UNPAID: 'UNFULFILLED', READY_TO_SHIP: 'UNFULFILLED', PROCESSED: 'PACKED', RETRY_SHIP: 'PACKED', SHIPPED: 'SHIPPED', TO_CONFIRM_RECEIVE: 'DELIVERED', TO_RETURN: 'DELIVERED',
      COMPLETED: 'DELIVERED', CANCELLED: 'CANCELLED',
    }, 'UNKNOWN'),
    promisedAt: seconds('edt_to'),
  },
  customer: {
    id: text('buyer_user_id'), name: then(text(`${address}.name`, 'buyer_username'), (name) => (/^\*+$/.test(name) ? undefined : name)), phone: text(`${address}.phone`), line: text(`${address}.full_address`),
    city: text(`${address}.city`), state: text(`${address}.state`), postalCode: text(`${address}.zipcode`), country: country(`${address}.region`),
  },
  lines: {
    of: each('item_list'),
    map: { productId: text('item_id'), sku: text('model_sku', 'item_sku'), name: text('item_name'), quantity: decimal('model_quantity_purchased'), unitPrice: decimal('model_discounted_price') },
  },
  comment: text('message_to_seller', 'note'),
};

/** The one order that was asked for. @throws Unreadable; what is refused comes with 200, too, and names its error */
export function toEvents(payload: unknown, context: AskedContext): Items {
  const answer = fieldsOf(payload);
  if ((answer.text('error') ?? '') !== '') throw new Unreadable('vendor', answer.path('error'), 'is not that of an answer');
  const [one]: readonly (Fields | undefined)[] = answer.child('response')?.list('order_list') ?? [];
  if (one === undefined) throw new Unreadable('missing', answer.path('response.order_list.0'), 'is missing');
  return orderCreated(order)(one, { ...context, route: 'order.created' });
}
