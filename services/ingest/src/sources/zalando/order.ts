import type { FulfilmentStatus, OrderStatus, PaymentStatus } from '@orderflow/shared/events';
import { fieldsOf, type Fields } from '../../convert/index.ts';
import {
  always, country, currency, first, forEach, joined, major, ofOuter, orderChanged, orderCreated, returnRequested, text, time, together, word, type Make, type OrderMap, type Read,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

const of = (name: string): string => `data.attributes.${name}`;
const included = (order: Fields, type: string): readonly Fields[] => order.list('included').filter((one) => one.text('type') === type);
/** One order line for each piece. */
const pieces = (order: Fields): readonly Fields[] => included(order, 'OrderLine');
const piecesOf = (item: Fields, order: Fields | undefined): readonly Fields[] =>
  order === undefined ? [] : pieces(order).filter((piece) => piece.child('attributes')?.text('order_item_id') === item.text('id'));
const words = (order: Fields): readonly (string | undefined)[] => pieces(order).map((piece) => piece.child('attributes')?.text('status'));
const allCancelled = (order: Fields): boolean => words(order).length > 0 && words(order).every((one) => one === 'canceled');

const id = text('data.id');
const changedAt = time([of('modified_at'), of('created_at'), of('order_date')]);
const currencyOf = currency(of('order_lines_price_currency'));
const price = major('attributes.price.amount');

/** An order whose payment fails has all its lines cancelled and is "fulfilled" nevertheless. */
const status: Read<OrderStatus> = (order, scope) =>
  allCancelled(order) ? 'CANCELLED' : word<OrderStatus>(of('status'), { initial: 'NEW', approved: 'CONFIRMED', fulfilled: 'COMPLETED' }, 'UNKNOWN')(order, scope);
const payment: Read<PaymentStatus> = (order, scope) =>
  allCancelled(order) ? 'VOIDED' : word<PaymentStatus>(of('status'), { initial: 'PENDING', approved: 'PAID', fulfilled: 'PAID' }, 'UNKNOWN')(order, scope);

/** By what is not cancelled: a piece that came back was sent before. */
const fulfilment: Read<FulfilmentStatus> = (order) => {
  if (allCancelled(order)) return 'CANCELLED';
  const left = words(order).filter((one) => one !== 'canceled');
  if (left.some((one) => one === undefined || !['initial', 'reserved', 'shipped', 'returned'].includes(one))) return 'UNKNOWN';
  const sent = left.filter((one) => one === 'shipped' || one === 'returned').length;
  return sent === 0 ? 'UNFULFILLED' : sent === left.length ? 'SHIPPED' : 'PARTIAL';
};

/** Prices are numbers and include the tax; the order's is the sum of its lines'. */
const order: OrderMap = {
  id,
  number: text(of('order_number')),
  placedAt: time([of('order_date'), of('created_at')]),
  version: changedAt,
  status,
  currency: currencyOf,
  total: major(of('order_lines_price_amount')),
  payment: { status: payment },
  fulfilment: { status: fulfilment, promisedAt: time(of('delivery_end_date')) },
  customer: {
    id: text(of('customer_number')),
    name: first(joined(of('billing_address.first_name'), of('billing_address.last_name')), joined(of('shipping_address.first_name'), of('shipping_address.last_name'))),
    email: text(of('customer_email')),
    line: joined(of('shipping_address.address_line_1'), of('shipping_address.address_line_2')),
    city: text(of('shipping_address.city')),
    postalCode: text(of('shipping_address.zip_code')),
    country: country(of('shipping_address.country_code')),
  },
  lines: {
    of: (one) => included(one, 'OrderItem'),
    map: {
      id: text('id'), productId: text('attributes.article_id'), sku: text('attributes.external_id'), name: text('attributes.description'),
      quantity: (item, { outer }) => String(piecesOf(item, outer).length),
      total: (item, scope) => piecesOf(item, scope.outer).reduce((all, piece) => all + (price(piece, scope) ?? 0), 0),
    },
  },
};

const tracking: Make = (fields, context, outer) =>
  fields.child('data')?.child('attributes')?.text('tracking_number') === undefined
    ? []
    : orderChanged({ orderId: id, at: changedAt, tracking: { number: text(of('tracking_number')) } })(fields, context, outer);

/** Each piece that came back. */
const returned = returnRequested({
  id: text('id'),
  orderId: ofOuter(id),
  requestedAt: first(time('attributes.modified_at'), ofOuter(changedAt)),
  version: always(1),
  decided: always('APPROVED'),
  currency: ofOuter(currencyOf),
  amount: price,
  lines: { of: (piece) => [piece], map: { id: text('id'), lineId: text('attributes.order_item_id'), quantity: always('1'), amount: price } },
});

/** An order with its items and lines (JSON:API), and what came back of it. */
export const toEvents = (payload: unknown, context: AskedContext): Items =>
  together(orderCreated(order), tracking, forEach((one) => pieces(one).filter((piece) => piece.child('attributes')?.text('status') === 'returned'), returned))(
    fieldsOf(payload), { ...context, route: 'order.created' },
  );
