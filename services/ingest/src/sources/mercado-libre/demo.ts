import type { Demo, DemoMessage, DemoSale, DemoState, StandIn, Telling } from '../demo.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const userId = 123_456_789;

const statusOf = ({ fulfilment, payment }: DemoState): string => (fulfilment === 'CANCELLED' ? 'cancelled' : payment === 'PAID' ? 'paid' : 'payment_required');
const shipmentStatus = { UNFULFILLED: 'pending', SHIPPED: 'shipped', DELIVERED: 'delivered', CANCELLED: 'cancelled' };

/** The order and its shipment, as the answers of two calls are joined. */
function orderText(sale: DemoSale, state: DemoState): string {
  const { person, currency } = sale;
  const total = sale.total / 100;
  const paid = state.payment === 'PAID';
  const first = {
    id: Number(sale.id), pack_id: null, status: statusOf(state), status_detail: null, date_created: iso(sale.placedAt), date_closed: paid ? iso(sale.placedAt) : null, last_updated: iso(state.at),
    comments: sale.comment ?? null, currency_id: currency, total_amount: total, paid_amount: paid ? total : 0, tags: [],
    buyer: person ? { id: Number(person.id.replace(/\D/g, '')), nickname: person.first.toUpperCase(), first_name: person.first, last_name: person.last } : {},
    seller: { id: userId },
    order_items: sale.lines.map(({ product, quantity, unit }) => ({
      item: { id: `MLB${product.id.replace(/\D/g, '')}`, title: product.name, category_id: `MLB${product.categoryId}`, variation_id: null, seller_sku: product.sku, variation_attributes: [] },
      quantity, unit_price: unit / 100, full_unit_price: unit / 100, currency_id: currency,
    })),
    payments: [{
      id: Number(sale.serial), payment_method_id: 'pix', payment_type: 'bank_transfer', status: paid ? 'approved' : 'pending', transaction_amount: total, currency_id: currency, marketplace_fee: Math.round(sale.total / 10) / 100,
    }],
    shipping: { id: Number(sale.id) },
  };
  const shipment = {
    id: Number(sale.id), status: shipmentStatus[state.fulfilment], substatus: null, last_updated: iso(state.at), tracking_number: null,
    destination: person ? {
      receiver_name: `${person.first} ${person.last}`, receiver_phone: person.phone,
      shipping_address: {
        address_line: person.street, zip_code: person.place.postalCode, city: { name: person.place.city }, state: { name: person.place.state }, country: { id: person.place.country, name: person.place.country },
        latitude: person.latitude, longitude: person.longitude, comment: null,
      },
    } : null,
  };
  return JSON.stringify({ first, shipment });
}

const notice = (sale: DemoSale, state: DemoState, { delivery }: Telling): DemoMessage => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ _id: `ml-${delivery}`, resource: `/orders/${sale.id}`, user_id: userId, topic: 'orders_v2', application_id: 2_069_392_825_111_111, attempts: 1, sent: iso(state.at), received: iso(state.at) }),
  fetched: { id: sale.id, body: orderText(sale, state), makes: ['order.created'] },
});

interface Joined { readonly first: { readonly last_updated: string }; readonly shipment: unknown }
const joinedIn = (text: string): Joined => JSON.parse(text) as Joined;

const standIn: StandIn = {
  item: /^\/(?:orders|shipments)\/(\d+)$/,
  answer: (text, path) => JSON.stringify(path.startsWith('/shipments/') ? joinedIn(text).shipment : joinedIn(text).first),
  list: {
    path: /^\/orders\/search$/,
    pageSize: 50,
    names: true,
    asked(query) {
      if (!query.get('seller')) return 'seller is required';
      const [from, to] = [Date.parse(query.get('order.date_last_updated.from') ?? ''), Date.parse(query.get('order.date_last_updated.to') ?? '')];
      return Number.isNaN(from) || Number.isNaN(to) ? 'dates are wrong' : { from: iso(from), to: iso(to), offset: Number(query.get('offset') ?? 0) };
    },
    modified: (item) => (item as unknown as Joined).first.last_updated,
    page: (items, next, { offset }) => JSON.stringify({ results: items.map((text) => joinedIn(text).first), paging: { total: offset + items.length + (next ? 1 : 0), offset, limit: 50 } }),
  },
};

export const demo: Demo = {
  standIn,
  currencies: ['BRL', 'MXN', 'ARS'],
  polled: true,
  without: ['tax', 'shipping', 'discount'],
  tells: ['PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  paymentReference: (serial) => serial,
  ordered: notice,
  changed: notice,
  pinged: ({ delivery }) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ _id: `ml-${delivery}`, resource: '/questions/1', user_id: userId, topic: 'questions', attempts: 1 }) }),
};
