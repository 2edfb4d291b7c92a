import { Unreadable, type Fields } from '../../convert/index.ts';
import {
  country, currency, difference, each, eventsOf, first, forEach, joined, needed, ofOuter, orderChanged, orderCreated, returnRequested, scopeOf, text,
  then, time, under, whole, word, type Make, type OrderMap, type Read,
} from '../../map/index.ts';
import { cents, discount, total, unitPrice } from './money.ts';

const orderStates = { Open: 'NEW', Confirmed: 'CONFIRMED', Complete: 'COMPLETED', Cancelled: 'CANCELLED' } as const;
const paymentStates = { BalanceDue: 'PENDING', Pending: 'PENDING', Failed: 'FAILED', Paid: 'PAID', CreditOwed: 'PAID' } as const;
const shipmentStates = {
  Pending: 'UNFULFILLED', Delayed: 'UNFULFILLED', Backorder: 'UNFULFILLED', Ready: 'PACKED', Partial: 'PARTIAL', Shipped: 'SHIPPED', Delivered: 'DELIVERED', Canceled: 'CANCELLED',
} as const;

/** A LocalizedString in the order's language, in English, or in the first that there is. */
const localised = (path: string): Read<string> => (fields, { outer }) => {
  const words = fields.child(path);
  if (words === undefined) return undefined;
  const languages = [outer?.text('locale') ?? 'en', 'en', 'en-US', 'en-GB', ...Object.keys(fields.raw(path) as object)];
  return languages.map((language) => words.text(language)).find((found) => found !== undefined);
};

const address = (name: string, otherwise: string) => [`shippingAddress.${name}`, `billingAddress.${otherwise}`] as const;
const either = (...names: readonly string[]): Read<string> =>
  first(joined(...names.map((name) => `shippingAddress.${name}`)), joined(...names.map((name) => `billingAddress.${name}`)));
const place = (name: string): Read<string> => text(...address(name, name));
const lineItems = (order: Fields): readonly Fields[] => [...each('lineItems')(order), ...each('customLineItems')(order)];

/** https://docs.commercetools.com/api/projects/orders#order */
const order: OrderMap = {
  id: text('id'),
  number: text('orderNumber'),
  placedAt: time('createdAt'),
  // numbers of messages, one after the other for each order
  version: ofOuter(whole('sequenceNumber')),
  status: word('orderState', orderStates, 'UNKNOWN'),
  currency: currency('totalPrice.currencyCode'),
  // totalPrice holds taxes only where prices do
  total: first(cents('taxedPrice.totalGross'), total),
  tax: first(cents('taxedPrice.totalTax'), difference(cents('taxedPrice.totalGross'), cents('taxedPrice.totalNet'))),
  shipping: cents('shippingInfo.price'),
  discount: cents('discountOnTotalPrice.discountedAmount'),
  payment: {
    status: word('paymentState', paymentStates, 'UNKNOWN'),
    method: text('paymentInfo.payments.0.obj.paymentMethodInfo.method'),
    reference: text('paymentInfo.payments.0.obj.interfaceId', 'paymentInfo.payments.0.id'),
  },
  fulfilment: { status: word('shipmentState', shipmentStates, 'UNKNOWN', 'UNFULFILLED') },
  customer: {
    id: text('customerId'),
    name: either('firstName', 'lastName'),
    email: text('customerEmail', ...address('email', 'email')),
    phone: text(...address('phone', 'phone'), ...address('mobile', 'mobile')),
    line: either('streetName', 'streetNumber', 'apartment', 'additionalStreetInfo'),
    city: place('city'),
    state: first(place('state'), place('region')),
    postalCode: place('postalCode'),
    country: country(...address('country', 'country')),
  },
  store: { id: text('store.key') },
  lines: {
    of: lineItems,
    map: {
      id: text('id'), productId: text('productId'), sku: text('variant.sku'), name: localised('name'),
      quantity: then(whole('quantity'), String), unitPrice, discount, tax: cents('taxedPrice.totalTax'), total,
    },
  },
};

/** The docs call `lastModifiedAt` the last change of the resource, and `createdAt` of a notification its beginning. */
const at = time(['lastModifiedAt', 'createdAt']);
const tracking = (name: string): Read<string> =>
  text(`delivery.parcels.0.trackingData.${name}`, `parcel.trackingData.${name}`, `trackingData.${name}`);

/** Each message tells one thing of an order; what it does not name is not told. */
const change: Make = (fields, context, outer) => {
  const says = (name: string): boolean => fields.text(name) !== undefined;
  return orderChanged({
    orderId: text('resource.id'),
    at,
    version: whole('sequenceNumber'),
    // that an order is open again is no news of it
    ...(says('orderState') ? { status: then(word('orderState', orderStates, 'UNKNOWN'), (state) => (state === 'NEW' ? undefined : state)) } : {}),
    ...(says('paymentState') ? { payment: { status: word('paymentState', paymentStates, 'UNKNOWN') } } : {}),
    ...(says('shipmentState') ? { fulfilment: { status: word('shipmentState', shipmentStates, 'UNKNOWN') } } : {}),
    tracking: { carrier: tracking('carrier'), number: tracking('trackingId') },
  })(fields, context, outer);
};

const orderId = text('resource.id');
const items = each('items');
const comments: Read<string> = (info) => items(info).map((item) => item.text('comment')).filter((words) => words !== undefined).join('; ') || undefined;
/** Decided when all of its items are, and alike. */
const outcome: Read<'APPROVED' | 'REJECTED'> = (info) => {
  const [state, ...others] = new Set(items(info).map((item) => item.text('paymentState')));
  if (others.length > 0) return undefined;
  return state === 'Refunded' ? 'APPROVED' : state === 'NonRefundable' ? 'REJECTED' : undefined;
};

/** https://docs.commercetools.com/api/projects/orders#returninfo : it has no id, its items have; nor an amount. */
const returned = returnRequested({
  id: text('items.0.id'),
  orderId: ofOuter(orderId),
  requestedAt: first(time('returnDate'), time('items.0.createdAt'), ofOuter(at)),
  version: ofOuter(whole('sequenceNumber')),
  decided: outcome,
  comment: comments,
  lines: { of: items, map: { id: text('id'), lineId: text('lineItemId', 'customLineItemId'), quantity: then(whole('quantity'), String) } },
});

/** One is added, or all are set anew. */
const returnInfos = (message: Fields): readonly Fields[] =>
  Array.isArray(message.raw('returnInfo')) ? message.list('returnInfo') : [message.child('returnInfo')].filter((info) => info !== undefined);
const returns: Make = (message, context) => {
  needed(orderId, message, scopeOf(context));
  return forEach(returnInfos, returned)(message, context);
};

const events = eventsOf({ 'order.created': under('order', orderCreated(order)), 'order.updated': change, 'return.requested': returns });

/** A message → canonical events. One that was too large for the queue has to be fetched. @throws Unreadable `payload-not-included` */
export const toEvents: typeof events = (payload, context) => {
  const missing = (payload as { payloadNotIncluded?: unknown } | null)?.payloadNotIncluded;
  if (missing !== undefined && missing !== null) throw new Unreadable('payload-not-included', '$.payloadNotIncluded', 'says that the message itself is to be fetched');
  return events(payload, context);
};
