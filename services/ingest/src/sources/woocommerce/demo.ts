import { decimalText, type Demo, type DemoMessage, type DemoSale, type DemoState, type Telling } from '../demo.ts';

/** Times in UTC without a zone, as the `_gmt` fields have them. */
const gmt = (ms: number): string => new Date(ms).toISOString().slice(0, 19);

const digits = (id: string): number => Number(id.replace(/\D/g, ''));

const headers = (topic: string, { delivery, account }: Telling) => ({
  'content-type': 'application/json', 'x-wc-webhook-topic': topic, 'x-wc-webhook-delivery-id': delivery, 'x-wc-webhook-source': `https://${account}.example.com/`,
});

const statusOf = ({ payment, fulfilment }: DemoState): string =>
  fulfilment === 'CANCELLED' ? 'cancelled' : payment === 'FAILED' ? 'failed' : payment === 'PENDING' ? 'pending' : fulfilment === 'UNFULFILLED' ? 'processing' : 'completed';

/** The order as its webhooks carry it (https://woocommerce.github.io/woocommerce-rest-api-docs/#order-properties). */
function orderOf(sale: DemoSale, state: DemoState) {
  const { person, currency } = sale;
  const text = (minor: number): string => decimalText(minor, currency === 'JPY' ? 0 : 2);
  const address = { first_name: person?.first ?? '', last_name: person?.last ?? '', company: '', address_1: person?.street ?? '', address_2: '', city: person?.place.city ?? '', state: person?.place.state ?? '', postcode: person?.place.postalCode ?? '', country: person?.place.country ?? '' };
  return {
    id: Number(sale.id), number: sale.number.slice(1), status: statusOf(state), currency,
    date_created_gmt: gmt(sale.placedAt), date_modified_gmt: gmt(state.at), date_paid_gmt: state.payment === 'PAID' ? gmt(state.at) : null,
    discount_total: text(sale.lines.reduce((sum, line) => sum + line.discount, 0)), shipping_total: text(sale.shipping), total_tax: text(sale.tax), total: text(sale.total),
    customer_id: person ? digits(person.id) : 0, customer_note: sale.comment ?? '',
    billing: { ...address, email: person?.email ?? '', phone: person?.phone ?? '' }, shipping: { ...address, phone: person?.phone ?? '' },
    payment_method: sale.paidThrough ?? 'bacs', transaction_id: sale.paidThrough === undefined ? '' : sale.paymentReference,
    line_items: sale.lines.map((line) => ({
      id: Number(sale.id) + Number(line.id), name: line.product.name, product_id: digits(line.product.id), variation_id: 0, sku: line.product.sku, quantity: line.quantity,
      subtotal: text(line.unit * line.quantity), total: text(line.total), total_tax: text(0), price: line.total / line.quantity / (currency === 'JPY' ? 1 : 100),
    })),
    refunds: [] as { id: number; reason: string; total: string }[],
  };
}

const message = (topic: string, payload: unknown, telling: Telling, more: Partial<DemoMessage> = {}): DemoMessage => ({ headers: headers(topic, telling), body: JSON.stringify(payload), ...more });

export const demo: Demo = {
  currencies: ['EUR', 'USD', 'JPY'],
  tells: ['PAID', 'SHIPPED', 'CANCELLED'],
  ordered: (sale, state, telling) => message('order.created', orderOf(sale, state), telling),
  changed: (sale, state, telling) => message('order.updated', orderOf(sale, state), telling),
  // the order again, with the refund in it
  returned: (sale, back, telling) => message('order.updated', {
    ...orderOf(sale, { payment: 'PAID', fulfilment: 'SHIPPED', at: back.at, version: 9 }),
    refunds: [{ id: Number(back.id), reason: back.comment, total: `-${decimalText(back.amount, sale.currency === 'JPY' ? 0 : 2)}` }],
  }, telling, { makes: ['order.updated', 'return.requested'] }),
  catalogued: (product, at, _currency, telling) => message('product.updated', {
    id: digits(product.id), name: product.name, sku: product.sku, date_created_gmt: gmt(at), date_modified_gmt: gmt(at), price: decimalText(product.cents, 2),
    categories: [{ id: digits(product.categoryId), name: product.category, slug: product.category.toLowerCase() }],
    cost_of_goods_sold: { values: [{ defined_value: product.costCents / 100 }], total_value: product.costCents / 100 }, stock_quantity: null,
  }, telling, { of: String(digits(product.id)) }),
  counted: (product, quantity, at, telling) => message('product.updated', {
    id: digits(product.id), name: product.name, sku: product.sku, date_created_gmt: gmt(at), date_modified_gmt: gmt(at), price: decimalText(product.cents, 2), categories: [], stock_quantity: quantity,
  }, telling, { of: String(digits(product.id)), makes: ['catalog.updated', 'inventory.counted'] }),
  pinged: (telling) => message('coupon.created', { id: 1 }, telling),
};
