import type { FulfilmentStatus, OrderStatus } from '@orderflow/shared/events';
import { fieldsOf } from '../../convert/index.ts';
import { always, country, currency, decimal, each, first, joined, major, orderCreated, text, then, time, word, type OrderMap } from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

const state = ['first.orderStatus.id', 'first.status.id'];
const address = (name: string): string => `first.shippingAddress.${name}`;

/** Amounts are numbers in the order's own currency, without the tax; whether an order is paid, its invoices know. */
const order: OrderMap = {
  id: text('first.id'),
  number: text('first.tranId'),
  placedAt: time('first.createdDate'),
  version: time(['first.lastModifiedDate', 'first.createdDate']),
  status: word<OrderStatus>(state, { A: 'NEW', B: 'CONFIRMED', C: 'CANCELLED', D: 'PROCESSING', E: 'PROCESSING', F: 'PROCESSING', G: 'COMPLETED' }, 'UNKNOWN'),
  currency: currency('currency.symbol'),
  total: major('first.total'),
  subtotal: major('first.subtotal'),
  discount: then(major('first.discountTotal'), (value) => Math.abs(value)),
  tax: major('first.taxTotal'),
  shipping: major('first.shippingCost'),
  payment: { status: always('UNKNOWN'), method: text('first.paymentMethod.refName') },
  fulfilment: { status: word<FulfilmentStatus>(state, { A: 'UNFULFILLED', B: 'UNFULFILLED', C: 'CANCELLED', D: 'PARTIAL', E: 'PARTIAL', F: 'SHIPPED', G: 'SHIPPED' }, 'UNKNOWN') },
  customer: {
    id: text('first.entity.id'),
    name: first(text(address('addressee')), text('first.entity.refName')),
    email: text('first.email'),
    phone: text(address('addrPhone')),
    line: joined(address('addr1'), address('addr2')),
    city: text(address('city')),
    state: text(address('state')),
    postalCode: text(address('zip')),
    country: country(address('country.id')),
  },
  lines: {
    of: each('first.item.items'),
    map: {
      id: text('line'), productId: text('item.id'), sku: text('item.refName'), name: text('description', 'item.refName'), quantity: decimal('quantity'), unitPrice: decimal('rate'), total: major('amount'),
    },
  },
  comment: text('first.memo'),
};

/** A sales order with its items, and its currency, as two answers are joined. */
export const toEvents = (payload: unknown, context: AskedContext): Items => orderCreated(order)(fieldsOf(payload), { ...context, route: 'order.created' });
