import { decimalText, type Demo, type DemoMessage, type DemoSale, type DemoState, type Telling } from '../demo.ts';

const time = (ms: number): string => new Date(ms).toISOString();
const digitsOf = (currency: string): number => (currency === 'JPY' ? 0 : 2);

/** An alert, and what stands at the address that it leads to. */
const message = (object_type: string, event_type: string, resource: { readonly id: string }, at: number, { delivery }: Telling, more: Partial<DemoMessage> = {}): DemoMessage => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ id: resource.id, object_type, site_id: 'demo', event_type, event_time: time(at), ...(object_type === 'item' ? { uuid: delivery.padStart(32, '0') } : { invoice_number: 1000 }) }),
  of: resource.id,
  fetched: { id: resource.id, body: JSON.stringify(resource) },
  ...more,
});

const stateOf = ({ payment, fulfilment }: DemoState): string => (fulfilment === 'CANCELLED' ? 'voided' : payment === 'PAID' ? 'paid' : payment === 'FAILED' ? 'failed' : 'pending');

const accountOf = ({ person, serial }: DemoSale) =>
  ({ id: `acc${person?.id ?? serial}`, object: 'account', code: person?.id ?? `guest-${serial}`, email: person?.email ?? null, first_name: person?.first ?? null, last_name: person?.last ?? null });

/** https://recurly.com/developers/api/v2021-02-25/#resource/invoices */
function invoiceOf(sale: DemoSale, state: DemoState) {
  const { person, currency } = sale;
  const amount = (minor: number): number => Number(decimalText(minor, digitsOf(currency)));
  const sum = (of: (line: DemoSale['lines'][number]) => number): number => amount(sale.lines.reduce((total, line) => total + of(line), 0));
  const address = person && { first_name: person.first, last_name: person.last, phone: person.phone, street1: person.street, street2: null, city: person.place.city, region: person.place.state, postal_code: person.place.postalCode, country: person.place.country };
  return {
    id: sale.id, object: 'invoice', type: 'charge', origin: 'purchase', state: stateOf(state), account: accountOf(sale), address: address ?? null, shipping_address: null, previous_invoice_id: null, number: sale.number.slice(1),
    currency, total: amount(sale.total), subtotal: sum((line) => line.unit * line.quantity), discount: sum((line) => line.discount), tax: amount(sale.tax), refundable_amount: amount(sale.total), has_more_line_items: false,
    line_items: sale.lines.map((line) => ({
      id: `li${sale.serial}${line.id}`, object: 'line_item', type: 'charge', item_code: line.product.id, external_sku: line.product.sku, description: line.product.name, quantity: line.quantity, quantity_decimal: null,
      unit_amount: amount(line.unit), subtotal: amount(line.unit * line.quantity), discount: amount(line.discount), tax: 0,
    })),
    transactions: state.payment === 'PAID' ? [{ id: `t${sale.serial}`, type: 'purchase', status: 'success', success: true, refunded: false, payment_method: { object: 'credit_card' }, payment_gateway: { type: sale.paidThrough ?? 'bogus' }, gateway_reference: sale.paymentReference }] : [],
    created_at: time(sale.placedAt), updated_at: time(state.at),
  };
}

export const demo: Demo = {
  standIn: { item: /^\/(?:invoices|items)\/([^/?]+)$/ },
  currencies: ['USD', 'EUR', 'JPY'],
  without: ['shipping', 'comment'],
  orderId: (serial) => `inv${serial}`,
  tells: ['PAID', 'CANCELLED'],
  ordered: (sale, state, telling) => message('charge_invoice', 'created', invoiceOf(sale, state), state.at, telling),
  // whether an order is new, the store knows
  changed: (sale, state, telling) => {
    const told = message('charge_invoice', state.payment === 'PAID' ? 'paid' : 'updated', invoiceOf(sale, state), state.at, telling);
    return { ...told, ...(told.fetched && { fetched: { ...told.fetched, makes: ['order.created'] } }) };
  },
  returned: (sale, back, telling) => {
    const amount = Number(decimalText(-back.amount, digitsOf(sale.currency)));
    return message('credit_invoice', 'created', {
      id: `cre${back.id}`, object: 'invoice', type: 'credit', origin: 'refund', state: 'closed', account: accountOf(sale), previous_invoice_id: sale.id, currency: sale.currency, total: amount, subtotal: amount, discount: 0, tax: 0,
      line_items: [{
        id: `li${back.id}`, object: 'line_item', type: 'credit', item_code: back.line.product.id, external_sku: back.line.product.sku, description: back.line.product.name, quantity: back.line.quantity, refunded_quantity: back.line.quantity,
        subtotal: amount, discount: 0, tax: 0, credit_reason_code: back.reason, previous_line_item_id: `li${sale.serial}${back.line.id}`, original_line_item_invoice_id: sale.id,
      }],
      transactions: [], created_at: time(back.at), updated_at: time(back.at),
    } as { readonly id: string }, back.at, telling);
  },
  catalogued: (product, at, currency, telling) => message('item', 'updated', {
    id: product.id, object: 'item', code: product.id, state: 'active', name: product.name, external_sku: product.sku, currencies: [{ currency, unit_amount: product.cents / 100 }], created_at: time(at), updated_at: time(at),
  } as { readonly id: string }, at, telling),
  pinged: (telling) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: 'acc1', object_type: 'account', site_id: 'demo', event_type: 'updated', event_time: '2026-11-22T12:00:00Z', uuid: telling.delivery.padStart(32, '0') }) }),
};
