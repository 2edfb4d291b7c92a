import type { OrderLine } from '@orderflow/shared/events';
import { fieldsOf, present, type Fields } from '../../convert/index.ts';
import {
  always, country, currency, decimal, each, first, joined, latitudeLongitude, major, marked, needed, orderCreated, price, text, time, type OrderMap, type Read,
  type Scope,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

const payments = each('payments.methods');
const address = 'delivery.deliveryAddress';

/** What is paid at the door is settled there: whether it was, nobody tells. */
const paid: OrderMap['payment']['status'] = (order, scope) => ((major('payments.pending')(order, scope) ?? 0) === 0 ? 'PAID' : 'UNKNOWN');

/** The item with its options, for its whole quantity. */
const itemTotal = first(major('totalPrice'), (item: Fields, scope: Scope) => needed(major('price'), item, scope) + (major('optionsPrice')(item, scope) ?? 0));

/** Fees stand beside the items; what iFood or the shop pays of it is the order's discount. */
const fees = (order: Fields, scope: Scope): readonly OrderLine[] =>
  each('additionalFees')(order).map((fee, at) => {
    const amount = needed(major('value'), fee, scope);
    return present({ id: `fee-${at + 1}`, name: fee.text('type'), quantity: 1, unitPrice: price(always(amount))(fee, scope) ?? '0', total: amount, class: 'fee' as const });
  });

const brl: Read<string> = (order, scope) => payments(order).map((one) => currency('currency')(one, scope)).find((code) => code !== undefined) ?? 'BRL';

/** https://developer.ifood.com.br/en-US/docs/guides/modules/order/details : decimal numbers. */
const order: OrderMap = {
  id: text('id'),
  number: text('displayId'),
  placedAt: time('createdAt'),
  status: always('NEW'),
  test: marked('isTest'),
  currency: brl,
  total: major('total.orderAmount'),
  subtotal: major('total.subTotal'),
  discount: major('total.benefits'),
  shipping: major('total.deliveryFee'),
  payment: { status: paid, method: (one, scope) => payments(one).map((method) => text('method')(method, scope)).find((word) => word !== undefined) },
  fulfilment: { status: always('UNFULFILLED'), promisedAt: time(['delivery.deliveryDateTime', 'takeout.takeoutDateTime']) },
  customer: {
    id: text('customer.id'),
    name: text('customer.name'),
    phone: joined('customer.phone.number', 'customer.phone.localizer'),
    line: first(joined(`${address}.streetName`, `${address}.streetNumber`, `${address}.complement`), text(`${address}.formattedAddress`)),
    city: text(`${address}.city`),
    state: text(`${address}.state`),
    postalCode: text(`${address}.postalCode`),
    country: country(`${address}.country`),
  },
  position: { from: 'address', at: latitudeLongitude(`${address}.coordinates.latitude`, `${address}.coordinates.longitude`) },
  store: { id: text('merchant.id'), name: text('merchant.name') },
  lines: {
    of: each('items'),
    map: { id: text('uniqueId', 'index'), productId: text('id'), sku: text('externalCode', 'ean'), name: text('name'), quantity: decimal('quantity'), total: itemTotal },
  },
  more: fees,
  comment: first(text('delivery.observations'), text('extraInfo')),
};

/** An order as the API returns it, as a new one: what becomes of it is told by events. */
export const toEvents = (payload: unknown, context: AskedContext): Items => orderCreated(order)(fieldsOf(payload), { ...context, route: 'order.created' });
