import { fieldsOf, timeOfText } from '../../convert/index.ts';
import {
  always, currency, decimal, difference, each, first, forEach, joined, major, needed, ofOuter, orderChanged, orderCreated, returnRequested, text, then, together, word,
  type Make, type OrderMap, type Read,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';
import { fulfilments, payments, statuses } from './states.ts';
import { zoneOf } from './zone.ts';

/** The shop's clock, without a zone. A day that never was (`0000-00-00 00:00:00`) is none. */
const clock = (name: string): Read<string> => Object.assign(
  then(text(name), (found, { account, now }) => (found.startsWith('0000-') ? undefined : timeOfText(found, `$.${name}`, { now, zone: zoneOf(account) }))),
  { at: name },
);
/** An id of another thing: 0 is none. */
const link = (name: string): Read<string> => then(text(name), (id) => (id === '0' ? undefined : id));

const id = text('first.id');
const changedAt = first(clock('first.date_upd'), clock('first.date_add'));
const state = 'first.current_state';
const iso = currency('currency.currency.iso_code');
const address = (name: string): string => `address.address.${name}`;
const customer = (name: string): string => `customer.customer.${name}`;

/** Amounts are decimals with tax, in the order's own currency; a row's price is that of one unit after its own reductions. */
const order: OrderMap = {
  id,
  number: text('first.reference'),
  placedAt: clock('first.date_add'),
  version: changedAt,
  status: word(state, statuses, 'UNKNOWN'),
  currency: iso,
  total: major('first.total_paid_tax_incl', 'first.total_paid'),
  subtotal: major('first.total_products_wt'),
  discount: major('first.total_discounts_tax_incl'),
  tax: (one, scope) => (one.child('first')?.decimal('total_paid_tax_excl') === undefined ? undefined : difference(major('first.total_paid_tax_incl'), major('first.total_paid_tax_excl'))(one, scope)),
  shipping: major('first.total_shipping_tax_incl', 'first.total_shipping'),
  payment: { status: word(state, payments, 'UNKNOWN'), method: text('first.payment', 'first.module') },
  fulfilment: { status: word(state, fulfilments, 'UNKNOWN') },
  customer: {
    id: link('first.id_customer'),
    name: first(joined(customer('firstname'), customer('lastname')), joined(address('firstname'), address('lastname'))),
    email: text(customer('email')),
    phone: text(address('phone_mobile'), address('phone')),
    dateOfBirth: then(text(customer('birthday')), (day) => (day.startsWith('0000-') ? undefined : day)),
    line: joined(address('address1'), address('address2')),
    city: text(address('city')),
    postalCode: text(address('postcode')),
  },
  lines: {
    of: each('first.associations.order_rows'),
    map: {
      id: text('id'), productId: text('product_id'), sku: text('product_reference', 'product_ean13'), name: text('product_name'), quantity: decimal('product_quantity'),
      unitPrice: decimal('unit_price_tax_incl'),
    },
  },
  comment: text('first.gift_message'),
};

const tracking: Make = (fields, context, outer) =>
  text('first.shipping_number')(fields, { account: context.account, now: context.receivedAt, currency: '' }) === undefined
    ? []
    : orderChanged({ orderId: id, at: changedAt, tracking: { number: text('first.shipping_number') } })(fields, context, outer);

/** A credit slip: what is paid back, with tax and with the postage that goes back. */
const slip = returnRequested({
  id: text('id'),
  orderId: ofOuter(id),
  requestedAt: clock('date_add'),
  decided: always('APPROVED'),
  currency: ofOuter(iso),
  amount: (one, scope) => needed(major('total_products_tax_incl'), one, scope) + (major('total_shipping_tax_incl')(one, scope) ?? 0),
  customerId: link('id_customer'),
  lines: {
    of: each('associations.order_slip_details'),
    map: { id: text('id'), lineId: text('id_order_detail'), quantity: decimal('product_quantity'), amount: major('amount_tax_incl') },
  },
});

/** An order with its currency, customer, address and credit slips, as five answers are joined. */
export const toEvents = (payload: unknown, context: AskedContext): Items =>
  together(orderCreated(order), tracking, forEach(each('slips.order_slips'), slip))(fieldsOf(payload), { ...context, route: 'order.created' });
