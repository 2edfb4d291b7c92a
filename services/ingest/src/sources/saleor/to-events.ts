import { lineMoney, type Fields } from '../../convert/index.ts';
import {
  always, catalogUpdated, country, currency, decimal, each, eventsOf, first, forEach, inventoryCounted, joined, known, major, ofOuter, orderCreated,
  orderUpdated, picked, providerIn, returnRequested, text, then, time, together, under, whole, word, type Make, type OrderMap, type Read,
} from '../../map/index.ts';

const address = (order: Fields): Fields | undefined => order.child('shippingAddress') ?? order.child('billingAddress');

/** Since transactions came, what was refunded is told in money only. */
const refunded: Read<'REFUNDED' | 'PARTIALLY_REFUNDED'> = (order, scope) => {
  const [back, all] = [major('totalRefunded.amount')(order, scope) ?? 0, major('total.gross.amount')(order, scope) ?? 0];
  return back <= 0 ? undefined : back >= all ? 'REFUNDED' : 'PARTIALLY_REFUNDED';
};

const total = major('totalPrice.net.amount');
const quantity = decimal('quantity');
const isDiscounted = (line: Fields): boolean => /[1-9]/.test(line.child('unitDiscount')?.decimal('amount') ?? '');
const undiscounted = decimal('undiscountedUnitPrice.net.amount');

const worth = (price: Read<string>): Read<number> => (line, scope) => {
  const [one, count] = [price(line, scope), quantity(line, scope)];
  return one === undefined || count === undefined || !Number.isSafeInteger(Number(count)) ? undefined : lineMoney(Number(count), one, scope.currency, line.path(price.at)).minor;
};

/** Net prices are rounded ones where a shop sells gross: one that does not make the line's total says nothing. */
const unitPrice: Read<string> = (line, scope) => {
  if (isDiscounted(line)) return undiscounted(line, scope);
  const price = decimal('unitPrice.net.amount');
  return worth(price)(line, scope) === total(line, scope) ? price(line, scope) : undefined;
};

/** https://docs.saleor.io/api-reference/orders/objects/order; lines and postage net, so that they and the tax make the total. */
const order: OrderMap = {
  id: text('id'),
  number: text('number'),
  placedAt: time('created'),
  version: time('updatedAt'),
  status: word('status', {
    DRAFT: 'NEW', UNCONFIRMED: 'NEW', UNFULFILLED: 'CONFIRMED', PARTIALLY_FULFILLED: 'PROCESSING', FULFILLED: 'COMPLETED', PARTIALLY_RETURNED: 'COMPLETED',
    RETURNED: 'COMPLETED', CANCELED: 'CANCELLED', EXPIRED: 'CANCELLED',
  }, 'UNKNOWN'),
  currency: currency('total.gross.currency'),
  total: major('total.gross.amount'),
  tax: major('total.tax.amount'),
  shipping: major('shippingPrice.net.amount'),
  payment: {
    status: first(
      refunded,
      known('paymentStatus', { PARTIALLY_REFUNDED: 'PARTIALLY_REFUNDED', FULLY_REFUNDED: 'REFUNDED' }),
      known('chargeStatus', { FULL: 'PAID', OVERCHARGED: 'PAID' }),
      word('paymentStatus', { NOT_CHARGED: 'PENDING', PENDING: 'PENDING', PARTIALLY_CHARGED: 'PENDING', FULLY_CHARGED: 'PAID', REFUSED: 'FAILED', CANCELLED: 'VOIDED' }, 'UNKNOWN'),
    ),
    method: text('payments.0.gateway', 'transactions.0.name'),
    provider: providerIn(text('payments.0.gateway', 'transactions.0.name')),
    reference: text('transactions.0.pspReference', 'payments.0.pspReference'),
  },
  fulfilment: {
    status: word('status', {
      DRAFT: 'UNFULFILLED', UNCONFIRMED: 'UNFULFILLED', UNFULFILLED: 'UNFULFILLED', PARTIALLY_FULFILLED: 'PARTIAL', FULFILLED: 'SHIPPED', PARTIALLY_RETURNED: 'SHIPPED',
      RETURNED: 'SHIPPED', CANCELED: 'CANCELLED', EXPIRED: 'CANCELLED',
    }, 'UNKNOWN'),
  },
  customer: {
    id: text('user.id'),
    name: first(joined('user.firstName', 'user.lastName'), picked(address, joined('firstName', 'lastName'))),
    email: text('userEmail'),
    phone: picked(address, text('phone')),
    joinedAt: time('user.dateJoined'),
    line: picked(address, joined('streetAddress1', 'streetAddress2')),
    city: picked(address, text('city')),
    state: picked(address, text('countryArea')),
    postalCode: picked(address, text('postalCode')),
    country: picked(address, country('country.code')),
  },
  lines: {
    of: each('lines'),
    // of stock and price are variants, so that they are the products
    map: {
      id: text('id'), productId: text('productVariantId'), sku: text('productSku'), name: joined('productName', 'variantName'), category: text('variant.product.category.name'),
      quantity, unitPrice, total, tax: major('totalPrice.tax.amount'),
      discount: (line, scope) => {
        const full = isDiscounted(line) ? worth(undiscounted)(line, scope) : undefined;
        return full === undefined ? undefined : full - (total(line, scope) ?? 0);
      },
    },
  },
  comment: text('customerNote'),
};

const ofOrder = { orderId: ofOuter(text('id')), currency: ofOuter(currency('total.gross.currency')), customerId: ofOuter(text('user.id')) };
const returnedLine = { id: text('id'), lineId: text('orderLine.id'), quantity };

/** A refund that staff granted, whatever has come of its payment since. */
const granted = forEach(each('grantedRefunds'), returnRequested({
  ...ofOrder,
  id: text('id'),
  requestedAt: time('createdAt'),
  version: time(['updatedAt', 'createdAt']),
  decided: always('APPROVED'),
  comment: text('reason', 'lines.0.reason'),
  amount: major('amount.amount'),
  lines: { of: each('lines'), map: returnedLine },
}));

/** Before transactions, and still for payments of old: a refund is a fulfilment that went back. */
const refundedFulfilments = (one: Fields): readonly Fields[] => one.list('fulfillments').filter((back) => /^REFUNDED(_AND_RETURNED)?$/.test(back.text('status') ?? ''));
const wentBack = forEach(refundedFulfilments, returnRequested({
  ...ofOrder,
  id: text('id'),
  requestedAt: time('created'),
  decided: always('APPROVED'),
  amount: major('totalRefundedAmount.amount'),
  lines: { of: each('lines'), map: returnedLine },
}));

const tracking = { number: (one: Fields) => one.list('fulfillments').map((parcel) => parcel.text('trackingNumber')).find((number) => number !== undefined) };
const updated = together(orderUpdated(order, { at: time('updatedAt'), tracking }), granted, wentBack);

const created: Make = (fields, context) =>
  (fields.raw('orders') === undefined ? under('order', orderCreated(order)) : forEach(each('orders'), orderCreated(order)))(fields, context);

const variant = 'productVariant';
const at = time('issuedAt');

const catalog = catalogUpdated({
  id: text(`${variant}.id`),
  sku: text(`${variant}.sku`),
  name: joined(`${variant}.product.name`, `${variant}.name`),
  category: text(`${variant}.product.category.name`),
  categoryId: text(`${variant}.product.category.id`),
  // a price for each channel; the first channel's
  price: decimal(`${variant}.channelListings.0.price.amount`),
  unitCost: decimal(`${variant}.channelListings.0.costPrice.amount`),
  currency: then(text(`${variant}.channelListings.0.price.currency`), (code) => code.toUpperCase()),
  at,
});

const stock = forEach(each(`${variant}.stocks`), inventoryCounted({
  productId: ofOuter(text(`${variant}.id`)), location: text('warehouse.id'), quantity: whole('quantity'), at: ofOuter(at),
}));

/** What our subscription brings → canonical events. */
export const toEvents = eventsOf({
  'order.created': created,
  'order.updated': under('order', updated),
  'catalog.updated': catalog,
  'inventory.counted': stock,
});
