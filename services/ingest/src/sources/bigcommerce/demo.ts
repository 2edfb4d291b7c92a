import { decimalText, type Demo, type DemoMessage, type DemoReturn, type DemoSale, type DemoState, type StandIn, type Telling } from '../demo.ts';

const rfc2822 = (ms: number): string => new Date(ms).toUTCString().replace('GMT', '+0000');
const money = (minor: number): string => `${decimalText(minor, 2)}00`;
const states = { CANCELLED: [5, 'Cancelled'], SHIPPED: [2, 'Shipped'], DELIVERED: [10, 'Completed'] } as const;
const unsent = { PAID: [11, 'Awaiting Fulfillment'], PENDING: [7, 'Awaiting Payment'], FAILED: [0, 'Incomplete'] } as const;

/** The order and what belongs to it, as the answers of several calls are joined. */
function orderText(sale: DemoSale, { fulfilment, payment, at }: DemoState, back?: DemoReturn): string {
  const { person, lines, currency } = sale;
  const [status_id, status] = back ? [14, 'Partially Refunded'] : fulfilment === 'UNFULFILLED' ? unsent[payment] : states[fulfilment];
  const sum = (of: (line: DemoSale['lines'][number]) => number): number => lines.reduce((all, line) => all + of(line), 0);
  const sent = fulfilment === 'SHIPPED' || fulfilment === 'DELIVERED';
  const address = person && {
    first_name: person.first, last_name: person.last, company: '', street_1: person.street, street_2: '', city: person.place.city, state: person.place.state, zip: person.place.postalCode,
    country_iso2: person.place.country, phone: person.phone, email: person.email,
  };
  const first = {
    id: Number(sale.id), customer_id: person ? Number(person.id.replace(/\D/g, '')) : 0, date_created: rfc2822(sale.placedAt), date_modified: rfc2822(at), date_shipped: '', status_id, status,
    subtotal_inc_tax: money(sum((line) => line.unit * line.quantity)), shipping_cost_inc_tax: money(sale.shipping), handling_cost_inc_tax: '0.0000', wrapping_cost_inc_tax: '0.0000',
    total_inc_tax: money(sale.total), total_tax: '0.0000', discount_amount: money(sum((line) => line.discount)), coupon_discount: '0.0000', items_total: sum((line) => line.quantity),
    items_shipped: sent ? sum((line) => line.quantity) : 0, payment_method: 'Credit Card', payment_provider_id: sale.paymentReference,
    payment_status: back ? 'partially refunded' : { PAID: 'captured', PENDING: 'authorized', FAILED: 'declined' }[payment], refunded_amount: '0.0000', currency_code: currency, default_currency_code: currency,
    customer_message: sale.comment ?? '', staff_notes: '', billing_address: address ?? {}, fees: [],
  };
  const products = lines.map(({ id, product, quantity, unit, discount, total }) => ({
    id: Number(`${sale.serial.slice(-9)}${id.padStart(3, '0')}`), order_id: Number(sale.id), product_id: Number(product.id.replace(/\D/g, '')), name: product.name, sku: product.sku, type: 'physical', quantity,
    price_inc_tax: money(unit), total_inc_tax: money(unit * quantity), total_tax: '0.0000', base_cost_price: money(product.costCents), discounted_total_inc_tax: money(total),
    applied_discounts: discount > 0 ? [{ id: 'coupon', amount: money(discount), name: 'Coupon', code: 'DEMO', target: 'product' }] : [],
  }));
  const shipments = sent && [{ id: 1, order_id: Number(sale.id), tracking_number: `DP${sale.id}`, shipping_provider: 'demopost', shipping_provider_display_name: 'Demo Post', tracking_link: `https://post.example.com/${sale.id}` }];
  const refunds = back && { data: [{
    id: Number(back.id), order_id: Number(sale.id), user_id: 1, created: new Date(back.at).toISOString(), reason: back.comment, total_amount: back.amount / 100, total_tax: 0,
    items: [{ item_type: 'PRODUCT', item_id: Number(`${sale.serial.slice(-9)}${back.line.id.padStart(3, '0')}`), quantity: back.line.quantity, requested_amount: back.amount / 100 }],
    payments: [{ id: 1, provider_id: 'custom', amount: back.amount / 100, offline: true, is_declined: false }],
  }], meta: {} };
  return JSON.stringify({ first, products, addresses: address ? [address] : [], ...(shipments && { shipments }), ...(refunds && { refunds }) });
}

function notice(scope: string, sale: DemoSale, state: DemoState, { delivery }: Telling, back?: DemoReturn): DemoMessage {
  const sent = state.fulfilment === 'SHIPPED' || state.fulfilment === 'DELIVERED';
  return {
    headers: { 'content-type': 'application/json', 'webhook-id': `whi_${delivery}` },
    body: JSON.stringify({ scope, store_id: '1025646', data: { type: 'order', id: Number(sale.id), ...(back && { refund: { refund_id: Number(back.id) } }) }, hash: delivery.padStart(40, '0'), created_at: state.at / 1000, producer: 'stores/demo1store' }),
    fetched: { id: sale.id, body: orderText(sale, state, back), makes: ['order.created', ...(sent ? ['order.updated' as const] : []), ...(back ? ['return.requested' as const] : [])] },
  };
}

const parts: Readonly<Record<string, string>> = { products: 'products', shipping_addresses: 'addresses', shipments: 'shipments', refunds: 'refunds' };

const standIn: StandIn = {
  item: /^\/stores\/[^/]+\/v[23]\/orders\/([^/?]+)/,
  answer(text, path) {
    const joined = JSON.parse(text) as Readonly<Record<string, unknown>>;
    const part = parts[/\/orders\/[^/?]+(?:\/payment_actions)?\/([^/?]+)/.exec(path)?.[1] ?? ''];
    return JSON.stringify(joined[part ?? 'first'] ?? null);
  },
};

export const demo: Demo = {
  standIn,
  currencies: ['USD', 'AUD'],
  without: ['tax'],
  tells: ['PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  ordered: (sale, state, telling) => notice('store/order/created', sale, state, telling),
  changed: (sale, state, telling) => notice('store/order/statusUpdated', sale, state, telling),
  returned: (sale, back, telling) => notice('store/order/refund/created', sale, { payment: 'PAID', fulfilment: 'DELIVERED', at: back.at, version: 9 }, telling, back),
  pinged: ({ delivery }) => ({
    headers: { 'content-type': 'application/json', 'webhook-id': `whi_${delivery}` },
    body: JSON.stringify({ scope: 'store/cart/created', store_id: '1025646', data: { type: 'cart', id: delivery }, hash: delivery, created_at: 1_795_000_000, producer: 'stores/demo1store' }),
  }),
};
