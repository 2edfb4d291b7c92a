import type { Fields } from '../../convert/index.ts';
import type { OrderLine } from '@orderflow/shared/events';
import {
  always, catalogUpdated, country, currency, decimal, difference, each, eventsOf, first, fixed, fixedPrice, forEach, inventoryCounted, joined, needed, ofOuter, orderChanged,
  orderCreated, orderUpdated, picked, providerIn, returnRequested, text, then, time, under, whole, word, type Make, type OrderMap, type Read, type Scope,
} from '../../map/index.ts';

const address = (order: Fields): Fields | undefined => (order.child('shippingAddress')?.text('streetLine1') === undefined ? order.child('billingAddress') : order.child('shippingAddress'));
/** The payment that counts: one that has come off, else the last that was tried. */
const payment = (order: Fields): Fields | undefined => order.list('payments').find((one) => /^(Settled|Authorized)$/.test(one.text('state') ?? '')) ?? order.list('payments').at(-1);

/** Entities Order, OrderLine, Payment and Refund of vendure-ecommerce/vendure; `digits`: the precision of the shop's money. */
function mapsOf(digits: number) {
  const amount = (...paths: readonly string[]): Read<number> => fixed(digits, ...paths);
  const [before, total] = [amount('linePrice'), amount('proratedLinePrice')];

  /** An order has no state of its payment: it is what its payments and their refunds make. */
  const paid: Read<'PAID' | 'PENDING' | 'FAILED' | 'REFUNDED' | 'PARTIALLY_REFUNDED' | 'VOIDED' | 'UNKNOWN'> = (order, scope) => {
    const payments = order.list('payments');
    const sum = (of: readonly Fields[], read: Read<number>): number => of.reduce((all, one) => all + (one.text('state') === 'Settled' ? read(one, scope) ?? 0 : 0), 0);
    const [taken, back] = [sum(payments, amount('amount')), payments.reduce((all, one) => all + sum(one.list('refunds'), amount('total')), 0)];
    if (back > 0) return back >= taken ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
    if (taken > 0) return taken >= (amount('totalWithTax')(order, scope) ?? 0) ? 'PAID' : 'PENDING';
    const last = payments.at(-1)?.text('state') ?? '';
    const states: Readonly<Record<string, 'PENDING' | 'FAILED' | 'VOIDED'>> = { Created: 'PENDING', Authorized: 'PENDING', Declined: 'FAILED', Error: 'FAILED', Cancelled: 'VOIDED' };
    // what costs nothing needs no payment
    return (Object.hasOwn(states, last) ? states[last] : undefined) ?? (payments.length === 0 && amount('totalWithTax')(order, scope) === 0 ? 'PAID' : 'UNKNOWN');
  };

  const surcharge = (one: Fields, scope: Scope): OrderLine => {
    const price = needed(amount('price'), one, scope);
    const sku = one.text('sku');
    return {
      id: `surcharge-${one.id('id')}`, ...(sku === undefined ? {} : { sku }), name: one.text('description') ?? 'surcharge', quantity: 1,
      unitPrice: needed(fixedPrice(digits, 'price'), one, scope), total: price, class: price < 0 ? 'discount' : 'fee',
    };
  };

  const order: OrderMap = {
    id: text('id'),
    number: text('code'),
    placedAt: time(['orderPlacedAt', 'createdAt']),
    version: ofOuter(time('occurredAt')),
    status: word('state', {
      Created: 'NEW', Draft: 'NEW', AddingItems: 'NEW', ArrangingPayment: 'NEW', PaymentAuthorized: 'CONFIRMED', PaymentSettled: 'CONFIRMED', PartiallyShipped: 'PROCESSING', Shipped: 'PROCESSING',
      PartiallyDelivered: 'PROCESSING', Delivered: 'COMPLETED', Modifying: 'PROCESSING', ArrangingAdditionalPayment: 'PROCESSING', Cancelled: 'CANCELLED',
    }, 'UNKNOWN'),
    currency: currency('currencyCode'),
    total: amount('totalWithTax'),
    tax: difference(amount('totalWithTax'), amount('total')),
    shipping: amount('shipping'),
    payment: { status: paid, method: picked(payment, text('method')), provider: providerIn(picked(payment, text('method'))), reference: picked(payment, text('transactionId')) },
    fulfilment: {
      status: word('state', {
        PaymentAuthorized: 'UNFULFILLED', PaymentSettled: 'UNFULFILLED', PartiallyShipped: 'PARTIAL', Shipped: 'SHIPPED', PartiallyDelivered: 'PARTIAL', Delivered: 'DELIVERED', Cancelled: 'CANCELLED',
      }, 'UNKNOWN'),
    },
    customer: {
      id: text('customer.id'),
      name: first(joined('customer.firstName', 'customer.lastName'), picked(address, text('fullName'))),
      email: text('customer.emailAddress'),
      phone: first(picked(address, text('phoneNumber')), text('customer.phoneNumber')),
      joinedAt: time('customer.createdAt'),
      line: picked(address, joined('streetLine1', 'streetLine2')),
      city: picked(address, text('city')),
      state: picked(address, text('province')),
      postalCode: picked(address, text('postalCode')),
      country: picked(address, country('countryCode', 'country')),
    },
    lines: {
      of: each('lines'),
      // prorated: after its own discounts and its share of the order's. A price net of tax is a rounded one
      map: {
        id: text('id'), productId: text('productVariant.id'), sku: text('productVariant.sku'), name: text('productVariant.name'), seller: text('seller'), quantity: decimal('quantity'),
        unitPrice: (line, scope) => {
          const [one, count, all] = [whole('unitPrice')(line, scope), whole('quantity')(line, scope), whole('linePrice')(line, scope)];
          return one !== undefined && count !== undefined && (all === undefined || one * count === all) ? fixedPrice(digits, 'unitPrice')(line, scope) : undefined;
        },
        total, discount: difference(before, total), tax: amount('proratedLineTax'),
      },
    },
    more: (fields, scope) => fields.list('surcharges').map((one) => surcharge(one, scope)),
    comment: text('customFields.customerNote'),
  };

  const inOrder = <T>(read: Read<T>): Read<T> => (_, scope) => {
    const told = scope.outer?.child('order');
    return told && read(told, scope);
  };
  const refund = returnRequested({
    id: text('id'),
    // a part that a seller has is known by the whole
    orderId: inOrder(text('aggregateOrderId', 'id')),
    requestedAt: time('createdAt'),
    version: time(['updatedAt', 'createdAt']),
    decided: always('APPROVED'),
    currency: inOrder(currency('currencyCode')),
    comment: text('reason'),
    amount: amount('total'),
    customerId: inOrder(text('customer.id')),
    lines: {
      of: each('lines'),
      map: { id: text('id', 'orderLineId'), lineId: (line, { outer }) => (outer?.child('order')?.text('aggregateOrderId') === undefined ? line.text('orderLineId') : undefined), quantity: decimal('quantity') },
    },
  });

  const catalog = catalogUpdated({
    id: text('id'), sku: text('sku'), name: text('name'), price: fixedPrice(digits, 'price'), currency: currency('currencyCode'), at: first(time('updatedAt'), ofOuter(time('occurredAt'))),
  });
  return { order, refund, catalog };
}

const maps = [0, 1, 2, 3, 4].map(mapsOf);
type Maps = ReturnType<typeof mapsOf>;
/** By the maps of the sender's precision; 2 is Vendure's own. */
const mapsFor = (said: Fields): Maps => maps[said.integer('moneyPrecision') ?? 2] ?? (maps[2] as Maps);

/** What stands under a name, and can see what is around it. */
const below = (name: string, make: (its: Maps) => Make): Make => (said, context) => under(name, (one) => make(mapsFor(said))(one, context, said))(said, context);

const at = ofOuter(time('occurredAt'));
const tracking = { number: text('fulfillments.0.trackingCode'), carrier: text('fulfillments.0.method') };

/** Once something was taken out of an order, its totals count what is left: what was sold is known, and they are not told anew. */
const isLess = (order: Fields): boolean => order.list('lines').some((line) => (line.integer('orderPlacedQuantity') ?? 0) > (line.integer('quantity') ?? 0));

const updated = below('order', ({ order }) => (fields, context, said) => (isLess(fields)
  ? orderChanged({ orderId: order.id, at, currency: order.currency, status: then(order.status, (status) => (status === 'NEW' ? undefined : status)), payment: order.payment, fulfilment: order.fulfilment, tracking })
  : orderUpdated(order, { at, tracking }))(fields, context, said));

/** A refund that has come off; one that has not changes nothing. The order's own payment changes with it. */
const refunded: Make = (said, context) => [
  ...(said.child('order')?.text('aggregateOrderId') === undefined ? updated(said, context) : []),
  ...(said.child('refund')?.text('state') === 'Settled' || said.child('refund') === undefined ? below('refund', ({ refund }) => refund)(said, context) : []),
];

/** What our plugin posts → canonical events. */
export const toEvents = eventsOf({
  'order.created': below('order', ({ order }) => orderCreated(order)),
  'order.updated': updated,
  'return.requested': refunded,
  'catalog.updated': (said, context) => forEach(each('variants'), mapsFor(said).catalog)(said, context),
  'inventory.counted': forEach(each('stockLevels'), inventoryCounted({ productId: text('productVariantId'), location: text('stockLocationId'), quantity: whole('stockOnHand'), at })),
});
