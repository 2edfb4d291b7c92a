import { exact, exactText, exponentOf, fieldsOf, round, type Exact, type Fields } from '../../convert/index.ts';
import {
  always, country, currency, decimal, each, first, fixed, forEach, joined, known, longitudeLatitude, ofOuter, orderChanged, orderCreated, picked, returnRequested, text,
  then, time, together, word, type Make, type OrderMap, type Read,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';
import { fulfilments, payments, statuses } from './states.ts';

/** Amounts are "in cents", whatever the currency. */
const cents = (...paths: readonly string[]): Read<number> => fixed(2, ...paths);

/** One of the order's sums: what it takes off is negative. */
const sum = (id: string): Read<number> => picked((order) => order.list('totals').find((one) => one.text('id') === id), cents('value'));

/** What a unit's price, in cents, makes of so many. */
function product(item: Fields, name: string, ...factors: readonly string[]): Exact | undefined {
  const price = item.decimal(name);
  if (price === undefined) return undefined;
  const all = factors.map((factor) => exact(item.decimal(factor) ?? '1')).reduce((a, b) => ({ units: a.units * b.units, scale: a.scale + b.scale }), exact(price));
  return { units: all.units, scale: all.scale + 2 };
}
const times = (name: string, ...factors: readonly string[]): Read<number> => (item, scope) => {
  const all = product(item, name, ...factors);
  return all && round(all, exponentOf(scope.currency), item.path(name)).minor;
};
/** `price` is that of one unit of measurement, of which the item has `unitMultiplier`: a quarter of a kilogram, 85 tiles. */
const listed = times('price', 'unitMultiplier', 'quantity');
/** `sellingPrice` is what an item costs after its discounts, rounded; `total` of its definition is exact. */
const total = first(cents('priceDefinition.total', 'priceDefinitions.total'), times('sellingPrice', 'quantity'), listed);
const unitCost: Read<string> = (item) => {
  const cost = product(item, 'costPrice', 'unitMultiplier');
  return cost && exactText(cost);
};
const discount: Read<number> = (item, scope) => {
  const less = (listed(item, scope) ?? 0) - (total(item, scope) ?? 0);
  return less > 0 ? less : undefined;
};

const seller: Read<string> = (item, { outer }) => {
  const id = item.text('seller');
  return outer?.list('sellers').find((one) => one.text('id') === id)?.text('name') ?? id;
};

/** The transaction that counts: one that was given up is not active. */
const paid = <T>(read: Read<T>): Read<T> => picked((order) => order.child('paymentData')?.list('transactions').find((one) => one.flag('isActive') !== false), read);

/** Parcels that are sent; `Input` is what comes back. */
const sent = (order: Fields): readonly Fields[] => each('packageAttachment.packages')(order).filter((one) => one.text('type') !== 'Input');
const arrived: Read<'DELIVERED'> = (order) => {
  const parcels = sent(order);
  return parcels.length > 0 && parcels.every((one) => one.child('courierStatus')?.flag('finished') === true) ? 'DELIVERED' : undefined;
};

const id = text('orderId');
const changedAt = time(['lastChange', 'creationDate']);
const cancelled = known('status', { canceled: 'CANCELLED', cancel: 'CANCELLED' });
const address = (name: string): string => `shippingData.address.${name}`;

/** https://developers.vtex.com/docs/api-reference/orders-api#get-/api/oms/pvt/orders/-orderId- */
const order: OrderMap = {
  id,
  number: text('sequence'),
  placedAt: time('creationDate'),
  version: changedAt,
  status: word('status', statuses, 'UNKNOWN'),
  currency: currency('storePreferencesData.currencyCode'),
  total: cents('value'),
  subtotal: sum('Items'),
  discount: then(sum('Discounts'), (value) => Math.abs(value)),
  tax: sum('Tax'),
  shipping: sum('Shipping'),
  payment: {
    status: first(known('status', { 'payment-denied': 'FAILED', canceled: 'VOIDED', cancel: 'VOIDED' }), then(text('authorizedDate'), () => 'PAID'), word('status', payments, 'UNKNOWN')),
    method: paid(text('payments.0.paymentSystemName')),
    reference: paid(text('payments.0.tid', 'payments.0.connectorResponses.Tid', 'transactionId')),
  },
  fulfilment: {
    status: first<'DELIVERED' | 'CANCELLED' | 'UNFULFILLED' | 'PACKED' | 'SHIPPED' | 'UNKNOWN'>(cancelled, arrived, word('status', fulfilments, 'UNKNOWN')),
    promisedAt: time('shippingData.logisticsInfo.0.shippingEstimateDate'),
    deliveredAt: (one, scope) => (arrived(one, scope) ? sent(one).map((parcel) => time('courierStatus.deliveredDate')(parcel, scope)).findLast((at) => at !== undefined) : undefined),
  },
  customer: {
    id: text('clientProfileData.userProfileId'),
    name: first(joined('clientProfileData.firstName', 'clientProfileData.lastName'), text(address('receiverName'))),
    email: text('clientProfileData.email'),
    phone: text('clientProfileData.phone'),
    line: joined(address('street'), address('number'), address('complement'), address('neighborhood')),
    city: text(address('city')),
    state: text(address('state')),
    postalCode: text(address('postalCode')),
    country: country(address('country')),
  },
  position: { from: 'address', at: longitudeLatitude(address('geoCoordinates')) },
  store: { id: text('checkedInPickupPointId') },
  lines: {
    of: each('items'),
    map: {
      id: text('uniqueId'), productId: text('id', 'productId'), sku: text('refId', 'id'), name: text('name'), quantity: decimal('quantity'),
      category: text('additionalInfo.categories.0.name', 'additionalInfo.categoriesIds'), seller, discount, total, unitCost,
    },
  },
  comment: text('openTextField.value'),
};

/** Where a parcel is, is an event of its own. */
const tracking: Make = (fields, context, outer) => {
  const at = sent(fields).findLastIndex((parcel) => parcel.text('trackingNumber') !== undefined || parcel.text('trackingUrl') !== undefined);
  if (at < 0) return [];
  const ofParcel = (name: string): Read<string> => picked((one) => sent(one)[at], text(name));
  return orderChanged({ orderId: id, at: changedAt, tracking: { carrier: ofParcel('courier'), number: ofParcel('trackingNumber'), url: ofParcel('trackingUrl') } })(fields, context, outer);
};

const items = each('restitutions.Refund.items');
/** What came back is an invoice of type Input with what is restituted for it. */
const returned = returnRequested({
  id: text('invoiceNumber'),
  orderId: ofOuter(id),
  requestedAt: first(time('issuanceDate'), ofOuter(changedAt)),
  version: always(1),
  decided: always('APPROVED'),
  comment: (parcel, scope) => [...new Set(items(parcel).map((item) => text('description')(item, scope)))].filter((words) => words !== undefined).join('; ') || undefined,
  currency: ofOuter(currency('storePreferencesData.currencyCode')),
  amount: cents('restitutions.Refund.value'),
  lines: { of: items, map: { productId: text('id'), quantity: decimal('quantity') } },
});
const returns = forEach((one) => each('packageAttachment.packages')(one).filter((parcel) => parcel.text('type') === 'Input' && parcel.child('restitutions')?.child('Refund') !== undefined), returned);

/** An order as the API returns it, with where its parcels are and what came back. */
export const toEvents = (payload: unknown, context: AskedContext): Items =>
  together(orderCreated(order), tracking, returns)(fieldsOf(payload), { ...context, route: 'order.created' });
