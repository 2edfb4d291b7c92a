import { decimalText, type Demo, type DemoMessage, type DemoSale, type DemoState, type StandIn } from '../demo.ts';
import { pageSize } from './poll.ts';

const iso = (ms: number): string => new Date(ms).toISOString().replace('Z', '+00:00');

/** Ids are UUIDs; the digits of a serial make the end of an order's, those of a line its beginning. */
const uuid = (digits: string): string => digits.padStart(32, '0').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

/** The order with its items and lines, as it is fetched. */
function orderText(sale: DemoSale, state: DemoState): string {
  const { person, currency } = sale;
  const amount = (minor: number): number => Number(decimalText(minor, 2));
  const address = person && { first_name: person.first, last_name: person.last, address_line_1: person.street, zip_code: person.place.postalCode, city: person.place.city, country_code: person.place.country };
  const status = { UNFULFILLED: 'initial', SHIPPED: 'shipped', DELIVERED: 'shipped', CANCELLED: 'canceled' }[state.fulfilment];
  const items = sale.lines.map((line) => ({
    type: 'OrderItem', id: uuid(`${line.id}${sale.serial.padStart(20, '0')}`),
    attributes: { order_id: sale.id, article_id: line.product.id, external_id: line.product.sku, description: line.product.name, [`quantity_${status}`]: line.quantity },
  }));
  const pieces = sale.lines.flatMap((line, at) => Array.from({ length: line.quantity }, (_, piece) => ({
    type: 'OrderLine', id: uuid(`${line.id}${String(piece + 1).padStart(3, '0')}${sale.serial.padStart(20, '0')}`),
    attributes: { order_item_id: items[at]?.id, status, price: { amount: amount(line.unit), currency }, created_at: iso(sale.placedAt), modified_at: iso(state.at) },
  })));
  return JSON.stringify({
    data: {
      type: 'Order', id: sale.id,
      attributes: {
        order_id: sale.id, order_number: sale.number.slice(1), order_date: iso(sale.placedAt), created_at: iso(sale.placedAt), modified_at: iso(state.at), order_type: 'PartnerFulfilled', exported: true,
        status: state.fulfilment !== 'UNFULFILLED' ? 'fulfilled' : state.payment === 'PAID' ? 'approved' : 'initial',
        order_lines_count: pieces.length, order_lines_price_amount: amount(sale.total), order_lines_price_currency: currency, delivery_end_date: iso(sale.placedAt + 4 * 86_400_000),
        ...(person && { customer_number: person.id.replace(/\D/g, ''), customer_email: person.email, billing_address: address, shipping_address: address }),
      },
    },
    included: [...items, ...pieces],
  });
}

interface Stored { readonly data: { readonly attributes: { readonly modified_at: string } } }

const standIn: StandIn = {
  item: /^\/merchants\/[^/]+\/orders\/([^/?]+)/,
  list: {
    path: /^\/merchants\/[^/]+\/orders$/,
    pageSize,
    names: true,
    asked(query) {
      const [from, to, page] = ['last_updated_after', 'last_updated_before', 'page[number]'].map((name) => query.get(name));
      return from && to ? { from, to, offset: Number(page ?? 0) * pageSize } : 'a window has two ends';
    },
    modified: (item) => (item as unknown as Stored).data.attributes.modified_at,
    page: (items, next) => JSON.stringify({
      data: items.map((text) => (JSON.parse(text) as Stored).data),
      links: next ? { next: `/merchants/orders?page[number]=${next.offset / pageSize}` } : {},
    }),
  },
};

const found = (sale: DemoSale, state: DemoState): DemoMessage => ({ headers: {}, body: '', fetched: { id: sale.id, body: orderText(sale, state), makes: ['order.created'] } });

/** Nothing comes back: a return is told piece by piece. */
export const demo: Demo = {
  standIn,
  currencies: ['EUR', 'PLN'],
  polled: 'only',
  without: ['tax', 'shipping', 'discount', 'comment'],
  orderId: uuid,
  tells: ['PAID', 'SHIPPED', 'CANCELLED'],
  ordered: found,
  changed: found,
};
