import { decimalText, type Demo, type DemoMessage, type DemoReturn, type DemoSale, type DemoState, type StandIn } from '../demo.ts';
import { pageSize } from './poll.ts';

/** The clock of a shop in UTC. */
const clock = (ms: number): string => new Date(ms).toISOString().slice(0, 19).replace('T', ' ');

const stateOf = ({ fulfilment, payment }: DemoState): string => {
  if (fulfilment === 'CANCELLED') return '6';
  if (fulfilment === 'SHIPPED') return '4';
  if (fulfilment === 'DELIVERED') return '5';
  return payment === 'PAID' ? '2' : payment === 'PENDING' ? '10' : '8';
};

/** The order and what belongs to it, as five answers are joined. What belongs to it has its id, by which the stand-in finds it. */
function orderText(sale: DemoSale, state: DemoState, back?: DemoReturn): string {
  const { person } = sale;
  const money = (minor: number): string => `${decimalText(minor, sale.currency === 'JPY' ? 0 : 2)}${sale.currency === 'JPY' ? '.000000' : '0000'}`;
  const products = sale.lines.reduce((all, { total }) => all + total, 0);
  const first = {
    id: Number(sale.id), id_address_delivery: person ? sale.id : '0', id_currency: sale.id, id_customer: person ? sale.id : '0', current_state: stateOf(state),
    module: 'ps_checkout', payment: 'Card', date_add: clock(sale.placedAt), date_upd: clock(back?.at ?? state.at), reference: `R${sale.serial.slice(-8)}`, conversion_rate: '1.000000',
    shipping_number: '', gift_message: sale.comment ?? '', total_discounts_tax_incl: money(0), total_paid: money(sale.total), total_paid_tax_incl: money(sale.total),
    total_paid_tax_excl: money(sale.total), total_products_wt: money(products), total_shipping_tax_incl: money(sale.shipping),
    associations: {
      order_rows: sale.lines.map((line) => ({
        id: `${sale.serial}${line.id.padStart(3, '0')}`, product_id: line.product.id.replace(/\D/g, ''), product_quantity: String(line.quantity), product_name: line.product.name,
        product_reference: line.product.sku, unit_price_tax_incl: money(line.unit), unit_price_tax_excl: money(line.unit),
      })),
    },
  };
  const slip = back && {
    id: Number(back.id), id_customer: first.id_customer, id_order: sale.id, total_products_tax_incl: money(back.amount), total_shipping_tax_incl: money(0), date_add: clock(back.at), date_upd: clock(back.at),
    associations: { order_slip_details: [{ id: back.id, id_order_detail: `${sale.serial}${back.line.id.padStart(3, '0')}`, product_quantity: String(back.line.quantity), amount_tax_incl: money(back.amount) }] },
  };
  return JSON.stringify({
    first,
    currency: { currency: { id: Number(sale.id), iso_code: sale.currency } },
    ...(person && {
      customer: { customer: { id: Number(first.id_customer), firstname: person.first, lastname: person.last, email: person.email, birthday: person.dateOfBirth } },
      address: { address: { id: Number(first.id_customer), firstname: person.first, lastname: person.last, address1: person.street, address2: '', postcode: person.place.postalCode, city: person.place.city, phone: person.phone } },
    }),
    slips: slip ? { order_slips: [slip] } : [],
  });
}

const found = (sale: DemoSale, state: DemoState): DemoMessage => ({ headers: {}, body: '', fetched: { id: sale.id, body: orderText(sale, state), makes: ['order.created'] } });

interface Joined { readonly first: { readonly id: number; readonly date_upd: string }; readonly [name: string]: unknown }
const joinedIn = (text: string): Joined => JSON.parse(text) as Joined;
const utc = (time: string): string => `${time.replace(' ', 'T')}Z`;

const standIn: StandIn = {
  item: /^\/(?:api\/)?(?:(?:orders|currencies|customers|addresses)\/|order_slip\?.*filter%5Bid_order%5D=%5B)([^/?%]+)/,
  answer(text, path) {
    const { first, ...others } = joinedIn(text);
    const name = { currencies: 'currency', customers: 'customer', addresses: 'address', order_slip: 'slips' }[/([a-z_]+)(?:\/[^/?]+)?(?:\?.*)?$/.exec(path)?.[1] ?? ''];
    return JSON.stringify(name === undefined ? { order: first } : others[name] ?? []);
  },
  list: {
    path: /^\/(?:api\/)?orders$/,
    pageSize,
    names: true,
    asked(query) {
      const window = /^\[(\S+ \S+),(\S+ \S+)\]$/.exec(query.get('filter[date_upd]') ?? '');
      const offset = Number(query.get('limit')?.split(',')[0]);
      return window?.[1] && window[2] && query.get('date') === '1' ? { from: utc(window[1]), to: utc(window[2]), offset } : 'a filter of dates wants both ends, and date=1';
    },
    modified: (item) => utc((item as unknown as Joined).first.date_upd),
    page: (items) => (items.length === 0 ? '[]' : JSON.stringify({ orders: items.map((text) => { const { first: { id, date_upd } } = joinedIn(text); return { id, date_upd }; }) })),
  },
};

export const demo: Demo = {
  standIn,
  currencies: ['EUR', 'JPY'],
  polled: 'only',
  // prices include the tax; reductions of a row are in its price
  without: ['tax', 'discount'],
  tells: ['PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  ordered: found,
  changed: found,
  returned: (sale, back) => ({
    headers: {}, body: '',
    fetched: { id: sale.id, of: back.id, body: orderText(sale, { payment: 'PAID', fulfilment: 'DELIVERED', at: back.at, version: 3 }, back), makes: ['order.created', 'return.requested'] },
  }),
};
