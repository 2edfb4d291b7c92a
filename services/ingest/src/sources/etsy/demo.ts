import { exponentOf } from '../../convert/index.ts';
import type { Demo, DemoMessage, DemoReturn, DemoSale, DemoState, StandIn, Telling } from '../demo.ts';
import { pageSize } from './poll.ts';

const shop = '123456';
const seconds = (ms: number): number => Math.floor(ms / 1_000);

/** The receipt as the API returns it, alone or in a list. */
function receiptText(sale: DemoSale, { payment, fulfilment, at }: DemoState, back?: DemoReturn): string {
  const { person, currency, lines } = sale;
  const money = (amount: number) => ({ amount, divisor: 10 ** exponentOf(currency), currency_code: currency });
  const [sent, cancelled] = [fulfilment === 'SHIPPED', fulfilment === 'CANCELLED'];
  return JSON.stringify({
    receipt_id: Number(sale.id), receipt_type: 0, seller_user_id: 456_789, buyer_user_id: person ? Number(person.id.replace(/\D/g, '')) : 1, buyer_email: person?.email ?? null, name: person ? `${person.first} ${person.last}` : null,
    first_line: person?.street ?? null, second_line: null, city: person?.place.city ?? null, state: person?.place.state ?? null, zip: person?.place.postalCode ?? null, country_iso: person?.place.country ?? null,
    status: back ? 'partially refunded' : cancelled ? 'canceled' : sent ? 'completed' : payment === 'PAID' ? 'paid' : 'payment processing', payment_method: 'cc', message_from_buyer: sale.comment ?? null,
    is_paid: payment === 'PAID', is_shipped: sent || back !== undefined, create_timestamp: seconds(sale.placedAt), update_timestamp: seconds(at), is_gift: false, gift_message: '', grandtotal: money(sale.total),
    total_price: money(lines.reduce((sum, { unit, quantity }) => sum + unit * quantity, 0)), total_shipping_cost: money(sale.shipping), total_tax_cost: money(sale.tax), total_vat_cost: money(0), discount_amt: money(0),
    shipments: sent ? [{ receipt_shipping_id: Number(sale.serial), shipment_notification_timestamp: seconds(at), carrier_name: 'demo-post', tracking_code: `DP${sale.serial}` }] : [],
    transactions: lines.map(({ id, product, quantity, unit }) => ({
      transaction_id: Number(`${sale.serial.slice(-9)}${id.padStart(3, '0')}`), title: product.name, receipt_id: Number(sale.id), listing_id: Number(product.id.replace(/\D/g, '')), product_id: 1, sku: product.sku, quantity,
      price: money(unit), shipping_cost: money(0),
    })),
    refunds: back ? [{ amount: money(back.amount), created_timestamp: seconds(back.at), reason: back.reason, note_from_issuer: back.comment, status: 'success' }] : [],
  });
}

function notice(event_type: string, sale: DemoSale, state: DemoState, { delivery }: Telling, back?: DemoReturn): DemoMessage {
  const tracked = state.fulfilment === 'SHIPPED';
  return {
    headers: { 'content-type': 'application/json', 'webhook-id': `msg_${delivery}` },
    body: JSON.stringify({ event_type, resource_url: `https://api.etsy.com/v3/application/shops/${shop}/receipts/${sale.id}`, shop_id: shop }),
    fetched: { id: sale.id, body: receiptText(sale, state, back), makes: ['order.created', ...(tracked ? ['order.updated' as const] : []), ...(back ? ['return.requested' as const] : [])] },
    ...(back && { of: `${sale.id}-${seconds(back.at)}` }),
  };
}

const standIn: StandIn = {
  item: /^\/v3\/application\/shops\/\d+\/receipts\/(\d+)$/,
  list: {
    path: /^\/v3\/application\/shops\/\d+\/receipts$/,
    pageSize,
    asked(query) {
      const [from, to] = ['min_last_modified', 'max_last_modified'].map((name) => Number(query.get(name)));
      if (!from || !to || query.get('sort_on') !== 'updated') return 'a window of changes is wanted';
      return { from: new Date(from * 1_000).toISOString(), to: new Date(to * 1_000).toISOString(), offset: Number(query.get('offset') ?? 0) };
    },
    modified: (item) => new Date(Number(item['update_timestamp']) * 1_000).toISOString(),
    page: (items, next, { offset }) => `{"count":${offset + items.length + (next ? 1 : 0)},"results":[${items.join(',')}]}`,
  },
};

const events = { UNFULFILLED: 'order.paid', SHIPPED: 'order.shipped', DELIVERED: 'order.delivered', CANCELLED: 'order.canceled' };

export const demo: Demo = {
  standIn,
  currencies: ['USD', 'EUR', 'JPY'],
  polled: true,
  without: ['discount'],
  tells: ['PAID', 'SHIPPED', 'CANCELLED'],
  ordered: (sale, state, telling) => notice('order.paid', sale, state, telling),
  changed: (sale, state, telling) => notice(events[state.fulfilment], sale, state, telling),
  returned: (sale, back, telling) => notice('order.canceled', sale, { payment: 'PAID', fulfilment: 'UNFULFILLED', at: back.at, version: 9 }, telling, back),
  pinged: ({ delivery }) => ({
    headers: { 'content-type': 'application/json', 'webhook-id': `msg_${delivery}` },
    body: JSON.stringify({ event_type: 'listing.updated', resource_url: `https://api.etsy.com/v3/application/listings/${delivery}`, shop_id: shop }),
  }),
};
