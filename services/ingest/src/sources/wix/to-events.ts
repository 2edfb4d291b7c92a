import type { OrderLine } from '@orderflow/shared/events';
import { present, Unreadable, type Fields } from '../../convert/index.ts';
import {
  accountCurrency, always, country, currency, decimal, each, eventsOf, first, joined, latitudeLongitude, major, ofOuter, orderCreated, orderUpdated,
  price, returnRequested, text, then, time, under, whole, word, type Make, type OrderMap, type Read, type Scope,
} from '../../map/index.ts';

/** Where the order goes to, else who pays for it. */
const people = ['recipientInfo', 'shippingInfo.logistics.shippingDestination', 'billingInfo'] as const;
const ofPeople = (name: string): Read<string> => text(...people.map((who) => `${who}.${name}`));
const place = (name: string): Read<string> => ofPeople(`address.${name}`);
const joinedOf = (...names: readonly string[]): Read<string> => first(...people.map((who) => joined(...names.map((name) => `${who}.${name}`))));

const amount = major('price.amount');

/** Fees stand beside the lines, before tax as the lines' prices are. */
const fees = (order: Fields, scope: Scope): readonly OrderLine[] =>
  each('additionalFees')(order).map((fee, at) => {
    const total = amount(fee, scope) ?? 0;
    return present({ id: fee.text('id') ?? `fee-${at + 1}`, name: fee.text('name'), quantity: 1, unitPrice: price(always(total))(fee, scope) ?? '0', total, class: 'fee' as const });
  });

/** https://dev.wix.com/docs/rest/business-solutions/e-commerce/orders/order-object */
const order: OrderMap = {
  id: text('id'),
  number: text('number'),
  placedAt: time(['purchasedDate', 'createdDate']),
  version: time(['updatedDate', 'createdDate']),
  status: word('status', { INITIALIZED: 'NEW', PENDING: 'NEW', APPROVED: 'CONFIRMED', CANCELED: 'CANCELLED', REJECTED: 'CANCELLED' }, 'UNKNOWN'),
  currency: currency('currency'),
  total: major('priceSummary.total.amount'),
  subtotal: major('priceSummary.subtotal.amount'),
  discount: major('priceSummary.discount.amount'),
  tax: major('priceSummary.tax.amount'),
  shipping: major('priceSummary.shipping.amount'),
  payment: {
    status: word('paymentStatus', {
      PAID: 'PAID', NOT_PAID: 'PENDING', PENDING: 'PENDING', PENDING_MERCHANT: 'PENDING', PARTIALLY_PAID: 'PENDING', PARTIALLY_REFUNDED: 'PARTIALLY_REFUNDED', FULLY_REFUNDED: 'REFUNDED',
      CANCELED: 'VOIDED', DECLINED: 'FAILED',
    }, 'UNKNOWN'),
  },
  fulfilment: {
    status: (one, scope) => (one.text('status') === 'CANCELED' ? 'CANCELLED'
      : word('fulfillmentStatus', { NOT_FULFILLED: 'UNFULFILLED', PARTIALLY_FULFILLED: 'PARTIAL', FULFILLED: 'SHIPPED' }, 'UNKNOWN', 'UNFULFILLED')(one, scope)),
  },
  customer: {
    id: text('buyerInfo.memberId', 'buyerInfo.contactId'), // a visitor's id is that of a visit
    name: joinedOf('contactDetails.firstName', 'contactDetails.lastName'),
    email: text('buyerInfo.email'),
    phone: ofPeople('contactDetails.phone'),
    line: first(joinedOf('address.addressLine1', 'address.addressLine2'), joinedOf('address.streetAddress.number', 'address.streetAddress.name')),
    city: place('city'),
    state: then(place('subdivision'), (code) => code.replace(/^[A-Z]{2}-/, '')), // ISO 3166-2
    postalCode: place('postalCode'),
    country: country(...people.map((who) => `${who}.address.country`)),
  },
  position: { from: 'address', at: first(...people.map((who) => latitudeLongitude(`${who}.address.location.latitude`, `${who}.address.location.longitude`))) },
  store: { id: text('businessLocation.id'), name: text('businessLocation.name') },
  lines: {
    of: each('lineItems'),
    map: {
      id: text('id'), productId: text('catalogReference.catalogItemId'), sku: text('physicalProperties.sku'), name: text('productName.original', 'productName.translated'),
      quantity: decimal('quantity'), unitPrice: decimal('priceBeforeDiscounts.amount', 'price.amount'), discount: major('totalDiscount.amount'),
      tax: major('taxInfo.taxAmount.amount', 'taxDetails.totalTax.amount'),
    },
  },
  more: fees,
  comment: text('buyerNote'),
};

/** Where an event has its order: by what kind of event it is. */
const places = ['createdEvent.entity', 'updatedEvent.currentEntity', 'actionEvent.body.order'] as const;
const holds = (event: Fields, path: string): boolean => path.split('.').reduce<Fields | undefined>((at, name) => at?.child(name), event) !== undefined;
const inOrder = (make: Make): Make => (event, context) => {
  const found = places.find((path) => holds(event, path));
  if (found === undefined) throw new Unreadable('missing', event.path(event.child('actionEvent') ? 'actionEvent.body.order' : places[0]), 'is missing');
  return under(found, make)(event, context);
};

const refunded: Read<number> = (body, scope) => {
  const made = each('refund.transactions')(body).filter((one) => one.text('refundStatus') !== 'FAILED');
  return made.length === 0 ? undefined : made.reduce((sum, one) => sum + (major('amount.amount')(one, scope) ?? 0), 0);
};

/** https://dev.wix.com/docs/rest/business-solutions/e-commerce/orders/order-transactions : a refund that is completed. */
const refund = returnRequested({
  id: text('refund.id'),
  orderId: text('orderId'),
  requestedAt: first(time('refund.createdDate'), ofOuter(time('eventTime'))),
  decided: always('APPROVED'),
  comment: text('refund.details.reason'),
  currency: accountCurrency,
  amount: refunded,
  lines: { of: each('refund.details.lineItems'), map: { id: text('lineItemId'), lineId: text('lineItemId'), quantity: then(whole('quantity'), String) } },
});

/** What an event says → canonical events. */
export const toEvents = eventsOf({
  'order.created': inOrder(orderCreated(order)),
  'order.updated': inOrder(orderUpdated(order, { at: first(ofOuter(time('eventTime')), time(['updatedDate', 'createdDate'])) })),
  'return.requested': under('actionEvent.body', refund),
});
