import type { Demo, DemoMessage, DemoSale, DemoState, Telling } from '../demo.ts';

const seconds = (ms: number): number => Math.floor(ms / 1000);

/** Stripe wraps every object in an event of its own id (https://docs.stripe.com/api/events/object). */
const wrapped = (type: string, at: number, object: unknown, { delivery }: Telling): DemoMessage => ({
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify({
    id: `evt_${delivery}`, object: 'event', api_version: '2025-09-30.clover', created: seconds(at), type, livemode: true, pending_webhooks: 1,
    request: { id: null, idempotency_key: null }, data: { object },
  }),
});

/** A payment page that was completed: with role `sells` this is the order. */
function checkout(sale: DemoSale, paid: boolean) {
  const { person } = sale;
  const currency = sale.currency.toLowerCase();
  const sum = (of: (line: DemoSale['lines'][number]) => number): number => sale.lines.reduce((all, line) => all + of(line), 0);
  return {
    id: `cs_live_${sale.serial}`,
    object: 'checkout.session',
    created: seconds(sale.placedAt),
    livemode: true,
    mode: 'payment',
    status: 'complete',
    payment_status: paid ? 'paid' : 'unpaid',
    payment_intent: sale.paymentReference,
    payment_method_types: ['card'],
    currency,
    amount_subtotal: sum(({ unit, quantity }) => unit * quantity),
    amount_total: sale.total,
    total_details: { amount_discount: sum(({ discount }) => discount), amount_shipping: sale.shipping, amount_tax: sale.tax },
    customer: person ? `cus_${person.id.slice(2)}` : null,
    client_reference_id: null,
    metadata: {},
    customer_details: person
      ? {
          name: `${person.first} ${person.last}`, email: person.email, phone: person.phone, tax_exempt: 'none', tax_ids: [],
          address: { line1: person.street, line2: null, city: person.place.city, state: person.place.state, postal_code: person.place.postalCode, country: person.place.country },
        }
      : null,
    line_items: {
      object: 'list',
      has_more: false,
      data: sale.lines.map((line) => ({
        id: `li_${sale.serial}_${line.id}`, object: 'item', description: line.product.name, quantity: line.quantity, currency,
        amount_subtotal: line.unit * line.quantity, amount_discount: line.discount, amount_tax: 0, amount_total: line.total,
        price: { id: `price_${line.product.id}`, object: 'price', currency, unit_amount: line.unit, unit_amount_decimal: String(line.unit), product: line.product.id },
      })),
    },
  };
}

/** The provider reports a payment of some shop's order. */
const intent = (sale: DemoSale, { at, payment }: DemoState, telling: Telling): DemoMessage =>
  wrapped(payment === 'PAID' ? 'payment_intent.succeeded' : payment === 'FAILED' ? 'payment_intent.payment_failed' : 'payment_intent.created', at, {
    id: sale.paymentReference, object: 'payment_intent', amount: sale.total, amount_received: payment === 'PAID' ? sale.total : 0, currency: sale.currency.toLowerCase(), created: seconds(at),
    status: payment === 'PAID' ? 'succeeded' : 'requires_payment_method', latest_charge: payment === 'PAID' ? `ch_${sale.paymentReference.slice(3)}` : null, livemode: true, metadata: {},
  }, telling);

// refunds name the payment, not the session, so that is what its sales are known by
const paymentId = (serial: string): string => `pi_${serial}Demo`;

export const demo: Demo = {
  currencies: ['EUR', 'USD', 'JPY'],
  orderId: paymentId,
  paymentReference: paymentId,
  tells: ['PAID'],
  ordered: (sale, { payment, at }, telling) => wrapped('checkout.session.completed', at, checkout(sale, payment === 'PAID'), telling),
  changed: (sale, { at }, telling) => wrapped('checkout.session.async_payment_succeeded', at, checkout(sale, true), telling),
  returned: (sale, back, telling) => ({ of: `re_${back.id}`, ...wrapped('refund.created', back.at, {
    id: `re_${back.id}`, object: 'refund', amount: back.amount, currency: sale.currency.toLowerCase(), created: seconds(back.at),
    payment_intent: sale.paymentReference, charge: `ch_${sale.paymentReference.slice(3)}`, reason: 'requested_by_customer', status: 'succeeded', metadata: {},
  }, telling) }),
  paid: intent,
  pinged: (telling) => wrapped('customer.created', 1_795_000_000_000, { id: 'cus_1', object: 'customer' }, telling),
};
