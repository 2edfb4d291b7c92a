import type { Demo, DemoMessage, DemoSale, DemoState } from '../demo.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

const orderOf = (sale: DemoSale, state: DemoState) => ({
  order_id: sale.id, status: state.fulfilment === 'CANCELLED' ? 'CANCELLED' : state.fulfilment === 'UNFULFILLED' ? 'AUTHORIZED' : 'CAPTURED',
  fraud_status: state.payment === 'PAID' ? 'ACCEPTED' : state.payment === 'FAILED' ? 'REJECTED' : 'PENDING',
  order_amount: sale.total, captured_amount: state.fulfilment === 'SHIPPED' ? sale.total : 0, refunded_amount: 0, purchase_currency: sale.currency,
  merchant_reference1: sale.number, klarna_reference: `K${sale.serial}`, created_at: iso(sale.placedAt),
  order_lines: sale.lines.map((line) => ({
    type: 'physical', reference: line.product.sku, name: line.product.name, quantity: line.quantity, unit_price: line.unit, tax_rate: 0,
    total_amount: line.total, total_discount_amount: line.discount, total_tax_amount: 0,
  })),
  ...(sale.person && {
    customer: { date_of_birth: sale.person.dateOfBirth },
    billing_address: {
      given_name: sale.person.first, family_name: sale.person.last, email: sale.person.email, phone: sale.person.phone, street_address: sale.person.street,
      postal_code: sale.person.place.postalCode, city: sale.person.place.city, region: sale.person.place.state, country: sale.person.place.country,
    },
  }),
  captures: state.fulfilment === 'SHIPPED' ? [{ capture_id: `cp-${sale.serial}`, captured_amount: sale.total, captured_at: iso(state.at) }] : [], refunds: [] as unknown[],
});

const pushed = (event: string, id: string, order: unknown, makes?: DemoMessage['makes']): DemoMessage => ({
  headers: { 'content-type': 'application/json' }, body: JSON.stringify({ event_type: event, order_id: id }), of: id, fetched: { id, body: JSON.stringify(order), ...(makes && { makes }) },
});

export const demo: Demo = {
  standIn: { item: /^\/ordermanagement\/v1\/orders\/([^/?]+)$/ },
  currencies: ['EUR', 'SEK', 'GBP'],
  // prices are with tax, and postage is a line
  without: ['tax', 'shipping', 'comment'],
  ordered: (sale, state) => pushed('push', sale.id, orderOf(sale, state)),
  pinged: () => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ metadata: { event_type: 'payment.request.state-change.submitted' }, payload: {} }) }),
};
