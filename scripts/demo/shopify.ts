import type { Message } from './canonical.ts';
import { decimalText, type Sale } from './sale.ts';

/** State of a Shopify order as its snapshots show it. */
export interface ShopState {
  readonly financial: 'paid' | 'pending' | 'voided' | 'refunded' | 'partially_refunded';
  readonly fulfilment: 'fulfilled' | null;
  /** Milliseconds since 1970. */
  readonly updatedAt: number;
  readonly cancelledAt?: number;
}

const withOffset = (ms: number): string => new Date(ms).toISOString().replace(/\.\d+Z$/, '+00:00');
const money = (amount: string, currency: string) => ({ shop_money: { amount, currency_code: currency }, presentment_money: { amount, currency_code: currency } });

function addressOf(sale: Sale) {
  const { person } = sale;
  if (!person) return null;
  return {
    first_name: person.first, last_name: person.last, name: `${person.first} ${person.last}`, address1: person.street, address2: null,
    city: person.place.city, province: person.place.state, province_code: person.place.state, zip: person.place.postalCode,
    country: person.place.country, country_code: person.place.country, phone: person.phone, latitude: person.latitude, longitude: person.longitude,
  };
}

const lineId = (sale: Sale, line: Sale['lines'][number]): number => Number(sale.id) + Number(line.id);

/** The order as Shopify's order webhooks carry it (shape of API 2023-01 and later). */
function snapshot(sale: Sale, state: ShopState) {
  const { currency, person } = sale;
  const text = (minor: number): string => decimalText(minor, currency);
  const goods = sale.lines.reduce((sum, { total }) => sum + total, 0);
  const discount = sale.lines.reduce((sum, line) => sum + line.discount, 0);
  return {
    id: Number(sale.id),
    admin_graphql_api_id: `gid://shopify/Order/${sale.id}`,
    name: sale.number,
    order_number: sale.n + 1001,
    created_at: withOffset(sale.placedAt),
    processed_at: withOffset(sale.placedAt),
    updated_at: withOffset(state.updatedAt),
    cancelled_at: state.cancelledAt === undefined ? null : withOffset(state.cancelledAt),
    cancel_reason: state.cancelledAt === undefined ? null : 'customer',
    currency,
    presentment_currency: currency,
    financial_status: state.financial,
    fulfillment_status: state.fulfilment,
    test: false,
    confirmed: true,
    taxes_included: false,
    total_line_items_price: text(goods + discount),
    total_discounts: text(discount),
    subtotal_price: text(goods),
    total_tax: text(sale.tax),
    total_price: text(sale.total),
    total_price_set: money(text(sale.total), currency),
    total_shipping_price_set: money(text(sale.shipping), currency),
    current_total_price: text(sale.total),
    current_subtotal_price: text(goods),
    current_total_discounts: text(discount),
    current_total_tax: text(sale.tax),
    email: person?.email ?? '',
    contact_email: person?.email ?? null,
    phone: person?.phone ?? null,
    note: sale.comment ?? null,
    note_attributes: [{ name: 'payment_reference', value: sale.paymentReference }],
    payment_gateway_names: ['stripe'],
    customer: person
      ? { id: Number(person.id.slice(2)) + 7_000_000_000, email: person.email, first_name: person.first, last_name: person.last, phone: person.phone, created_at: person.joinedAt }
      : null,
    billing_address: addressOf(sale),
    shipping_address: addressOf(sale),
    shipping_lines: sale.shipping > 0 ? [{ id: Number(sale.id) + 90, title: 'Standard', code: 'standard', price: text(sale.shipping), discounted_price: text(sale.shipping) }] : [],
    tax_lines: sale.tax > 0 ? [{ price: text(sale.tax), rate: 0.0825, title: 'Sales tax' }] : [],
    line_items: sale.lines.map((line) => ({
      id: lineId(sale, line),
      product_id: 8_000_000 + Number(line.product.id.slice(2)),
      variant_id: 9_000_000 + Number(line.product.id.slice(2)),
      sku: line.product.sku,
      title: line.product.name,
      name: line.product.name,
      vendor: line.product.seller,
      quantity: line.quantity,
      current_quantity: line.quantity,
      price: text(line.unit),
      price_set: money(text(line.unit), currency),
      total_discount: text(line.discount),
      discount_allocations: line.discount > 0 ? [{ amount: text(line.discount), amount_set: money(text(line.discount), currency), discount_application_index: 0 }] : [],
      tax_lines: [],
      gift_card: false,
      requires_shipping: true,
      taxable: true,
      fulfillment_status: state.fulfilment,
    })),
    fulfillments: [],
    refunds: [],
  };
}

export const shopMessage = (sale: Sale, topic: string, state: ShopState): Message => ({
  headers: {
    'content-type': 'application/json',
    'x-shopify-topic': topic,
    'x-shopify-shop-domain': `${sale.channel.account}.example.com`,
    'x-shopify-api-version': '2025-10',
  },
  body: JSON.stringify(snapshot(sale, state)),
});

/** The first line is refunded, whole: what the shop has already paid back. */
export function shopRefund(sale: Sale, refund: { readonly id: number; readonly at: number; readonly note: string; readonly amount: number }): Message {
  const [line] = sale.lines;
  const amount = decimalText(refund.amount, sale.currency);
  return {
    headers: shopMessage(sale, 'refunds/create', { financial: 'partially_refunded', fulfilment: null, updatedAt: refund.at }).headers,
    body: JSON.stringify({
      id: refund.id,
      order_id: Number(sale.id),
      created_at: withOffset(refund.at),
      processed_at: withOffset(refund.at),
      note: refund.note,
      restock: true,
      order_adjustments: [],
      refund_line_items: line
        ? [{
            id: refund.id + 1, line_item_id: lineId(sale, line), quantity: line.quantity, subtotal: Number(amount), subtotal_set: money(amount, sale.currency), total_tax: 0,
            line_item: { id: lineId(sale, line), title: line.product.name, name: line.product.name, sku: line.product.sku, quantity: line.quantity, price: decimalText(line.unit, sale.currency), product_id: 8_000_000 + Number(line.product.id.slice(2)), gift_card: false },
          }]
        : [],
      transactions: [{ id: refund.id + 2, order_id: Number(sale.id), kind: 'refund', status: 'success', amount, currency: sale.currency, gateway: 'stripe', created_at: withOffset(refund.at) }],
    }),
  };
}
