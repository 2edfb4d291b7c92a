import { decimalText, type Demo, type DemoMessage, type DemoProduct, type DemoReturn, type DemoSale, type DemoState, type Telling } from '../demo.ts';

/** JPY has no minor unit, KWD one of three digits. */
const digitsOf = (currency: string): number => (currency === 'JPY' ? 0 : currency === 'KWD' ? 3 : 2);

const withOffset = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, '+00:00');
const money = (amount: string, currency: string) => ({ shop_money: { amount, currency_code: currency }, presentment_money: { amount, currency_code: currency } });

function addressOf(sale: DemoSale) {
  const { person } = sale;
  if (!person) return null;
  return {
    first_name: person.first, last_name: person.last, name: `${person.first} ${person.last}`, address1: person.street, address2: null,
    city: person.place.city, province: person.place.state, province_code: person.place.state, zip: person.place.postalCode,
    country: person.place.country, country_code: person.place.country, phone: person.phone, latitude: person.latitude, longitude: person.longitude,
  };
}

const productId = ({ id }: DemoProduct): number => 8_000_000 + Number(id.slice(2));
const lineId = (sale: DemoSale, line: DemoSale['lines'][number]): number => Number(sale.id) + Number(line.id);

/** The order as Shopify's order webhooks carry it (shape of API 2023-01 and later). */
function snapshot(sale: DemoSale, { payment, fulfilment, at }: DemoState) {
  const { currency, person } = sale;
  const text = (minor: number): string => decimalText(minor, digitsOf(currency));
  const cancelled = fulfilment === 'CANCELLED';
  const sent = fulfilment === 'SHIPPED' || fulfilment === 'DELIVERED' ? 'fulfilled' : null;
  const goods = sale.lines.reduce((sum, { total }) => sum + total, 0);
  const discount = sale.lines.reduce((sum, line) => sum + line.discount, 0);
  return {
    id: Number(sale.id),
    admin_graphql_api_id: `gid://shopify/Order/${sale.id}`,
    name: sale.number,
    order_number: Number(sale.number.slice(1)),
    created_at: withOffset(sale.placedAt),
    processed_at: withOffset(sale.placedAt),
    updated_at: withOffset(at),
    cancelled_at: cancelled ? withOffset(at) : null,
    cancel_reason: cancelled ? 'customer' : null,
    currency,
    presentment_currency: currency,
    financial_status: payment === 'PAID' ? 'paid' : 'pending',
    fulfillment_status: sent,
    test: false,
    confirmed: true,
    taxes_included: false,
    total_line_items_price: text(goods + discount),
    total_discounts: text(discount),
    subtotal_price: text(goods),
    total_tax: text(sale.tax),
    total_price: text(sale.total),
    total_price_set: money(text(sale.total), currency),
    total_shipping_price_set: money(text(sale.shipping), currency),
    current_total_price: text(sale.total),
    current_subtotal_price: text(goods),
    current_total_discounts: text(discount),
    current_total_tax: text(sale.tax),
    email: person?.email ?? '',
    contact_email: person?.email ?? null,
    phone: person?.phone ?? null,
    note: sale.comment ?? null,
    note_attributes: [{ name: 'payment_reference', value: sale.paymentReference }],
    payment_gateway_names: [sale.paidThrough ?? 'manual'],
    customer: person
      ? { id: Number(person.id.slice(2)) + 7_000_000_000, email: person.email, first_name: person.first, last_name: person.last, phone: person.phone, created_at: person.joinedAt }
      : null,
    billing_address: addressOf(sale),
    shipping_address: addressOf(sale),
    shipping_lines: sale.shipping > 0 ? [{ id: Number(sale.id) + 90, title: 'Standard', code: 'standard', price: text(sale.shipping), discounted_price: text(sale.shipping) }] : [],
    tax_lines: sale.tax > 0 ? [{ price: text(sale.tax), rate: 0.0825, title: 'Sales tax' }] : [],
    line_items: sale.lines.map((line) => ({
      id: lineId(sale, line),
      product_id: productId(line.product),
      variant_id: 1_000_000 + productId(line.product),
      sku: line.product.sku,
      title: line.product.name,
      name: line.product.name,
      vendor: line.product.seller,
      quantity: line.quantity,
      current_quantity: line.quantity,
      price: text(line.unit),
      price_set: money(text(line.unit), currency),
      total_discount: text(line.discount),
      discount_allocations: line.discount > 0 ? [{ amount: text(line.discount), amount_set: money(text(line.discount), currency), discount_application_index: 0 }] : [],
      tax_lines: [],
      gift_card: false,
      requires_shipping: true,
      taxable: true,
      fulfillment_status: sent,
    })),
    fulfillments: [],
    refunds: [],
  };
}

const message = (topic: string, payload: unknown, { delivery, account }: Telling): DemoMessage => ({
  headers: {
    'content-type': 'application/json', 'x-shopify-webhook-id': delivery, 'x-shopify-topic': topic, 'x-shopify-shop-domain': `${account}.example.com`, 'x-shopify-api-version': '2025-10',
  },
  body: JSON.stringify(payload),
});

/** A line is refunded, whole: what the shop has already paid back. */
function refund(sale: DemoSale, { id: digits, at, line, amount: minor, comment }: DemoReturn) {
  const id = Number(digits);
  const amount = decimalText(minor, digitsOf(sale.currency));
  return {
    id,
    order_id: Number(sale.id),
    created_at: withOffset(at),
    processed_at: withOffset(at),
    note: comment,
    restock: true,
    order_adjustments: [],
    refund_line_items: [{
      id: id + 1, line_item_id: lineId(sale, line), quantity: line.quantity, subtotal: Number(amount), subtotal_set: money(amount, sale.currency), total_tax: 0,
      line_item: { id: lineId(sale, line), title: line.product.name, name: line.product.name, sku: line.product.sku, quantity: line.quantity, price: decimalText(line.unit, digitsOf(sale.currency)), product_id: productId(line.product), gift_card: false },
    }],
    transactions: [{ id: id + 2, order_id: Number(sale.id), kind: 'refund', status: 'success', amount, currency: sale.currency, gateway: sale.paidThrough ?? 'manual', created_at: withOffset(at) }],
  };
}

/** The parcel has arrived. */
const parcel = (sale: DemoSale, at: number) => ({
  id: Number(sale.id) + 70, order_id: Number(sale.id), status: 'success', shipment_status: 'delivered', created_at: withOffset(at), updated_at: withOffset(at),
  tracking_company: 'Demo Post', tracking_numbers: [`DP${sale.serial}`], tracking_urls: [`https://post.example.com/${sale.serial}`],
  line_items: sale.lines.map((line) => ({ id: lineId(sale, line), quantity: line.quantity })),
});

const topicOf = ({ fulfilment }: DemoState): string =>
  fulfilment === 'CANCELLED' ? 'orders/cancelled' : fulfilment === 'UNFULFILLED' ? 'orders/paid' : 'orders/fulfilled';

export const demo: Demo = {
  currencies: ['USD', 'GBP'],
  tells: ['PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  ordered: (sale, state, telling) => message('orders/create', snapshot(sale, state), telling),
  changed: (sale, state, telling) => state.fulfilment === 'DELIVERED'
    ? message('fulfillments/update', parcel(sale, state.at), telling)
    : message(topicOf(state), snapshot(sale, state), telling),
  returned: (sale, back, telling) => message('refunds/create', refund(sale, back), telling),
  catalogued: (product, at, _currency, telling) => ({ of: String(productId(product)), ...message('products/update', {
    id: productId(product), title: product.name, vendor: product.seller, product_type: product.category, status: 'active', created_at: withOffset(at), updated_at: withOffset(at),
    variants: [{ id: 1_000_000 + productId(product), product_id: productId(product), title: 'Default Title', sku: product.sku, price: decimalText(product.cents, 2), inventory_item_id: 2_000_000 + productId(product) }],
  }, telling) }),
  counted: (product, quantity, at, telling) => ({ of: String(2_000_000 + productId(product)), ...message('inventory_levels/update', {
    inventory_item_id: 2_000_000 + productId(product), location_id: 655_441_491, available: quantity, updated_at: withOffset(at),
  }, telling) }),
  pinged: (telling) => message('app/uninstalled', { id: 1 }, telling),
};
