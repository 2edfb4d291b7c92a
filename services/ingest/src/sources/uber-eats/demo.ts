import { exponentOf } from '../../convert/index.ts';
import type { Demo, DemoMessage, DemoSale, DemoState, StandIn, Telling } from '../demo.ts';

const at = (ms: number): string => new Date(ms).toISOString();
const states = { UNFULFILLED: 'OFFERED', SHIPPED: 'HANDED_OFF', DELIVERED: 'SUCCEEDED', CANCELLED: 'FAILED' };

/** As `GET /v1/delivery/order/{id}` returns it, without its envelope. */
function orderText(sale: DemoSale, { fulfilment, at: now }: DemoState): string {
  const { person, currency } = sale;
  const amount = (minor: number) => ({ amount_e5: minor * 10 ** (5 - exponentOf(currency)), currency_code: currency });
  const money = (net: number, tax = 0) => ({ net: amount(net), tax: amount(tax), gross: amount(net + tax), is_tax_inclusive: false });
  const sum = (of: (line: DemoSale['lines'][number]) => number): number => sale.lines.reduce((all, line) => all + of(line), 0);
  const row = (line: string): string => `${sale.id}-${line}`;
  return JSON.stringify({
    id: sale.id, display_id: sale.number.slice(-5), state: states[fulfilment], status: ['DELIVERED', 'CANCELLED'].includes(fulfilment) ? 'COMPLETED' : 'ACTIVE', preparation_status: 'PREPARING',
    ordering_platform: 'UBER_EATS', fulfillment_type: 'DELIVERY_BY_MERCHANT', created_time: at(sale.placedAt), ...(fulfilment === 'DELIVERED' && { completed_time: at(now) }),
    ...(fulfilment === 'CANCELLED' && { failure_info: { reason: 'CANCELED', failure_attributed_to_party: 'CUSTOMER', will_merchant_be_paid: false } }),
    store: { id: 'bd1ed236-0000-4000-8000-0242ac120003', name: 'Demo Kitchen' },
    customers: person ? [{ id: person.id, name: { display_name: person.first, first_name: person.first, last_name: person.last }, contact: { phone: { number: person.phone } }, is_primary_customer: true }] : [],
    deliveries: person ? [{
      id: row('d'), status: 'SCHEDULED', estimated_dropoff_time: at(sale.placedAt + 3_600_000),
      location: {
        type: 'GOOGLE_PLACE', street_address_line_one: person.street, latitude: String(person.latitude), longitude: String(person.longitude), city: person.place.city, country: person.place.country,
        postal_code: person.place.postalCode,
      },
    }] : [],
    carts: [{
      id: row('c'), special_instructions: sale.comment ?? '',
      items: sale.lines.map(({ id, product, quantity }) => ({ id: product.id, cart_item_id: row(id), title: product.name, external_data: product.sku, quantity: { amount: quantity, unit: 'PIECE' }, selected_modifier_groups: [] })),
    }],
    payment: { payment_detail: {
      currency_code: currency, order_total: money(sale.total - sale.tax, sale.tax),
      item_charges: {
        total: money(sum(({ quantity, unit }) => quantity * unit)),
        price_breakdown: sale.lines.map(({ id, quantity, unit, discount }) => ({
          cart_item_id: row(id), price_type: 'ITEM', quantity: { amount: quantity, unit: 'PIECE' }, unit: money(unit), total: money(quantity * unit), ...(discount > 0 && { discount: { total: money(discount) } }),
        })),
      },
      fees: { total: money(sale.shipping), details: [{ id: 'DELIVERY_FEE', amount: money(sale.shipping) }] },
      promotions: { total: money(sum(({ discount }) => discount)) },
    } },
  });
}

const notice = (type: string, sale: DemoSale, state: DemoState, { delivery }: Telling): DemoMessage => ({
  headers: { 'content-type': 'application/json', 'x-environment': 'production' },
  body: JSON.stringify({
    event_id: `c4d2261e-${delivery}`, event_time: state.at / 1000, event_type: type, meta: { resource_id: sale.id, status: 'pos', user_id: 'bd1ed236-0000-4000-8000-0242ac120003' },
    resource_href: `https://api.uber.com/v1/delivery/order/${sale.id}`,
  }),
  fetched: { id: sale.id, body: orderText(sale, state), makes: ['order.created', ...(state.fulfilment === 'CANCELLED' ? ['order.updated' as const] : [])] },
});

const standIn: StandIn = {
  item: /^\/v1\/delivery\/order\/([^/?]+)/,
  answer: (text) => `{"order":${text}}`,
};

export const demo: Demo = {
  standIn,
  currencies: ['USD', 'GBP', 'JPY'],
  without: ['pending'],
  tells: ['DELIVERED', 'CANCELLED'],
  ordered: (sale, state, telling) => notice('orders.notification', sale, state, telling),
  changed: (sale, state, telling) => notice(state.fulfilment === 'CANCELLED' ? 'orders.failure' : 'delivery.state_changed', sale, state, telling),
  pinged: ({ delivery }) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ event_id: `c4d2261e-${delivery}`, event_time: 1_795_000_000, event_type: 'store.provisioned', meta: { user_id: 'bd1ed236-0000-4000-8000-0242ac120003' } }),
  }),
};
