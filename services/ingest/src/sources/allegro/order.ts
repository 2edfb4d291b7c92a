import type { FulfilmentStatus, OrderStatus, PaymentStatus } from '@orderflow/shared/events';
import { fieldsOf } from '../../convert/index.ts';
import { country, currency, decimal, each, first, joined, known, major, orderCreated, text, time, word, type OrderMap, type Read } from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

const atSeller = 'fulfillment.status';
const cancelled = known('status', { CANCELLED: 'CANCELLED' });
const address = (name: string): string => `delivery.address.${name}`;

/** Before it is ready for processing the order's data "could still change". */
const status: Read<OrderStatus> = first<OrderStatus>(
  cancelled, known('status', { BOUGHT: 'NEW', FILLED_IN: 'NEW' }),
  known(atSeller, { PROCESSING: 'PROCESSING', READY_FOR_SHIPMENT: 'PROCESSING', READY_FOR_PICKUP: 'PROCESSING', SENT: 'PROCESSING', PICKED_UP: 'COMPLETED', CANCELLED: 'CANCELLED', RETURNED: 'COMPLETED' }),
  (order, scope) => (['NEW', undefined].includes(text(atSeller)(order, scope)) ? word<OrderStatus>('status', { READY_FOR_PROCESSING: 'CONFIRMED' }, 'UNKNOWN')(order, scope) : undefined),
);
const fulfilment: Read<FulfilmentStatus> = first<FulfilmentStatus>(cancelled, word<FulfilmentStatus>(atSeller, {
  NEW: 'UNFULFILLED', PROCESSING: 'UNFULFILLED', SUSPENDED: 'UNFULFILLED', READY_FOR_SHIPMENT: 'PACKED', READY_FOR_PICKUP: 'PACKED', SENT: 'SHIPPED', PICKED_UP: 'DELIVERED', CANCELLED: 'CANCELLED',
}, 'UNKNOWN', 'UNFULFILLED'));
/** A payment has been made when it is finished; cash on delivery never says so. */
const payment: Read<PaymentStatus> = (order, scope) =>
  text('payment.finishedAt')(order, scope) !== undefined ? 'PAID' : cancelled(order, scope) ? 'VOIDED' : 'PENDING';

/** Things of one form may be bought one after another: the order begins with the first. */
const boughtAt: Read<string> = (order, scope) =>
  order.list('lineItems').map((line) => time('boughtAt')(line, scope)).reduce((best, one) => (best === undefined || (one !== undefined && Date.parse(one) < Date.parse(best)) ? one : best), undefined);

/** Prices are decimal texts and include the tax; `price` is that of one unit as it was bought. */
const order: OrderMap = {
  id: text('id'),
  placedAt: Object.assign(first(boughtAt, time('updatedAt')), { at: 'updatedAt' }),
  version: time('updatedAt'),
  status,
  currency: currency('summary.totalToPay.currency'),
  total: major('summary.totalToPay.amount'),
  shipping: major('delivery.cost.amount'),
  payment: { status: payment, method: text('payment.provider', 'payment.type'), reference: text('payment.id') },
  fulfilment: { status: fulfilment, promisedAt: time('delivery.time.to') },
  customer: {
    id: text('buyer.id'),
    name: first(joined('buyer.firstName', 'buyer.lastName'), joined(address('firstName'), address('lastName')), text('buyer.login')),
    email: text('buyer.email'),
    phone: text(address('phoneNumber'), 'buyer.phoneNumber'),
    line: text(address('street'), 'buyer.address.street'),
    city: text(address('city'), 'buyer.address.city'),
    postalCode: text(address('zipCode'), 'buyer.address.postCode'),
    country: country(address('countryCode'), 'buyer.address.countryCode'),
  },
  lines: {
    of: each('lineItems'),
    map: { id: text('id'), productId: text('offer.id'), sku: text('offer.external.id'), name: text('offer.name'), quantity: decimal('quantity'), unitPrice: decimal('price.amount') },
  },
  comment: text('messageToSeller'),
};

/** A checkout form as the list holds it. */
export const toEvents = (payload: unknown, context: AskedContext): Items => orderCreated(order)(fieldsOf(payload), { ...context, route: 'order.created' });
