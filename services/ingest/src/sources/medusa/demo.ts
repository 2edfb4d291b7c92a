import { decimalText, type Demo, type DemoMessage, type DemoSale, type DemoState, type Telling } from '../demo.ts';

const time = (ms: number): string => new Date(ms).toISOString();

const payments = { PAID: 'captured', PENDING: 'awaiting', FAILED: 'canceled' };
const fulfilments = { UNFULFILLED: 'not_fulfilled', SHIPPED: 'shipped', DELIVERED: 'delivered', CANCELLED: 'canceled' };

/** The order as our subscriber reads it from a Medusa v2. */
function orderOf(sale: DemoSale, { payment, fulfilment, at }: DemoState) {
  const { person, currency } = sale;
  const amount = (minor: number): number => Number(decimalText(minor, currency === 'JPY' ? 0 : 2));
  const address = person && {
    first_name: person.first, last_name: person.last, phone: person.phone, address_1: person.street, address_2: null, city: person.place.city, province: person.place.state,
    postal_code: person.place.postalCode, country_code: person.place.country.toLowerCase(),
  };
  return {
    id: sale.id, display_id: Number(sale.number.replace(/\D/g, '')), status: fulfilment === 'CANCELLED' ? 'canceled' : fulfilment === 'DELIVERED' ? 'completed' : 'pending', email: person?.email ?? null,
    customer_id: person ? `cus_${person.id}` : null, currency_code: currency.toLowerCase(), metadata: sale.comment === undefined ? null : { customer_note: sale.comment }, created_at: time(sale.placedAt), updated_at: time(at),
    total: amount(sale.total), tax_total: amount(sale.tax), discount_total: amount(sale.lines.reduce((sum, line) => sum + line.discount, 0)), shipping_subtotal: amount(sale.shipping),
    customer: person ? { id: `cus_${person.id}`, first_name: person.first, last_name: person.last, phone: person.phone, created_at: person.joinedAt } : null, shipping_address: address ?? null, billing_address: null,
    payment_status: payments[payment], fulfillment_status: fulfilments[fulfilment], fulfillments: [] as unknown[],
    payment_collections: [{ id: `pay_col_${sale.serial}`, payments: [{ id: `pay_${sale.serial}`, provider_id: sale.paidThrough === undefined ? 'pp_system_default' : `pp_${sale.paidThrough}_${sale.paidThrough}`, data: sale.paidThrough === undefined ? {} : { id: sale.paymentReference }, refunds: [] as unknown[] }] }],
    items: sale.lines.map((line) => ({
      id: `ordli_${sale.serial}${line.id}`, title: line.product.name, variant_title: null, product_id: `prod_${line.product.id}`, variant_id: `variant_${line.product.id}`, variant_sku: line.product.sku, product_type: line.product.category,
      quantity: line.quantity, unit_price: amount(line.unit), is_tax_inclusive: false, is_giftcard: false, subtotal: amount(line.unit * line.quantity), total: amount(line.total), tax_total: 0,
      detail: { return_received_quantity: 0, return_dismissed_quantity: 0 },
    })),
  };
}

const message = (event: string, at: number, payload: object, { delivery }: Telling, more: Partial<DemoMessage> = {}): DemoMessage => ({
  headers: { 'content-type': 'application/json', 'webhook-id': `msg_${delivery}` }, body: JSON.stringify({ event, medusa_version: 2, occurred_at: time(at), ...payload }), ...more,
});

const eventOf = ({ payment, fulfilment }: DemoState): string =>
  fulfilment === 'CANCELLED' ? 'order.canceled' : fulfilment === 'DELIVERED' ? 'delivery.created' : fulfilment === 'SHIPPED' ? 'shipment.created' : payment === 'PAID' ? 'payment.captured' : 'order.updated';

export const demo: Demo = {
  currencies: ['EUR', 'USD', 'JPY'],
  without: ['pending'], // a payment that fails makes no order
  orderId: (serial) => `order_01DEMO${serial}`,
  tells: ['PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  ordered: (sale, state, telling) => message('order.placed', state.at, { order: orderOf(sale, state), returns: [] }, telling),
  changed: (sale, state, telling) => message(eventOf(state), state.at, { order: orderOf(sale, state), returns: [] }, telling),
  returned: (sale, back, telling) => {
    const id = `return_${back.id}`;
    const items = [{ id: `retitem_${back.id}`, item_id: `ordli_${sale.serial}${back.line.id}`, quantity: back.line.quantity, note: back.comment, reason: { label: back.reason, value: back.reason } }];
    const made = { id, order_id: sale.id, status: 'requested', refund_amount: Number(decimalText(back.amount, sale.currency === 'JPY' ? 0 : 2)), created_at: time(back.at), items };
    const order = orderOf(sale, { payment: 'PAID', fulfilment: 'DELIVERED', at: back.at, version: 9 });
    return message('order.return_requested', back.at, { order, returns: [{ id }], return: made }, telling, { of: id });
  },
  catalogued: (product, at, currency, telling) => message('product.updated', at, {
    product: {
      id: `prod_${product.id}`, title: product.name, updated_at: time(at), categories: [{ id: `pcat_${product.categoryId}`, name: product.category }],
      variants: [{ id: `variant_${product.id}`, sku: product.sku, title: '', prices: [{ amount: product.cents / 100, currency_code: currency.toLowerCase() }] }],
    },
  }, telling, { of: `variant_${product.id}` }),
  pinged: (telling) => message('ping', 0, {}, telling),
};
