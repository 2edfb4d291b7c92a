import { fieldsOf, type Fields } from '../../convert/index.ts';
import {
  country, currency, decimal, each, first, joined, latest, latitudeLongitude, major, orderCreated, picked, returnRequested, text, time, word, type OrderMap, type Read,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

const payments = each('first.payments');
const stateOf = (one: Fields): string => one.text('status') ?? '';
/** The payment that counts: the approved one, or the last. */
const counts = (order: Fields): Fields | undefined => payments(order).find((one) => stateOf(one) === 'approved') ?? payments(order).at(-1);

const cancelled = (order: Fields): boolean => ['pending_cancel', 'cancelled', 'invalid'].includes(order.child('first')?.text('status') ?? '');
const shipped: Read<string> = text('shipment.status');

const address = 'shipment.destination.shipping_address';
/** The shipment changes without the order. */
const parts = (one: Fields): readonly Fields[] => [one.child('first'), one.child('shipment')].filter((part) => part !== undefined);

/** What of it was paid back, when an order is over. */
const ended = (order: Fields): 'REFUNDED' | 'VOIDED' => (payments(order).some((one) => stateOf(one) === 'refunded') ? 'REFUNDED' : 'VOIDED');

const fee: Read<number> = (order, scope) => {
  const kept = payments(order).filter((one) => stateOf(one) === 'approved').map((one) => major('marketplace_fee')(one, scope)).filter((one) => one !== undefined);
  return kept.length === 0 ? undefined : kept.reduce((sum, one) => sum + one, 0);
};

/** https://developers.mercadolivre.com.br/pt_br/gerenciamento-de-vendas : the order under `first`, its shipment beside it. */
const order: OrderMap = {
  id: text('first.id'),
  // of a cart, that of all its orders
  number: text('first.pack_id', 'first.id'),
  placedAt: time('first.date_created'),
  version: latest(parts, time(['last_updated', 'date_last_updated', 'date_closed', 'date_created'])),
  status: (one, scope) => {
    if (cancelled(one)) return 'CANCELLED';
    const where = shipped(one, scope);
    if (where === 'delivered') return 'COMPLETED';
    if (where === 'shipped') return 'PROCESSING';
    return word('first.status', {
      confirmed: 'NEW', payment_required: 'NEW', payment_in_process: 'NEW', partially_paid: 'NEW', paid: 'CONFIRMED', partially_refunded: 'CONFIRMED',
    }, 'UNKNOWN')(one, scope);
  },
  currency: currency('first.currency_id'),
  total: major('first.total_amount'),
  payment: {
    status: (one, scope) => {
      const said = word('first.status', {
        confirmed: 'PENDING', payment_required: 'PENDING', payment_in_process: 'PENDING', partially_paid: 'PENDING', paid: 'PAID', partially_refunded: 'PARTIALLY_REFUNDED',
        // the money has not gone back yet
        pending_cancel: 'PAID', cancelled: 'VOIDED',
      }, 'UNKNOWN')(one, scope);
      return said === 'VOIDED' ? ended(one) : said;
    },
    method: picked(counts, text('payment_method_id', 'payment_type')),
    provider: (one) => (payments(one).length === 0 ? undefined : 'mercado-pago'),
    reference: picked(counts, text('id')),
    fee,
  },
  fulfilment: {
    status: (one, scope) => (cancelled(one) && !['shipped', 'delivered'].includes(shipped(one, scope) ?? '') ? 'CANCELLED' : word('shipment.status', {
      to_be_agreed: 'UNFULFILLED', pending: 'UNFULFILLED', handling: 'UNFULFILLED', ready_to_ship: 'UNFULFILLED', shipped: 'SHIPPED', delivered: 'DELIVERED',
    }, 'UNKNOWN', 'UNFULFILLED')(one, scope)),
  },
  customer: {
    id: text('first.buyer.id'),
    name: first(joined('first.buyer.first_name', 'first.buyer.last_name'), text('shipment.destination.receiver_name')),
    phone: text('shipment.destination.receiver_phone'),
    line: first(text(`${address}.address_line`), joined(`${address}.street_name`, `${address}.street_number`)),
    city: text(`${address}.city.name`),
    state: text(`${address}.state.name`),
    postalCode: text(`${address}.zip_code`),
    country: country(`${address}.country.id`),
  },
  position: { from: 'address', at: latitudeLongitude(`${address}.latitude`, `${address}.longitude`) },
  lines: {
    of: each('first.order_items'),
    map: {
      productId: text('item.id'), sku: text('item.seller_sku', 'item.seller_custom_field'), name: text('item.title'), category: text('item.category_id'), quantity: decimal('quantity'),
      unitPrice: decimal('unit_price'),
    },
  },
  comment: text('first.comments', `${address}.comment`),
};

/** https://developers.mercadolibre.com.ar/en_us/manage-claims : how much goes back, it does not say. */
const goesBack = returnRequested({
  id: text('first.id'),
  orderId: text('first.resource_id'),
  requestedAt: time('first.date_created'),
  version: time(['first.last_updated', 'first.date_created']),
  reason: text('first.reason_id'),
});

/** A claim of an order for which something is sent back; complaints and cancellations move nothing. */
const isReturn = (claim: Fields): boolean => {
  const related = claim.raw('related_entities');
  return claim.text('resource') === 'order' && (claim.text('type') === 'return' || (Array.isArray(related) && related.includes('return')));
};

/** An order with its shipment, or a claim. @throws Unreadable */
export function toEvents(payload: unknown, context: AskedContext): Items {
  const item = fieldsOf(payload);
  const claim = item.child('first');
  if (claim?.text('resource_id') === undefined) return orderCreated(order)(item, { ...context, route: 'order.created' });
  return isReturn(claim) ? goesBack(item, { ...context, route: 'return.requested' }) : [];
}
