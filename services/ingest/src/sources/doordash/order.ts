import type { OrderLine } from '@orderflow/shared/events';
import { fieldsOf, type Fields } from '../../convert/index.ts';
import { accountCurrency, always, country, decimal, each, first, joined, latitudeLongitude, minor, price, text, then, time, type OrderMap, type Read, type Scope } from '../../map/index.ts';

/** Items stand in their categories of the menu; each is told with the name of its own. */
const items = (order: Fields): readonly Fields[] =>
  each('categories')(order).flatMap((category) => category.list('items').map((item, at) => {
    const raw = (category.raw('items') as readonly object[])[at];
    return fieldsOf({ ...raw, category: category.raw('name') }, () => item.path());
  })).concat(order.raw('categories') === undefined ? order.list('items') : []);

/** What the chosen options of an item cost, and the options of options. */
const optionsOf = (item: Fields, scope: Scope): number =>
  [...item.list('extras'), ...item.list('extra')].flatMap((extra) => extra.list('options'))
    .reduce((sum, option) => sum + ((minor('price')(option, scope) ?? 0) + optionsOf(option, scope)) * (option.integer('quantity') ?? 1), 0);

/** One item with its options. */
const unitPrice: Read<string> = (item, scope) => {
  const own = minor('price')(item, scope);
  return own === undefined ? undefined : price(() => own + optionsOf(item, scope))(item, scope);
};

/** Only of orders that the shop delivers itself, fees and tips are told: what is there is paid. */
const fees = [['tip', 'tip', minor(['tip_amount', 'tip'])], ['extra-cart-fee', 'extra cart order fee', minor('extra_cart_order_fee')]] as const;
const sumOf = (...names: readonly string[]): Read<number> => (order, scope) => names.reduce((sum, name) => sum + (minor(name)(order, scope) ?? 0), 0);
const goods = minor('subtotal');
const total: Read<number> = Object.assign((order: Fields, scope: Scope): number | undefined => {
  const subtotal = goods(order, scope);
  return subtotal === undefined ? undefined
    : subtotal + (sumOf('tax', 'taxes_on_fees', 'delivery_fee')(order, scope) ?? 0) + fees.reduce((sum, [, , read]) => sum + (read(order, scope) ?? 0), 0);
}, { at: 'subtotal' });
const more = (order: Fields, scope: Scope): readonly OrderLine[] =>
  fees.flatMap(([id, name, read]) => {
    const fee = read(order, scope) ?? 0;
    return fee === 0 ? [] : [{ id, name, quantity: 1, unitPrice: price(always(fee))(order, scope) ?? '0', total: fee, class: 'fee' as const }];
  });

/** What the customer wrote: to the order, to its items, and how to find him. */
const comment: Read<string> = (order, scope) => {
  const words = [
    text('order_special_instructions', 'special_instructions')(order, scope), ...items(order).map((item) => text('special_instructions')(item, scope)),
    order.raw('delivery_address') instanceof Object ? text('delivery_address.address_instructions')(order, scope) : undefined,
  ];
  return words.filter((one) => one !== undefined).join('; ') || undefined;
};

/** The address as an object; third parties write it as a text. */
const address = (order: Fields): Fields | undefined => (order.raw('delivery_address') instanceof Object ? order.child('delivery_address') : undefined);
const there = <T>(read: Read<T>): Read<T> => (order, scope) => {
  const one = address(order);
  return one && read(one, scope);
};

/** https://developer.doordash.com/es-US/docs/marketplace/appendix/sample_self-delivery_order : whole numbers of cents. */
export const order: OrderMap = {
  id: text('id', 'order_id'),
  number: text('delivery_short_code', 'id', 'order_id'),
  placedAt: first(time('created_at'), (_, scope) => new Date(scope.now).toISOString()),
  status: always('NEW'),
  currency: accountCurrency,
  total,
  subtotal: goods,
  tax: sumOf('tax', 'taxes_on_fees'),
  shipping: minor('delivery_fee'),
  // DoorDash collects from its customers before it sends an order
  payment: { status: always('PAID') },
  fulfilment: { status: always('UNFULFILLED'), promisedAt: time(['estimated_delivery_time', 'estimated_pickup_time']) },
  customer: {
    id: then(text('consumer.id'), (id) => (id === '0' ? undefined : id)),
    name: first(joined('consumer.first_name', 'consumer.last_name'), joined('customer.first_name', 'customer.last_name')),
    email: text('consumer.email'),
    phone: text('consumer.phone', 'customer.phone_number'),
    line: there(joined('street', 'subpremise')),
    city: there(text('city')),
    state: there(text('state')),
    postalCode: there(text('zip_code')),
    country: there(country('country_code')),
  },
  position: { from: 'address', at: there(latitudeLongitude('lat', 'lng')) },
  store: { id: text('store.merchant_supplied_id', 'store_id') },
  lines: {
    of: items,
    map: { productId: text('merchant_supplied_id', 'id'), sku: text('merchant_supplied_id'), name: text('name'), category: text('category'), quantity: decimal('quantity'), unitPrice },
  },
  more,
  comment,
};
