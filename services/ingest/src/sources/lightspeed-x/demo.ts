import { exponentOf } from '../../convert/index.ts';
import type { Demo, DemoMessage, DemoReturn, DemoSale, DemoState, Telling } from '../demo.ts';

/** As API 1.0 writes times. */
const at = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

const sent = (payload: unknown, { account }: Telling, more: Partial<DemoMessage> = {}): DemoMessage => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({ domain_prefix: account, environment: 'prod', payload: JSON.stringify(payload) }).toString(),
  ...more,
});

const statusOf = ({ payment, fulfilment }: DemoState): string =>
  fulfilment === 'CANCELLED' ? 'VOIDED' : fulfilment === 'DELIVERED' ? 'CLOSED' : fulfilment === 'SHIPPED' ? 'DISPATCHED_CLOSED' : payment === 'PAID' ? 'AWAITING_DISPATCH' : 'LAYBY';

function saleOf({ lines, ...sale }: DemoSale, state: DemoState, back?: DemoReturn) {
  const units = 10 ** exponentOf(sale.currency);
  const major = (minor: number): number => minor / units;
  const sign = back ? -1 : 1;
  const shown = back ? [back.line] : lines;
  const net = back ? -back.amount : sale.total - sale.tax;
  const tax = back ? 0 : sale.tax;
  const { person } = sale;
  return {
    source: 'USER', id: back?.id ?? sale.id, register_id: 'demo-register', market_id: '3', customer_id: person?.id ?? 'demo-walkin',
    customer: person ? {
      id: person.id, name: `${person.first} ${person.last}`, customer_code: `${person.first}-${person.id}`, first_name: person.first, last_name: person.last, email: person.email, mobile: person.phone,
      date_of_birth: person.dateOfBirth, physical_address1: person.street, physical_city: person.place.city, physical_state: person.place.state, physical_postcode: person.place.postalCode, physical_country_id: person.place.country,
    } : { id: 'demo-walkin', name: ' ', customer_code: 'WALKIN', first_name: '', last_name: '' },
    sale_date: at(back?.at ?? sale.placedAt), created_at: at(back?.at ?? sale.placedAt), updated_at: at(back?.at ?? state.at),
    total_price: major(net), total_tax: major(tax), note: back?.comment ?? sale.comment ?? '', status: back ? 'CLOSED' : statusOf(state), short_code: 'demo01',
    invoice_number: back ? `R${back.id}` : sale.number.slice(1), return_for: back ? sale.id : '',
    register_sale_products: shown.map((line) => ({
      id: `${back?.id ?? sale.id}-${line.id}`, product_id: line.product.id, register_id: 'demo-register', sequence: String(Number(line.id) - 1), sku: line.product.sku, name: line.product.name,
      // after the discount, whose share of one unit may be finer than a cent
      quantity: sign * line.quantity, price: Number((line.total / line.quantity / units).toFixed(5)), discount: Number((line.discount / line.quantity / units).toFixed(5)),
      cost: line.product.costCents / 100, tax: 0, tax_total: 0, price_total: sign * major(line.total), status: 'CONFIRMED', attributes: [{ name: 'line_note', value: '' }],
    })),
    totals: { total_tax: major(tax), total_price: major(net), total_payment: state.payment === 'PAID' ? major(net + tax) : 0, total_to_pay: state.payment === 'PAID' ? 0 : major(net + tax) },
    register_sale_payments: state.payment === 'PAID' ? [{ id: sale.paymentReference, payment_type_id: '1', register_id: 'demo-register', name: 'Cash', label: 'Cash', payment_date: at(back?.at ?? state.at), amount: major(net + tax) }] : [],
    taxes: [],
  };
}

export const demo: Demo = {
  currencies: ['USD', 'NZD', 'GBP'],
  // postage is a product like any other
  without: ['shipping'],
  tells: ['PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  ordered: (sale, state, telling) => sent(saleOf(sale, state), telling),
  // a change is the sale again
  changed: (sale, state, telling) => sent(saleOf(sale, state), telling, { makes: ['order.created'] }),
  returned: (sale, back, telling) => sent(saleOf(sale, { payment: 'PAID', fulfilment: 'DELIVERED', at: back.at, version: 9 }, back), telling),
  catalogued: (product, when, _currency, telling) => sent({
    active: true, base_name: product.name, brand: { id: product.seller, name: product.seller }, categories: [], handle: product.id, id: product.id, inventory: [], name: product.name,
    price_book_entries: [{ id: `pb-${product.id}`, customer_group_name: 'All Customers', price: String(product.cents / 100), product_id: product.id, type: 'BASE' }],
    product_type: { id: product.categoryId, name: product.category }, sku: product.sku, supply_price: String(product.costCents / 100), updated_at: at(when),
  }, telling),
  counted: (product, quantity, _at, telling) => sent({
    id: `${product.id}-demo-outlet-${telling.delivery}`, product_id: product.id, outlet_id: 'demo-outlet', attributed_cost: '0', count: quantity, reorder_point: '0', restock_level: '0',
  }, telling),
  pinged: (telling) => sent({ id: 'demo-walkin', customer_code: 'WALKIN', name: ' ' }, telling),
};
