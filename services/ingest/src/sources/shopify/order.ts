import { orderKey, type Customer, type Order, type OrderLine } from '@orderflow/shared/events';
import { coordinates, countryCode, moneyOfDecimal, lineMoney, present, timeOfText, type Fields } from '../../convert/index.ts';
import type { ReadingContext } from '../definition.ts';
import { fulfilmentOf, paymentOf, statusOf } from './status.ts';

/** Minor units of a decimal field; undefined when it is absent. */
const amount = (fields: Fields, key: string, currency: string): number | undefined => {
  const text = fields.decimal(key);
  return text === undefined ? undefined : moneyOfDecimal(text, currency, fields.path(key)).minor;
};

const total = (items: readonly Fields[], key: string, currency: string): number =>
  items.reduce((sum, item) => sum + (amount(item, key, currency) ?? 0), 0);

function lineOf(line: Fields, currency: string): OrderLine {
  const quantity = line.integer('quantity') ?? 1;
  const unitPrice = line.id('price');
  const allocations = line.list('discount_allocations');
  const discount = allocations.length > 0 ? total(allocations, 'amount', currency) : amount(line, 'total_discount', currency);
  const taxes = line.list('tax_lines');
  return present({
    id: line.id('id'),
    productId: line.text('product_id'),
    sku: line.text('sku'),
    name: line.text('name') ?? line.text('title'),
    seller: line.text('vendor'),
    quantity,
    unitPrice,
    discount: discount === 0 ? undefined : discount,
    tax: taxes.length === 0 ? undefined : total(taxes, 'price', currency),
    total: lineMoney(quantity, unitPrice, currency, line.path('price')).minor - (discount ?? 0),
    class: line.flag('gift_card') === true ? ('giftCard' as const) : undefined,
  });
}

const joined = (...words: readonly (string | undefined)[]): string | undefined => {
  const text = words.filter((word) => word !== undefined).join(' ');
  return text === '' ? undefined : text;
};

function customerOf(order: Fields, context: ReadingContext): Customer | undefined {
  const customer = order.child('customer');
  const address = order.child('shipping_address') ?? order.child('billing_address') ?? customer?.child('default_address');
  const joinedAt = customer?.text('created_at');
  const country = address?.text('country_code') ?? address?.text('country');
  const where = address && present({
    line: joined(address.text('address1'), address.text('address2')),
    city: address.text('city'),
    state: address.text('province_code') ?? address.text('province'),
    postalCode: address.text('zip'),
    country: country === undefined ? undefined : countryCode(country),
  });
  const found: Customer = present({
    id: customer?.text('id'),
    name: joined(customer?.text('first_name'), customer?.text('last_name')) ?? address?.text('name'),
    email: order.text('email') ?? order.text('contact_email') ?? customer?.text('email'),
    phone: order.text('phone') ?? customer?.text('phone') ?? address?.text('phone'),
    joinedAt: joinedAt === undefined ? undefined
      : timeOfText(joinedAt, customer?.path('created_at') ?? '$', { now: context.receivedAt }),
    address: where && Object.keys(where).length > 0 ? where : undefined,
  });
  return Object.keys(found).length > 0 ? found : undefined;
}

function positionOf(order: Fields): Order['position'] {
  for (const key of ['shipping_address', 'billing_address']) {
    const address = order.child(key);
    const at = address && coordinates(address.raw('latitude'), address.raw('longitude'), address.path());
    if (at) return { ...at, from: 'address' };
  }
  return undefined;
}

/** Gateways whose payments a source of ours reports under the same name. */
const providers: Readonly<Record<string, string>> = { stripe: 'stripe', paypal: 'paypal', square: 'square', adyen: 'adyen' };

/** The provider's id of the payment: shops pass it on as the note attribute `payment_reference`. */
const reference = (order: Fields): string | undefined =>
  order.list('note_attributes').find((note) => note.text('name') === 'payment_reference')?.text('value');

/** An order resource → the canonical order. Amounts are the shop's own currency (`shop_money`). */
export function orderOf(order: Fields, context: ReadingContext): Order {
  const { source, account } = context.account;
  const id = order.id('id');
  const currency = order.id('currency');
  const names = order.raw('payment_gateway_names');
  const gateway = (Array.isArray(names) && typeof names[0] === 'string' ? names[0] : undefined) ?? order.text('gateway');
  // of an edited order the plain fields still say what was first ordered
  const current = (key: string): number | undefined =>
    amount(order, `current_${key}`, currency) ?? amount(order, key, currency);
  const shipping = order.list('shipping_lines');
  const place = order.text('location_id');
  return present({
    key: orderKey(source, account, id),
    source,
    account,
    id,
    number: order.text('name') ?? order.text('order_number'),
    placedAt: timeOfText(order.id('created_at'), order.path('created_at'), { now: context.receivedAt }),
    status: statusOf(order),
    test: order.flag('test') === true ? true : undefined,
    currency,
    total: current('total_price') ?? 0,
    subtotal: current('subtotal_price'),
    discount: current('total_discounts'),
    tax: current('total_tax'),
    shipping: shipping.length === 0 ? undefined : total(shipping, 'price', currency),
    payment: present({
      status: paymentOf(order),
      method: gateway,
      provider: gateway !== undefined && Object.hasOwn(providers, gateway) ? providers[gateway] : undefined,
      reference: reference(order),
    }),
    fulfilment: { status: fulfilmentOf(order) },
    customer: customerOf(order, context),
    position: positionOf(order),
    store: place === undefined ? undefined : { id: place },
    lines: order.list('line_items').map((line) => lineOf(line, currency)),
    comment: order.text('note'),
  });
}
