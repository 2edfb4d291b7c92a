import {
  country, currency, decimal, eventsOf, first, forEach, joined, known, latest, major, ofOuter, orderCreated, orderUpdated, picked, providerIn, returnRequested,
  sumOf, text, time, under, word, type OrderMap, type Read,
} from '../../map/index.ts';
import type { Fields } from '../../convert/index.ts';
import { address, delivery, lines, payment, trackingNumber, unitCost } from './parts.ts';

/** A row is only written anew when it itself changes: the order's own time knows nothing of its payments and deliveries. */
const changedAt = latest((order) => [order, ...order.list('transactions'), ...order.list('deliveries')], time(['updatedAt', 'createdAt']));

/** Entity `order` with the associations that its events load: OrderStateChangeEventListener of shopware/shopware. */
const order: OrderMap = {
  id: text('id'),
  number: text('orderNumber'),
  placedAt: time('orderDateTime'),
  version: changedAt,
  status: word('stateMachineState.technicalName', { open: 'NEW', in_progress: 'PROCESSING', completed: 'COMPLETED', cancelled: 'CANCELLED' }, 'UNKNOWN'),
  currency: currency('currency.isoCode'),
  total: major('amountTotal'),
  tax: sumOf('price.calculatedTaxes', major('tax')),
  shipping: major('shippingTotal'),
  payment: {
    status: picked(payment, word('stateMachineState.technicalName', {
      open: 'PENDING', unconfirmed: 'PENDING', in_progress: 'PENDING', authorized: 'PENDING', reminded: 'PENDING', paid_partially: 'PENDING', paid: 'PAID',
      refunded: 'REFUNDED', chargeback: 'REFUNDED', refunded_partially: 'PARTIALLY_REFUNDED', cancelled: 'VOIDED', failed: 'FAILED',
    }, 'UNKNOWN')),
    method: picked(payment, text('paymentMethod.technicalName', 'paymentMethod.formattedHandlerIdentifier', 'paymentMethod.name')),
    provider: providerIn(picked(payment, joined('paymentMethod.technicalName', 'paymentMethod.formattedHandlerIdentifier'))),
    reference: picked(payment, text(
      'customFields.swag_paypal_resource_id', 'customFields.swag_paypal_order_id', 'customFields.stripe_payment_context.payment.payment_intent_id',
    )),
  },
  // what came back had been sent
  fulfilment: {
    status: picked(delivery, word('stateMachineState.technicalName', {
      open: 'UNFULFILLED', shipped_partially: 'PARTIAL', shipped: 'SHIPPED', returned_partially: 'SHIPPED', returned: 'SHIPPED', cancelled: 'CANCELLED',
    }, 'UNKNOWN')),
    promisedAt: picked(delivery, time('shippingDateLatest')),
  },
  customer: {
    id: text('orderCustomer.customerId', 'orderCustomer.customerNumber'),
    name: first(joined('orderCustomer.firstName', 'orderCustomer.lastName'), picked(address, joined('firstName', 'lastName'))),
    email: text('orderCustomer.email'),
    phone: picked(address, text('phoneNumber')),
    line: picked(address, joined('street', 'additionalAddressLine1', 'additionalAddressLine2')),
    city: picked(address, text('city')),
    state: picked(address, text('countryState.shortCode', 'countryState.name')),
    postalCode: picked(address, text('zipcode')),
    country: picked(address, country('country.iso', 'country.name')),
  },
  lines: {
    of: lines,
    // gross or net as the order's `taxStatus` says, like the total of its positions
    map: {
      id: text('id'), productId: text('productId'), sku: text('payload.productNumber'), name: text('label'), quantity: decimal('quantity'),
      unitPrice: decimal('unitPrice'), total: major('totalPrice'), tax: sumOf('price.calculatedTaxes', major('tax')), unitCost,
      class: known('type', { promotion: 'discount', discount: 'discount', credit: 'adjustment' }),
    },
  },
  comment: text('customerComment'),
};

/** With the tax, where prices are net and so come without. */
const withTax = (price: string, taxes: string): Read<number> => (fields, scope) => {
  const net = ofOuter(text('taxStatus'))(fields, scope) === 'net';
  const amount = major(price)(fields, scope);
  return amount === undefined ? undefined : amount + (net ? sumOf(taxes, major('tax'))(fields, scope) ?? 0 : 0);
};
const positionAmount = withTax('totalPrice', 'price.calculatedTaxes');

/** All that was paid but the postage: what a delivery of everything is worth. */
const goods: Read<number> = (one, scope) => {
  const [all, postage] = [ofOuter(major('amountTotal'))(one, scope), withTax('shippingCosts.totalPrice', 'shippingCosts.calculatedTaxes')(one, scope)];
  return all === undefined ? undefined : all - (postage ?? 0);
};
const isWhole = (one: Fields): boolean => one.child('stateMachineState')?.text('technicalName') === 'returned';

/** Deliveries that have come back. It keeps no reasons; whether money follows is for us to decide. */
const returned = (order: Fields): readonly Fields[] =>
  order.list('deliveries').filter((one) => /^returned(_partially)?$/.test(one.child('stateMachineState')?.text('technicalName') ?? ''));

const back = forEach(returned, returnRequested({
  id: text('id'),
  orderId: ofOuter(text('id')),
  requestedAt: time(['updatedAt', 'createdAt']),
  currency: ofOuter(currency('currency.isoCode')),
  // of a part that came back, or of one delivery of several, the value is known only by what is in it
  amount: (one, scope) => {
    const positions = one.list('positions');
    if (!isWhole(one)) return undefined;
    if (positions.length > 0) return positions.reduce((sum, position) => sum + (positionAmount(position, scope) ?? 0), 0);
    return scope.outer?.list('deliveries').length === 1 ? goods(one, scope) : undefined;
  },
  customerId: ofOuter(text('orderCustomer.customerId', 'orderCustomer.customerNumber')),
  lines: {
    of: (one) => (isWhole(one) ? one.list('positions') : []),
    map: { id: text('id'), lineId: text('orderLineItemId'), quantity: decimal('quantity'), amount: positionAmount },
  },
}));

const inOrder = 'data.payload.order';

/** An event's payload → canonical events. */
export const toEvents = eventsOf({
  'order.created': under(inOrder, orderCreated(order)),
  'order.updated': under(inOrder, orderUpdated(order, { at: changedAt, tracking: { number: picked(delivery, trackingNumber) } })),
  'return.requested': under(inOrder, back),
});
