import { fieldsOf, type Fields } from '../../convert/index.ts';
import {
  accountCurrency, country, currency, decimal, each, first, inside, joined, known, latitudeLongitude, orderChanged, orderCreated, picked, text, then, time, together, word,
  type OrderMap, type Read, type Scope,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';
import { cash, detail, discount, items, lineDiscount, lineTotal, more, shipping, subtotal, tax, total } from './money.ts';

/** The order without the envelope. */
export const itemOf = (payload: unknown): unknown => {
  const answer = fieldsOf(payload);
  return answer.child('order') === undefined ? payload : answer.raw('order');
};

/** An order has no time of change; the later of two states is the newer. What it does not know is never newer. */
const version = word('state', { CREATED: '1', OFFERED: '1', ACCEPTED: '2', HANDED_OFF: '3', SUCCEEDED: '4', FAILED: '5' }, '0');
const cancelled = (order: Fields): boolean => order.text('state') === 'FAILED';

/** Uber takes the money, but for what is paid at the door. */
const paid: OrderMap['payment']['status'] = (order, scope) => {
  if (cancelled(order) && order.child('failure_info')?.flag('will_merchant_be_paid') !== true) return 'UNKNOWN';
  return (cash(order, scope) ?? 0) > 0 ? 'UNKNOWN' : 'PAID';
};

/** One who fetches his order has it when it is handed over. */
const handedOff: Read<'DELIVERED' | 'OUT_FOR_DELIVERY'> = (order) =>
  (order.text('state') !== 'HANDED_OFF' ? undefined : ['PICKUP', 'DINE_IN'].includes(order.text('fulfillment_type') ?? '') ? 'DELIVERED' : 'OUT_FOR_DELIVERY');
const fulfilled: OrderMap['fulfilment']['status'] = first(
  known('state', { SUCCEEDED: 'DELIVERED' as const, FAILED: 'CANCELLED' as const }),
  known('deliveries.0.status', { EN_ROUTE_TO_DROPOFF: 'OUT_FOR_DELIVERY' as const, ARRIVED_AT_DROPOFF: 'OUT_FOR_DELIVERY' as const, COMPLETED: 'DELIVERED' as const }),
  handedOff,
  known('preparation_status', { READY_FOR_HANDOFF: 'PACKED' as const }),
  known('state', { CREATED: 'UNFULFILLED' as const, OFFERED: 'UNFULFILLED' as const, ACCEPTED: 'UNFULFILLED' as const }),
);

/** Of several people who order together: who has ordered. */
const customer = <T>(read: Read<T>): Read<T> => picked((order) => {
  const all = each('customers')(order);
  return all.find((one) => one.flag('is_primary_customer') === true) ?? all[0];
}, read);
const location = 'deliveries.0.location';

/** What people wrote: to the order, its items and whoever brings it. */
const comment: Read<string> = (order, scope) => {
  const words = [
    text('store_instructions')(order, scope),
    ...each('carts')(order).map((cart) => text('special_instructions')(cart, scope)),
    ...items(order).flatMap((item) => ['customer_requests', 'customer_request'].flatMap((name) => [
      text(`${name}.special_instructions`)(item, scope), text(`${name}.allergy.instructions`)(item, scope),
    ])),
    ...each('deliveries')(order).map((delivery) => text('instructions')(delivery, scope)),
  ];
  return words.filter((one) => one !== undefined).join('; ') || undefined;
};

const order: OrderMap = {
  id: text('id'),
  number: text('display_id'),
  placedAt: time('created_time'),
  version: then(version, Number),
  status: word('state', { CREATED: 'NEW', OFFERED: 'NEW', ACCEPTED: 'PROCESSING', HANDED_OFF: 'PROCESSING', SUCCEEDED: 'COMPLETED', FAILED: 'CANCELLED' }, 'UNKNOWN'),
  currency: first(currency(`${detail}.order_total.gross.currency_code`, `${detail}.order_total.net.currency_code`, `${detail}.currency_code`), accountCurrency),
  total: Object.assign((one: Fields, scope: Scope) => total(one, scope), { at: `${detail}.order_total.gross.amount_e5` }),
  subtotal,
  discount,
  tax,
  shipping,
  payment: { status: paid, method: (one, scope) => ((cash(one, scope) ?? 0) > 0 ? 'cash' : undefined) },
  fulfilment: {
    status: fulfilled,
    promisedAt: time(['deliveries.0.estimated_dropoff_time', 'scheduled_order_target_delivery_time_range.end_time', 'preparation_time.ready_for_pickup_time']),
    deliveredAt: (one, scope) => (one.text('state') === 'SUCCEEDED' ? time('completed_time')(one, scope) : undefined),
  },
  customer: {
    id: customer(text('id')),
    name: customer(first(joined('name.first_name', 'name.last_name'), text('name.display_name'))),
    email: customer(text('tax_profile.email')),
    // the number is Uber's, and reaches the customer with a code alone
    phone: customer(inside('contact.phone', joined('number', 'pin_code'))),
    line: joined(`${location}.street_address_line_one`, `${location}.street_address_line_two`, `${location}.unit_number`),
    city: text(`${location}.city`),
    postalCode: text(`${location}.postal_code`),
    country: country(`${location}.country`),
  },
  position: { from: 'address', at: latitudeLongitude(`${location}.latitude`, `${location}.longitude`) },
  store: { id: text('store.id'), name: text('store.name') },
  lines: {
    of: items,
    map: { id: text('cart_item_id', 'id'), productId: text('id'), sku: text('external_data'), name: text('title'), quantity: decimal('quantity.amount'), discount: lineDiscount, total: lineTotal },
  },
  more,
  comment,
};

/** Why it came to nothing: who reads the order alone does not learn it. */
const failed = orderChanged({
  orderId: order.id,
  at: first(time('completed_time'), order.placedAt),
  version: order.version as Read<number>,
  currency: order.currency,
  status: order.status,
  payment: order.payment,
  fulfilment: order.fulfilment,
  cancelReason: first(text('failure_info.description'), text('failure_info.reason')),
});

/** An order as the API returns it, in whatever state. */
export const toEvents = (payload: unknown, context: AskedContext): Items => {
  const fields = fieldsOf(payload);
  const make = cancelled(fields) ? together(orderCreated(order), failed) : orderCreated(order);
  return make(fields, { ...context, route: 'order.created' });
};
