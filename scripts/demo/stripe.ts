import type { Message } from './canonical.ts';
import type { Sale } from './sale.ts';

const seconds = (ms: number): number => Math.floor(ms / 1000);

/** Stripe wraps every object in an event of its own id (https://docs.stripe.com/api/events/object). */
const wrapped = (id: string, type: string, at: number, object: unknown): Message => ({
  headers: { 'content-type': 'application/json; charset=utf-8' },
  body: JSON.stringify({
    id, object: 'event', api_version: '2025-09-30.clover', created: seconds(at), type, livemode: true, pending_webhooks: 1,
    request: { id: null, idempotency_key: null }, data: { object },
  }),
});

/** A payment page that was completed: with role `sells` this is the order. */
export function checkout(sale: Sale, id: string, type: string, at: number, paid: boolean): Message {
  const { person } = sale;
  const currency = sale.currency.toLowerCase();
  return wrapped(id, type, at, {
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
    amount_subtotal: sale.lines.reduce((sum, line) => sum + line.total, 0),
    amount_total: sale.total,
    total_details: { amount_discount: 0, amount_shipping: sale.shipping, amount_tax: sale.tax },
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
  });
}

/** The provider reports a payment of some shop's order. */
export const paymentIntent = (sale: Sale, id: string, at: number): Message =>
  wrapped(id, 'payment_intent.succeeded', at, {
    id: sale.paymentReference, object: 'payment_intent', amount: sale.total, amount_received: sale.total, currency: sale.currency.toLowerCase(),
    created: seconds(at), status: 'succeeded', latest_charge: `ch_${sale.paymentReference.slice(3)}`, livemode: true, metadata: {},
  });

/** Money that has gone back through Stripe. */
export const refunded = (sale: Sale, id: string, refund: { readonly id: string; readonly at: number; readonly amount: number }): Message =>
  wrapped(id, 'refund.created', refund.at, {
    id: refund.id, object: 'refund', amount: refund.amount, currency: sale.currency.toLowerCase(), created: seconds(refund.at),
    payment_intent: sale.paymentReference, charge: `ch_${sale.paymentReference.slice(3)}`, reason: 'requested_by_customer', status: 'succeeded', metadata: {},
  });
