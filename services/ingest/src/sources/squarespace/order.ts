import { orderKey, sequenceOfTime, type Customer, type FulfilmentStatus, type Order, type OrderLine, type OrderStatus } from '@orderflow/shared/events';
import { countryCode, fieldsOf, lineMoney, moneyOfDecimal, present, timeOfText, Unreadable, type Fields } from '../../convert/index.ts';
import type { AskedContext } from '../api.ts';
import type { Draft, Items } from '../definition.ts';

const states: Readonly<Record<string, readonly [OrderStatus, FulfilmentStatus]>> = {
  PENDING: ['NEW', 'UNFULFILLED'],
  FULFILLED: ['COMPLETED', 'SHIPPED'],
  CANCELED: ['CANCELLED', 'CANCELLED'],
};
const stateOf = (order: Fields): readonly [OrderStatus, FulfilmentStatus] => {
  const word = order.text('fulfillmentStatus') ?? '';
  return (Object.hasOwn(states, word) ? states[word] : undefined) ?? ['UNKNOWN', 'UNKNOWN'];
};

/** Minor units of an amount `{ value, currency }` in the order's own currency. @throws Unreadable when it has another */
function amount(fields: Fields, key: string, currency: string): number | undefined {
  const money = fields.child(key);
  if (!money) return undefined;
  if (money.id('currency') !== currency) throw new Unreadable('currency', money.path('currency'), 'is not the currency of the order');
  return moneyOfDecimal(money.id('value'), currency, money.path('value')).minor;
}

function lineOf(line: Fields, currency: string): OrderLine {
  const quantity = line.integer('quantity') ?? 1;
  const paid = line.child('unitPricePaid');
  if (!paid) throw new Unreadable('missing', line.path('unitPricePaid'), 'is missing');
  if (paid.id('currency') !== currency) throw new Unreadable('currency', paid.path('currency'), 'is not the currency of the order');
  const unitPrice = paid.id('value');
  return present({
    id: line.id('id'),
    productId: line.text('productId'),
    // digital products have none
    sku: line.text('sku'),
    name: line.text('productName'),
    quantity,
    unitPrice,
    total: lineMoney(quantity, unitPrice, currency, paid.path('value')).minor,
    class: line.text('lineItemType') === 'GIFT_CARD' ? ('giftCard' as const) : undefined,
  });
}

const joined = (...words: readonly (string | undefined)[]): string | undefined => {
  const text = words.filter((word) => word !== undefined).join(' ');
  return text === '' ? undefined : text;
};

function customerOf(order: Fields): Customer | undefined {
  const billing = order.child('billingAddress');
  const address = order.child('shippingAddress') ?? billing;
  const nameIn = (person: Fields | undefined): string | undefined => joined(person?.text('firstName'), person?.text('lastName'));
  const country = address?.text('countryCode');
  const where = address && present({
    line: joined(address.text('address1'), address.text('address2')),
    city: address.text('city'),
    state: address.text('state'),
    postalCode: address.text('postalCode'),
    country: country === undefined ? undefined : countryCode(country),
  });
  const found: Customer = present({
    name: nameIn(billing) ?? nameIn(address),
    email: order.text('customerEmail'),
    phone: address?.text('phone') ?? billing?.text('phone'),
    address: where && Object.keys(where).length > 0 ? where : undefined,
  });
  return Object.keys(found).length > 0 ? found : undefined;
}

/** What went back, of the running total that the order tells. Whether the rest was ever paid, the order does not say. */
const paymentOf = (refunded: number, total: number): Order['payment'] => ({
  status: refunded <= 0 ? 'UNKNOWN' : refunded < total ? 'PARTIALLY_REFUNDED' : 'REFUNDED',
});

/** Where the last parcel is followed; an order that was sent without any has none. */
function tracking(order: Fields, whole: Order, time: string): Draft[] {
  const last = order.list('fulfillments').at(-1);
  const parcel = last && present({ carrier: last.text('carrierName'), number: last.text('trackingNumber'), url: last.text('trackingUrl') });
  if (!last || !parcel || Object.keys(parcel).length === 0) return [];
  const update = { orderKey: whole.key, occurredAt: time, fulfilment: whole.fulfilment, tracking: parcel };
  return [{ type: 'order.updated', time, sequence: sequenceOfTime(time), data: { update }, at: last.path() }];
}

/**
 * An Order as the Orders API returns it → the whole order, and where its parcel is. Always as a new order: whether it is
 * one, the store knows, and the notice need not be fetched before the next change
 * (https://developers.squarespace.com/commerce-apis/retrieve-specific-order).
 */
export function toEvents(payload: unknown, context: AskedContext): Items {
  const fields = fieldsOf(payload);
  const { source, account } = context.account;
  const id = fields.id('id');
  const grand = fields.child('grandTotal');
  if (!grand) throw new Unreadable('missing', fields.path('grandTotal'), 'is missing');
  const currency = grand.id('currency');
  const timeAt = (key: string): string => timeOfText(fields.id(key), fields.path(key), { now: context.receivedAt });
  const placedAt = timeAt('createdOn');
  const time = fields.text('modifiedOn') === undefined ? placedAt : timeAt('modifiedOn');
  const total = amount(fields, 'grandTotal', currency) ?? 0;
  const [status, fulfilment] = stateOf(fields);
  const order: Order = present({
    key: orderKey(source, account, id),
    source,
    account,
    id,
    number: fields.text('orderNumber'),
    placedAt,
    status,
    test: fields.flag('testmode') === true ? true : undefined,
    currency,
    total,
    subtotal: amount(fields, 'subtotal', currency),
    discount: amount(fields, 'discountTotal', currency),
    tax: amount(fields, 'taxTotal', currency),
    shipping: amount(fields, 'shippingTotal', currency),
    payment: paymentOf(amount(fields, 'refundedTotal', currency) ?? 0, total),
    fulfilment: { status: fulfilment },
    customer: customerOf(fields),
    lines: fields.list('lineItems').map((line) => lineOf(line, currency)),
  });
  return [{ type: 'order.created', time, sequence: sequenceOfTime(time), data: { order } }, ...tracking(fields, order, time)];
}
