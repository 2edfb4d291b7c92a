import { lineMoney, type Fields } from '../../convert/index.ts';
import {
  always, catalogUpdated, country, currency, decimal, difference, each, eventsOf, first, forEach, joined, major, minor, ofOuter, orderCreated,
  orderChanged, orderUpdated, picked, price, providerIn, returnRequested, text, then, time, under, whole, word, type Make, type OrderMap, type Read,
} from '../../map/index.ts';

/** How a version of Medusa writes amounts. */
interface Amounts {
  readonly amount: (...paths: readonly string[]) => Read<number>;
  readonly price: (path: string) => Read<string>;
}
const majorUnits: Amounts = { amount: major, price: (path) => decimal(path) };
const minorUnits: Amounts = { amount: (...paths) => minor(paths), price: (path) => price(minor(path)) };

const address = (order: Fields): Fields | undefined => order.child('shipping_address') ?? order.child('billing_address');
/** Of several collections the last: an edited order gets another one. */
const payment = (order: Fields): Fields | undefined => (order.list('payment_collections').at(-1)?.list('payments') ?? order.list('payments'))[0];
const refunds = (order: Fields): readonly Fields[] =>
  [...order.list('payment_collections').flatMap((one) => one.list('payments').flatMap((made) => made.list('refunds'))), ...order.list('refunds')];

/** OrderDetailDTO of medusajs/medusa, packages/core/types; totals hold the tax, subtotals do not. */
function mapsOf({ amount, price: priceOf }: Amounts) {
  const total = difference(amount('total'), amount('tax_total'));
  // a price that holds the tax already says nothing of the net line
  const unitPrice: Read<string> = (line, scope) => (line.flag('is_tax_inclusive') === true || line.flag('includes_tax') === true ? undefined : priceOf('unit_price')(line, scope));
  const before: Read<number> = (line, scope) => {
    const [one, quantity] = [unitPrice(line, scope), whole('quantity')(line, scope)];
    return one === undefined || quantity === undefined ? amount('subtotal')(line, scope) : lineMoney(quantity, one, scope.currency, line.path('unit_price')).minor;
  };

  const order: OrderMap = {
    id: text('id'),
    number: text('display_id'),
    placedAt: time('created_at'),
    version: ofOuter(time('occurred_at')),
    status: word('status', { pending: 'NEW', draft: 'NEW', requires_action: 'PROCESSING', completed: 'COMPLETED', archived: 'COMPLETED', canceled: 'CANCELLED' }, 'UNKNOWN'),
    currency: currency('currency_code'),
    total: amount('total'),
    discount: difference(amount('discount_total'), amount('discount_tax_total')),
    tax: amount('tax_total'),
    shipping: first(amount('shipping_subtotal'), amount('shipping_total')),
    payment: {
      status: word('payment_status', {
        not_paid: 'PENDING', awaiting: 'PENDING', requires_action: 'PENDING', authorized: 'PENDING', partially_authorized: 'PENDING', partially_captured: 'PENDING',
        captured: 'PAID', partially_refunded: 'PARTIALLY_REFUNDED', refunded: 'REFUNDED', canceled: 'VOIDED',
      }, 'UNKNOWN'),
      method: picked(payment, text('provider_id')),
      provider: providerIn(picked(payment, text('provider_id'))),
      reference: picked(payment, text('data.id')),
    },
    // fulfilled is packed: shipments and deliveries are told apart from it
    fulfilment: {
      status: word('fulfillment_status', {
        not_fulfilled: 'UNFULFILLED', partially_fulfilled: 'PARTIAL', fulfilled: 'PACKED', partially_shipped: 'PARTIAL', shipped: 'SHIPPED', partially_delivered: 'PARTIAL',
        delivered: 'DELIVERED', canceled: 'CANCELLED', partially_returned: 'SHIPPED', returned: 'SHIPPED',
      }, 'UNKNOWN'),
      deliveredAt: time('fulfillments.0.delivered_at'),
    },
    customer: {
      id: text('customer_id', 'customer.id'),
      name: first(joined('customer.first_name', 'customer.last_name'), picked(address, joined('first_name', 'last_name'))),
      email: text('email', 'customer.email'),
      phone: first(picked(address, text('phone')), text('customer.phone')),
      joinedAt: time('customer.created_at'),
      line: picked(address, joined('address_1', 'address_2')),
      city: picked(address, text('city')),
      state: picked(address, text('province')),
      postalCode: picked(address, text('postal_code')),
      country: picked(address, country('country_code')),
    },
    lines: {
      of: each('items'),
      // prices are of variants
      map: {
        id: text('id'), productId: text('variant_id', 'product_id'), sku: text('variant_sku', 'variant.sku'), name: joined('title', 'variant_title'), category: text('product_type'),
        quantity: decimal('quantity'), unitPrice, total, discount: difference(before, total), tax: amount('tax_total'),
        class: (line) => (line.flag('is_giftcard') === true ? 'giftCard' : undefined),
      },
    },
    comment: text('metadata.customer_note'),
  };

  const ofOrder = { orderId: ofOuter(text('id')), currency: ofOuter(currency('currency_code')), customerId: ofOuter(text('customer_id', 'customer.id')) };
  const refund = forEach(refunds, returnRequested({
    ...ofOrder, id: text('id'), requestedAt: time('created_at'), decided: always('APPROVED'), reason: text('refund_reason.label', 'reason'), comment: text('note'), amount: amount('amount'),
  }));
  const requested = returnRequested({
    ...ofOrder, id: text('id'), requestedAt: time(['requested_at', 'created_at']), reason: text('items.0.reason.label', 'items.0.reason.value'), comment: text('items.0.note', 'metadata.customer_note'),
    amount: amount('refund_amount'),
    lines: { of: each('items'), map: { id: text('id', 'item_id'), lineId: text('item_id'), quantity: decimal('quantity') } },
  });
  return { order, refund, requested };
}
const byVersion = { 1: mapsOf(minorUnits), 2: mapsOf(majorUnits) };

/** What is below a name, read by the maps of the sender's version, and able to look at what is around it. */
const inOrder = (make: (maps: ReturnType<typeof mapsOf>) => Make): Make => (said, context) => {
  const maps = byVersion[said.integer('medusa_version') === 1 ? 1 : 2];
  return under('order', (order) => make(maps)(order, context, said))(said, context);
};

const at = ofOuter(time('occurred_at'));
const tracking = { number: text('fulfillments.0.labels.0.tracking_number'), url: text('fulfillments.0.labels.0.tracking_url') };

/** Since goods came back, v2 counts only what is left: what was sold is known, and its totals are not told anew. */
const isLess = (order: Fields): boolean =>
  order.list('items').some((item) => ['return_received_quantity', 'return_dismissed_quantity'].some((count) => (item.child('detail')?.integer(count) ?? 0) > 0));

const updated: Make = inOrder(({ order, refund }) => (fields, context, said) => [
  ...(isLess(fields)
    ? orderChanged({ orderId: order.id, at, status: then(order.status, (status) => (status === 'NEW' ? undefined : status)), payment: order.payment, fulfilment: order.fulfilment, tracking })
    : orderUpdated(order, { at, tracking }))(fields, context, said),
  ...(said?.list('returns').length === 0 ? refund(fields, context) : []),
]);

const requested: Make = (said, context) => inOrder(({ requested: make }) => (order) => under('return', (back) => make(back, context, order))(said, context))(said, context);

/** A price for each currency: the account's, else the first. */
const priceIn = (variant: Fields, wanted: string | undefined): Fields | undefined => {
  const all = variant.list('prices');
  return all.find((one) => one.text('currency_code')?.toUpperCase() === wanted) ?? all[0];
};
const catalog: Make = (said, context) => under('product', forEach(each('variants'), (variant, own, product) => catalogUpdated({
  id: text('id'),
  sku: text('sku'),
  name: (one, scope) => [ofOuter(text('title'))(one, scope), text('title')(one, scope)].filter((word) => word !== undefined).join(' ') || undefined,
  category: ofOuter(text('categories.0.name')),
  categoryId: ofOuter(text('categories.0.id')),
  price: picked((one) => priceIn(one, own.account.currency), (said.integer('medusa_version') === 1 ? minorUnits : majorUnits).price('amount')),
  currency: picked((one) => priceIn(one, own.account.currency), currency('currency_code')),
  at: ofOuter(time('updated_at')),
})(variant, own, product)))(said, context);

/** What our subscriber posts → canonical events. */
export const toEvents = eventsOf({
  'order.created': inOrder(({ order }) => orderCreated(order)),
  'order.updated': updated,
  'return.requested': requested,
  'catalog.updated': catalog,
});
