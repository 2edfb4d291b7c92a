import { decimalText, type Demo, type DemoMessage, type DemoSale, type DemoState, type Telling } from '../demo.ts';

/** UTC, without a zone. */
const utc = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');
const digits = (id: string): number => Number(id.replace(/\D/g, ''));

const message = (event: string, value: object, at: number, { delivery }: Telling): DemoMessage => ({
  headers: { 'content-type': 'application/json', 'x-adobe-public-key1-path': '/prod/keys/pub-key-demo1.pem', 'x-adobe-public-key2-path': '/prod/keys/pub-key-demo2.pem' },
  body: JSON.stringify({
    specversion: '1.0', id: `ce-${delivery}`, source: 'urn:uuid:9dd02f4d-0000-4000-8000-ac43af7ae821', type: `com.adobe.commerce.observer.${event}`, datacontenttype: 'application/json',
    time: new Date(at).toISOString(), event_id: `evt-${delivery}`, data: { key: `key-${delivery}`, source: 'demo.demo', value },
  }),
});

const stateOf = ({ payment, fulfilment }: DemoState): string =>
  fulfilment === 'CANCELLED' ? 'canceled' : fulfilment === 'UNFULFILLED' ? (payment === 'PAID' ? 'processing' : 'new') : 'complete';

/** The order as it is saved, prices without taxes. */
function orderOf(sale: DemoSale, state: DemoState) {
  const { person, currency } = sale;
  const text = (minor: number): string => decimalText(minor, currency === 'JPY' ? 0 : 2);
  const address = person && { firstname: person.first, lastname: person.last, street: person.street, city: person.place.city, region_code: person.place.state, postcode: person.place.postalCode, country_id: person.place.country, telephone: person.phone };
  const sent = state.fulfilment === 'SHIPPED';
  return {
    entity_id: sale.id, increment_id: sale.number.slice(1), state: stateOf(state), status: stateOf(state), created_at: utc(sale.placedAt), updated_at: utc(state.at),
    order_currency_code: currency, base_currency_code: 'USD', grand_total: text(sale.total), subtotal: text(sale.lines.reduce((sum, line) => sum + line.unit * line.quantity, 0)),
    discount_amount: text(-sale.lines.reduce((sum, line) => sum + line.discount, 0)), tax_amount: text(sale.tax), shipping_amount: text(sale.shipping), total_paid: state.payment === 'PAID' ? text(sale.total) : null,
    customer_is_guest: person ? 0 : 1, ...(person && { customer_id: digits(person.id), customer_email: person.email, customer_firstname: person.first, customer_lastname: person.last }),
    customer_note: sale.comment ?? null, payment: { method: sale.paidThrough ?? 'checkmo', last_trans_id: sale.paidThrough === undefined ? null : sale.paymentReference },
    addresses: address ? [{ address_type: 'billing', ...address }, { address_type: 'shipping', ...address }] : [],
    items: sale.lines.map((line) => ({
      item_id: digits(line.id), product_id: digits(line.product.id), product_type: 'simple', sku: line.product.sku, name: line.product.name, qty_ordered: line.quantity, qty_shipped: sent ? line.quantity : 0,
      price: text(line.unit), row_total: text(line.unit * line.quantity), discount_amount: text(line.discount), tax_amount: '0', base_cost: decimalText(line.product.costCents, 2), is_virtual: 0,
    })),
    tracking_numbers: sent ? [`DP${sale.serial}`] : [],
  };
}

const saved = (sale: DemoSale, state: DemoState, telling: Telling): DemoMessage =>
  ({ ...message('sales_order_save_commit_after', orderOf(sale, state), state.at, telling), makes: state.fulfilment === 'SHIPPED' ? ['order.created', 'order.updated'] : ['order.created'] });

export const demo: Demo = {
  standIn: { keys: /^\/prod\/keys\/pub-key-demo[12]\.pem$/ },
  currencies: ['USD', 'EUR', 'JPY'],
  tells: ['PAID', 'SHIPPED', 'CANCELLED'],
  ordered: saved,
  changed: saved,
  returned: (sale, back, telling) => message('sales_order_creditmemo_save_commit_after', {
    entity_id: back.id, order_id: sale.id, state: 2, created_at: utc(back.at), updated_at: utc(back.at), order_currency_code: sale.currency, grand_total: decimalText(back.amount, sale.currency === 'JPY' ? 0 : 2),
    items: [{ order_item_id: digits(back.line.id), product_id: digits(back.line.product.id), sku: back.line.product.sku, name: back.line.product.name, qty: back.line.quantity, row_total: decimalText(back.amount, sale.currency === 'JPY' ? 0 : 2) }],
    comments: [{ comment: `${back.reason}: ${back.comment}` }],
  }, back.at, telling),
  pinged: (telling) => message('customer_save_commit_after', { id: 1 }, Date.UTC(2026, 10, 22), telling),
};
