import {
  always, catalogUpdated, country, currency, decimal, difference, each, eventsOf, first, forEach, inventoryCounted, joined, known, major, ofOuter,
  orderCreated, orderUpdated, returnRequested, text, then, time, together, whole, word, type OrderMap,
} from '../../map/index.ts';

/** Fields `…_gmt` are written without a zone. */
const utc = (...paths: readonly string[]) => time(paths, 'utc');

/** Ids of the usual gateways' plugins, by the provider whose payments they are. */
const gateways = { stripe: 'stripe', paypal: 'paypal', ppcp: 'paypal', square: 'square', adyen: 'adyen', razorpay: 'razorpay', mollie: 'mollie', klarna: 'klarna', kco: 'klarna' };
const providerOf = (gateway: string): string | undefined => Object.entries(gateways).find(([word]) => gateway.toLowerCase().includes(word))?.[1];

/** https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties */
const order: OrderMap = {
  id: text('id'),
  number: text('number'),
  placedAt: utc('date_created_gmt'),
  version: utc('date_modified_gmt'),
  status: word('status', {
    'checkout-draft': 'NEW', 'pending': 'NEW', 'on-hold': 'NEW', 'processing': 'PROCESSING', 'completed': 'COMPLETED', 'refunded': 'COMPLETED',
    'cancelled': 'CANCELLED', 'failed': 'CANCELLED', 'trash': 'CANCELLED',
  }, 'UNKNOWN'),
  currency: currency('currency'),
  total: major('total'),
  discount: major('discount_total'),
  tax: major('total_tax'),
  shipping: major('shipping_total'),
  payment: {
    status: first(
      known('status', { refunded: 'REFUNDED', failed: 'FAILED' }),
      then(utc('date_paid_gmt'), () => 'PAID'),
      word('status', { 'processing': 'PAID', 'completed': 'PAID', 'checkout-draft': 'PENDING', 'pending': 'PENDING', 'on-hold': 'PENDING', 'cancelled': 'VOIDED' }, 'UNKNOWN'),
    ),
    method: text('payment_method'),
    provider: then(text('payment_method'), providerOf),
    reference: text('transaction_id'),
  },
  // it keeps no parcels: a completed order is one whose goods have left the shop
  fulfilment: { status: word('status', { completed: 'SHIPPED', cancelled: 'CANCELLED' }, 'UNFULFILLED') },
  customer: {
    id: then(text('customer_id'), (id) => (id === '0' ? undefined : id)), // 0: a guest
    name: first(joined('billing.first_name', 'billing.last_name'), joined('shipping.first_name', 'shipping.last_name')),
    email: text('billing.email'),
    phone: text('shipping.phone', 'billing.phone'),
    line: first(joined('shipping.address_1', 'shipping.address_2'), joined('billing.address_1', 'billing.address_2')),
    city: text('shipping.city', 'billing.city'),
    state: text('shipping.state', 'billing.state'),
    postalCode: text('shipping.postcode', 'billing.postcode'),
    country: country('shipping.country', 'billing.country'),
  },
  lines: {
    of: each('line_items'),
    // `subtotal` is the line before discounts, `total` after them; `price` is rounded and of after
    map: {
      id: text('id'), productId: text('product_id'), sku: text('sku'), name: text('name'), quantity: decimal('quantity'),
      discount: difference(major('subtotal'), major('total')), tax: major('total_tax'), total: major('total'),
    },
  },
  comment: text('customer_note'),
};

/** An order lists its refunds, with negative amounts, and without their lines or times. */
const refunds = forEach(each('refunds'), returnRequested({
  id: text('id'),
  orderId: ofOuter(text('id')),
  requestedAt: ofOuter(utc('date_modified_gmt', 'date_created_gmt')),
  // a refund is what it is: the order's later changes say nothing new of it
  version: always(1),
  decided: always('APPROVED'),
  comment: text('reason'),
  currency: ofOuter(currency('currency')),
  amount: then(major('total', 'amount'), (amount) => Math.abs(amount)),
}));

const at = utc('date_modified_gmt', 'date_created_gmt');

const product = catalogUpdated({
  id: text('id'),
  sku: text('sku'),
  name: text('name'),
  category: text('categories.0.name'),
  categoryId: text('categories.0.id'),
  price: decimal('price', 'regular_price'),
  unitCost: decimal('cost_of_goods_sold.total_value'),
  at,
});
const stock = inventoryCounted({ productId: text('id'), quantity: whole('stock_quantity'), at });

/** A webhook's payload → canonical events. */
export const toEvents = eventsOf({
  'order.created': orderCreated(order),
  'order.updated': together(orderUpdated(order, { at }), refunds),
  'catalog.updated': together(product, stock),
});
