import type { OrderLine } from '@orderflow/shared/events';
import { fieldsOf, Unreadable, type Fields } from '../../convert/index.ts';
import {
  accountCurrency, country, currency, decimal, difference, each, first, joined, known, major, orderCreated, price, text, time, word, type OrderMap, type Read, type Scope,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

/** `GET /orders/v0/orders/{id}` puts the order under `payload`. */
export const itemOf = (answer: unknown): unknown => {
  const order = fieldsOf(answer).child('payload');
  if (order === undefined) throw new Unreadable('missing', '$.payload', 'is missing');
  return (answer as { readonly payload: unknown }).payload;
};

const status = 'first.OrderStatus';
const items = each('items.payload.OrderItems');
const amount = (name: string): Read<number> => major(`${name}.Amount`);
const none: Read<number> = () => 0;
const total = (...reads: readonly Read<number>[]) => (one: Fields, scope: Scope): number => reads.reduce((sum, read) => sum + (read(one, scope) ?? 0), 0);
const ofItems = (read: Read<number>): Read<number> => (order, scope) => items(order).reduce((sum, item) => sum + (read(item, scope) ?? 0), 0);

/** What is not yet authorised, cancelled, or sent in another's place has no price. */
const unpriced: Read<number> = (order) =>
  ['Pending', 'PendingAvailability', 'Canceled'].includes(order.child('first')?.text('OrderStatus') ?? '') || order.child('first')?.flag('IsReplacementOrder') === true ? 0 : undefined;

const shipping = difference(amount('ShippingPrice'), amount('ShippingDiscount'));
const tax = difference(total(amount('ItemTax'), amount('ShippingTax')), total(amount('PromotionDiscountTax'), amount('ShippingDiscountTax')));
const fees = [['gift-wrap', 'gift wrap', amount('BuyerInfo.GiftWrapPrice')], ['cod', 'cash on delivery', difference(amount('CODFee'), amount('CODFeeDiscount'))]] as const;

/** Gift wrap and the fee of cash on delivery stand beside the price of an item. */
const more = (order: Fields, scope: Scope): readonly OrderLine[] =>
  items(order).flatMap((item) => fees.flatMap(([id, name, read]) => {
    const fee = read(item, scope) ?? 0;
    return fee === 0 ? [] : [{ id: `${item.id('OrderItemId')}-${id}`, name, quantity: 1, unitPrice: price(() => fee)(item, scope) ?? '0', total: fee, class: 'fee' as const }];
  }));

/** What the buyer wrote: messages of gifts, and why he wants to cancel. */
const comment: Read<string> = (order, scope) => {
  const words = items(order).flatMap((item) => [text('BuyerInfo.GiftMessageText')(item, scope), text('BuyerRequestedCancel.BuyerCancelReason')(item, scope)]);
  return words.filter((word) => word !== undefined).join('; ') || undefined;
};

const address = (name: string): string => `first.ShippingAddress.${name}`;

/** https://developer-docs.amazon.com/sp-api/docs/orders-api-v0-reference : Order and OrderItem. */
const order: OrderMap = {
  id: text('first.AmazonOrderId'),
  number: text('first.SellerOrderId', 'first.AmazonOrderId'),
  placedAt: time('first.PurchaseDate'),
  version: time(['first.LastUpdateDate', 'first.PurchaseDate']),
  status: word(status, {
    PendingAvailability: 'NEW', Pending: 'NEW', Unshipped: 'CONFIRMED', PartiallyShipped: 'PROCESSING', Shipped: 'COMPLETED', InvoiceUnconfirmed: 'COMPLETED', Canceled: 'CANCELLED',
  }, 'UNKNOWN'),
  currency: first(
    currency('first.OrderTotal.CurrencyCode'),
    (one, scope) => items(one).map((item) => currency('ItemPrice.CurrencyCode')(item, scope)).find((code) => code !== undefined),
    accountCurrency,
  ),
  total: first(amount('first.OrderTotal'), unpriced),
  discount: ofItems(amount('PromotionDiscount')),
  tax: ofItems(tax),
  shipping: ofItems(shipping),
  payment: {
    // from Unshipped on "payment has been authorized"; cash on delivery comes with the parcel, and nobody tells
    status: first(
      known('first.PaymentMethod', { COD: 'UNKNOWN' }),
      word(status, { PendingAvailability: 'PENDING', Pending: 'PENDING', Unshipped: 'PAID', PartiallyShipped: 'PAID', Shipped: 'PAID', InvoiceUnconfirmed: 'PAID', Canceled: 'VOIDED' }, 'UNKNOWN'),
    ),
    method: text('first.PaymentMethod'),
  },
  fulfilment: {
    status: first(
      known('first.EasyShipShipmentStatus', { Delivered: 'DELIVERED', OutForDelivery: 'OUT_FOR_DELIVERY' }),
      word(status, {
        PendingAvailability: 'UNFULFILLED', Pending: 'UNFULFILLED', Unshipped: 'UNFULFILLED', PartiallyShipped: 'PARTIAL', Shipped: 'SHIPPED', InvoiceUnconfirmed: 'SHIPPED', Canceled: 'CANCELLED',
      }, 'UNKNOWN'),
    ),
    promisedAt: time('first.LatestDeliveryDate'),
  },
  customer: {
    name: text('first.BuyerInfo.BuyerName', address('Name')),
    email: text('first.BuyerInfo.BuyerEmail'),
    phone: text(address('Phone')),
    line: joined(address('AddressLine1'), address('AddressLine2'), address('AddressLine3')),
    city: text(address('City')),
    state: text(address('StateOrRegion')),
    postalCode: text(address('PostalCode')),
    country: country(address('CountryCode')),
  },
  lines: {
    of: items,
    map: {
      id: text('OrderItemId'), productId: text('ASIN'), sku: text('SellerSKU'), name: text('Title'), quantity: decimal('QuantityOrdered'),
      // ItemPrice is that of all units, without postage and gift wrap
      discount: amount('PromotionDiscount'), tax: amount('ItemTax'), total: first(difference(amount('ItemPrice'), amount('PromotionDiscount')), none),
    },
  },
  more,
  comment,
};

/** An order and its items, as two calls return them. @throws Unreadable when there are more items than one call gives */
export function toEvents(payload: unknown, context: AskedContext): Items {
  const whole = fieldsOf(payload);
  const list = whole.child('items')?.child('payload');
  if (list === undefined) throw new Unreadable('missing', whole.path('items.payload'), 'is missing');
  if (list.text('NextToken') !== undefined) throw new Unreadable('pages', list.path('NextToken'), 'says that there are more items');
  return orderCreated(order)(whole, { ...context, route: 'order.created' });
}
