import type { Demo, DemoMessage, DemoPerson, DemoSale, DemoState, Telling } from '../demo.ts';

const seconds = (ms: number): number => Math.floor(ms / 1000);

const message = (event_type: string, content: object, at: number, { delivery }: Telling, more: Partial<DemoMessage> = {}): DemoMessage => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ id: `ev_${delivery}`, occurred_at: seconds(at), source: 'scheduled_job', object: 'event', api_version: 'v2', content, event_type, webhook_status: 'not_configured' }),
  ...more,
});

const statusOf = ({ payment, fulfilment }: DemoState): string => (fulfilment === 'CANCELLED' ? 'voided' : payment === 'PAID' ? 'paid' : payment === 'FAILED' ? 'not_paid' : 'payment_due');

const addressOf = ({ first, last, street, place }: DemoPerson) =>
  ({ first_name: first, last_name: last, line1: street, city: place.city, state_code: place.state, country: place.country, zip: place.postalCode, object: 'shipping_address' });

/** https://apidocs.chargebee.com/docs/api/invoices */
function invoiceOf(sale: DemoSale, state: DemoState) {
  const { person } = sale;
  const sent = state.fulfilment === 'SHIPPED' || state.fulfilment === 'DELIVERED';
  return {
    id: sale.id, customer_id: person?.id ?? `guest-${sale.serial}`, recurring: false, status: statusOf(state), price_type: 'tax_exclusive', date: seconds(sale.placedAt), currency_code: sale.currency,
    total: sale.total, tax: sale.tax, amount_paid: state.payment === 'PAID' ? sale.total : 0, updated_at: seconds(state.at), resource_version: state.at + state.version, deleted: false, object: 'invoice',
    line_items: sale.lines.map((line) => ({
      id: `li_${sale.serial}_${line.id}`, unit_amount: line.unit, quantity: line.quantity, amount: line.unit * line.quantity, discount_amount: line.discount, tax_amount: 0, pricing_model: 'per_unit',
      description: line.product.name, entity_type: 'charge_item_price', entity_id: line.product.id, object: 'line_item',
    })),
    issued_credit_notes: [], linked_orders: sent ? [{ id: `ord_${sale.serial}`, status: state.fulfilment.toLowerCase(), order_type: 'system_generated' }] : [],
    ...(person && { shipping_address: addressOf(person), billing_address: { email: person.email, phone: person.phone, object: 'billing_address' } }),
  };
}

const transactionOf = (sale: DemoSale, at: number) => ({
  id: `txn_${sale.serial}`, payment_method: 'card', gateway: sale.paidThrough ?? 'chargebee', type: 'payment', date: seconds(at), amount: sale.total, id_at_gateway: sale.paymentReference,
  status: 'success', currency_code: sale.currency, object: 'transaction',
});

export const demo: Demo = {
  currencies: ['USD'],
  without: ['shipping', 'comment'],
  tells: ['PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  ordered: (sale, state, telling) => message('invoice_generated', { invoice: invoiceOf(sale, state) }, state.at, telling),
  changed: (sale, state, telling) =>
    state.payment === 'PAID' && state.fulfilment === 'UNFULFILLED'
      ? message('payment_succeeded', { transaction: transactionOf(sale, state.at), invoice: invoiceOf(sale, state) }, state.at, telling)
      : message('invoice_updated', { invoice: invoiceOf(sale, state) }, state.at, telling),
  returned: (sale, back, telling) => message('credit_note_created', {
    credit_note: {
      id: `CN-${back.id}`, reference_invoice_id: sale.id, customer_id: sale.person?.id ?? `guest-${sale.serial}`, type: 'refundable', reason_code: 'other', create_reason_code: back.reason, customer_notes: back.comment,
      status: 'refund_due', date: seconds(back.at), total: back.amount, currency_code: sale.currency, resource_version: back.at, object: 'credit_note',
      line_items: [{
        id: `li_cn_${back.id}`, reference_line_item_id: `li_${sale.serial}_${back.line.id}`, unit_amount: back.line.unit, quantity: back.line.quantity, amount: back.line.unit * back.line.quantity,
        discount_amount: back.line.discount, tax_amount: 0, description: back.line.product.name, entity_id: back.line.product.id, object: 'line_item',
      }],
    },
  }, back.at, telling, { of: `CN-${back.id}` }),
  catalogued: (product, at, currency, telling) => message('item_price_updated', {
    item_price: {
      id: product.id, name: product.name, item_family_id: product.categoryId, pricing_model: 'per_unit', price: product.cents, currency_code: currency, updated_at: seconds(at), resource_version: at,
      object: 'item_price', accounting_detail: { sku: product.sku, object: 'accounting_detail' },
    },
  }, at, telling),
  pinged: (telling) => message('subscription_renewal_reminder', { subscription: { id: 'sub_1', object: 'subscription' } }, 1_795_000_000_000, telling),
};
