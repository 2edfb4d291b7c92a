import type { FulfilmentStatus, OrderLine } from '@orderflow/shared/events';
import { present, type Fields } from '../../convert/index.ts';
import {
  accountCurrency, always, decimal, difference, eventsOf, first, forEach, joined, known, latitudeLongitude, major, marked, needed, ofOuter, orderCreated,
  picked, price, returnRequested, text, then, time, together, under, type OrderMap, type Read, type Scope,
} from '../../map/index.ts';

/** What counts of a list: what was voided or deleted was never sold. */
const valid = (list: readonly Fields[]): readonly Fields[] => list.filter((one) => one.flag('voided') !== true && one.flag('deleted') !== true);
const checks = (order: Fields): readonly Fields[] => valid(order.list('checks'));
const ofChecks = (name: string) => (order: Fields): readonly Fields[] => checks(order).flatMap((check) => valid(check.list(name)));
const payments = ofChecks('payments');

/** The sum over some objects; undefined when there are none. */
const over = (of: (order: Fields) => readonly Fields[], read: Read<number>): Read<number> => (order, scope) => {
  const found = of(order);
  return found.length === 0 ? undefined : found.reduce((sum, one) => sum + (read(one, scope) ?? 0), 0);
};
const total = over(checks, (check, scope) => needed(major('totalAmount'), check, scope));
const refunded = over(payments, major('refund.refundAmount'));

/** Checks are split by guests; the order is paid when all of them are (`paymentStatus` OPEN, PAID, CLOSED). */
const paymentStatus: OrderMap['payment']['status'] = (order, scope) => {
  if (order.flag('voided') === true) return 'VOIDED';
  const [back, all] = [refunded(order, scope) ?? 0, total(order, scope) ?? 0];
  if (back > 0) return back >= all ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
  const words = checks(order).map((check) => check.text('paymentStatus'));
  if (words.some((word) => word !== 'OPEN' && word !== 'PAID' && word !== 'CLOSED')) return 'UNKNOWN';
  return words.every((word) => word !== 'OPEN') ? 'PAID' : 'PENDING';
};

const charge = major('chargeAmount');

/** Service charges, delivery fees among them, stand beside what was ordered. */
function fees(order: Fields, scope: Scope): readonly OrderLine[] {
  return ofChecks('appliedServiceCharges')(order).map((one) => {
    const amount = charge(one, scope) ?? 0;
    return present({
      id: one.id('guid'), name: one.text('name'), quantity: 1, unitPrice: price(always(amount))(one, scope) ?? '0', total: amount,
      class: one.flag('delivery') === true ? ('postage' as const) : ('fee' as const),
    });
  });
}

const guest = (order: Fields): Fields | undefined => checks(order).map((check) => check.child('customer')).find((customer) => customer !== undefined);

/** https://doc.toasttab.com/openapi/orders/tag/Data-definitions/schema/Order : amounts are decimal numbers in the restaurant's currency. */
const order: OrderMap = {
  id: text('guid'),
  number: text('displayNumber'),
  placedAt: time(['openedDate', 'createdDate']),
  version: time(['modifiedDate', 'createdDate', 'openedDate']),
  status: (one) => (one.flag('voided') === true ? 'CANCELLED' : one.text('closedDate') === undefined ? 'CONFIRMED' : 'COMPLETED'),
  test: marked('createdInTestMode'),
  currency: accountCurrency,
  total: Object.assign(total, { at: 'checks' }),
  tax: over(checks, major('taxAmount')),
  payment: { status: paymentStatus, method: picked((one) => payments(one)[0], text('type')), reference: picked((one) => payments(one)[0], text('guid')) },
  fulfilment: {
    status: first<FulfilmentStatus>(
      then(marked('voided'), () => 'CANCELLED'),
      known('deliveryInfo.deliveryState', { PENDING: 'UNFULFILLED', IN_PROGRESS: 'PACKED', PICKED_UP: 'OUT_FOR_DELIVERY', DELIVERED: 'DELIVERED' }),
      then(text('closedDate'), () => 'DELIVERED'),
      always('UNFULFILLED'),
    ),
    promisedAt: time('promisedDate'),
    deliveredAt: time('deliveryInfo.deliveredDate'),
  },
  customer: {
    id: picked(guest, text('guid')),
    name: picked(guest, joined('firstName', 'lastName')),
    email: picked(guest, text('email')),
    phone: picked(guest, text('phone')),
    line: joined('deliveryInfo.address1', 'deliveryInfo.address2'),
    city: text('deliveryInfo.city'),
    state: text('deliveryInfo.state'),
    postalCode: text('deliveryInfo.zipCode'),
  },
  position: { from: 'address', at: latitudeLongitude('deliveryInfo.latitude', 'deliveryInfo.longitude') },
  store: { id: ofOuter(text('details.restaurantGuid', 'restaurantGuid')) },
  lines: {
    of: ofChecks('selections'),
    map: {
      id: text('guid'), productId: text('item.guid'), sku: text('item.externalId'), name: text('displayName'), quantity: decimal('quantity'),
      discount: then(difference(major('preDiscountPrice'), major('price')), (amount) => (amount > 0 ? amount : undefined)), tax: major('tax'), total: major('price'),
    },
  },
  more: fees,
  comment: text('deliveryInfo.notes'),
};

/** A payment tells what went back of it, all in all. */
const refunds = forEach((one) => payments(one).filter((payment) => payment.child('refund') !== undefined), returnRequested({
  id: text('guid'),
  orderId: ofOuter(text('guid')),
  requestedAt: time('refund.refundDate'),
  decided: always('APPROVED'),
  currency: accountCurrency,
  amount: major('refund.refundAmount'),
}));

/** An event's payload → canonical events. */
export const toEvents = eventsOf({ 'order.created': under('details.order', together(orderCreated(order), refunds)) });
