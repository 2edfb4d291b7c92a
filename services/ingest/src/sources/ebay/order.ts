import { fieldsOf, type Fields } from '../../convert/index.ts';
import {
  always, country, currency, decimal, each, first, forEach, joined, major, ofOuter, orderCreated, returnRequested, text, then, time, together, word, type LineMap, type Make, type OrderMap,
  type Read, type Scope,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

const shipTo = 'fulfillmentStartInstructions.0.shippingStep.shipTo';
const registered = 'buyer.buyerRegistrationAddress';
const money = (name: string): Read<number> => major(`${name}.value`);
const summary = (name: string): Read<number> => money(`pricingSummary.${name}`);
const cancelled = (order: Fields): boolean => order.child('cancelStatus')?.text('cancelState') === 'CANCELED';

/** Costs are of the whole quantity, without postage and taxes; what one unit costs follows. */
const line = {
  id: text('lineItemId'),
  productId: text('legacyItemId'),
  sku: text('sku'),
  name: text('title'),
  quantity: decimal('quantity'),
  total: first(money('discountedLineItemCost'), money('lineItemCost')),
  discount: (item: Fields, scope: Scope) => {
    const paid = money('discountedLineItemCost')(item, scope);
    return paid === undefined ? undefined : (money('lineItemCost')(item, scope) ?? paid) - paid;
  },
} satisfies LineMap;

const placedAt = time('creationDate');
const changedAt = time(['lastModifiedDate', 'creationDate']);

/** https://developer.ebay.com/api-docs/sell/fulfillment/resources/order/methods/getOrder : decimal texts with a currency. */
const order: OrderMap = {
  id: text('orderId'),
  number: text('orderId'),
  placedAt,
  version: changedAt,
  status: (one, scope) => {
    if (cancelled(one)) return 'CANCELLED';
    const said = word('orderFulfillmentStatus', { NOT_STARTED: 'NEW', IN_PROGRESS: 'PROCESSING', FULFILLED: 'COMPLETED' }, 'UNKNOWN')(one, scope);
    return said === 'NEW' && one.text('orderPaymentStatus') === 'PAID' ? 'CONFIRMED' : said;
  },
  currency: currency('pricingSummary.total.currency'),
  total: summary('total'),
  subtotal: summary('priceSubtotal'),
  discount: then(summary('priceDiscount'), Math.abs),
  tax: summary('tax'),
  shipping: summary('deliveryCost'),
  payment: {
    status: word('orderPaymentStatus', { PAID: 'PAID', PENDING: 'PENDING', FAILED: 'FAILED', PARTIALLY_REFUNDED: 'PARTIALLY_REFUNDED', FULLY_REFUNDED: 'REFUNDED' }, 'UNKNOWN'),
    method: text('paymentSummary.payments.0.paymentMethod'),
    reference: text('paymentSummary.payments.0.paymentReferenceId'),
    fee: money('totalMarketplaceFee'),
  },
  fulfilment: {
    status: (one, scope) => (cancelled(one) ? 'CANCELLED' : word('orderFulfillmentStatus', { NOT_STARTED: 'UNFULFILLED', IN_PROGRESS: 'PARTIAL', FULFILLED: 'SHIPPED' }, 'UNKNOWN')(one, scope)),
    promisedAt: time('fulfillmentStartInstructions.0.maxEstimatedDeliveryDate'),
  },
  customer: {
    id: text('buyer.username'),
    name: text(`${shipTo}.fullName`, `${registered}.fullName`),
    email: text(`${shipTo}.email`, `${registered}.email`),
    phone: text(`${shipTo}.primaryPhone.phoneNumber`, `${registered}.primaryPhone.phoneNumber`),
    line: joined(`${shipTo}.contactAddress.addressLine1`, `${shipTo}.contactAddress.addressLine2`),
    city: text(`${shipTo}.contactAddress.city`),
    state: text(`${shipTo}.contactAddress.stateOrProvince`),
    postalCode: text(`${shipTo}.contactAddress.postalCode`),
    country: country(`${shipTo}.contactAddress.countryCode`),
  },
  lines: { of: each('lineItems'), map: line },
  comment: text('buyerCheckoutNotes'),
};

/** A refund has a date once it is made ("not returned until the refund has been issued"): what was only begun has moved no money. */
const made = (refund: Fields): boolean => refund.text('refundDate') !== undefined;
const refundId = text('refundId', 'refundReferenceId');

/** Of the order as a whole: "This does not include line item level refunds." */
const ofOrder = forEach((one) => each('paymentSummary.refunds')(one).filter(made), returnRequested({
  id: refundId,
  orderId: ofOuter(text('orderId')),
  requestedAt: time('refundDate'),
  decided: word('refundStatus', { REFUNDED: 'APPROVED', PENDING: 'PENDING', FAILED: 'REJECTED' }, 'PENDING'),
  currency: currency('amount.currency'),
  amount: money('amount'),
}));

/** Of one line; each refund is read with its line around it. */
const ofLine = (item: Fields, orderId: string): Make => forEach((line) => line.list('refunds').filter(made), returnRequested({
  id: then(refundId, (id) => `${id}-${item.id('lineItemId')}`),
  orderId: always(orderId),
  requestedAt: time('refundDate'),
  decided: always('APPROVED'),
  currency: currency('amount.currency'),
  amount: money('amount'),
  lines: {
    of: (refund) => [refund],
    map: { id: ofOuter(line.id), lineId: ofOuter(line.id), productId: ofOuter(line.productId), sku: ofOuter(line.sku), name: ofOuter(line.name), amount: money('amount') },
  },
}));

const ofLines: Make = (one, context) => one.list('lineItems').flatMap((item) => ofLine(item, one.id('orderId'))(item, context));

/** The order, and what went back of it. @throws Unreadable */
export const toEvents = (payload: unknown, context: AskedContext): Items =>
  together(orderCreated(order), ofOrder, ofLines)(fieldsOf(payload), { ...context, route: 'order.created' });
