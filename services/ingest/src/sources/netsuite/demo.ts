import { decimalText, type Demo, type DemoMessage, type DemoSale, type DemoState, type StandIn } from '../demo.ts';
import { pageSize } from './poll.ts';

const iso = (ms: number): string => new Date(ms).toISOString().replace('.000Z', 'Z');

const states = { UNFULFILLED: 'B', SHIPPED: 'F', DELIVERED: 'G', CANCELLED: 'C' };

/** The order and its currency, as two answers are joined; the currency has the order's id, by which the stand-in finds it. */
function orderText(sale: DemoSale, state: DemoState): string {
  const { person, currency } = sale;
  const amount = (minor: number): number => Number(decimalText(minor, currency === 'JPY' ? 0 : 2));
  const first = {
    id: sale.id, tranId: `SO${sale.serial}`, createdDate: iso(sale.placedAt), lastModifiedDate: iso(state.at), currency: { id: sale.id, refName: currency }, orderStatus: { id: states[state.fulfilment] },
    total: amount(sale.total), taxTotal: amount(sale.tax), shippingCost: amount(sale.shipping), memo: sale.comment ?? '', entity: person ? { id: person.id.replace(/\D/g, ''), refName: `${person.first} ${person.last}` } : null,
    ...(person && {
      email: person.email,
      shippingAddress: { addressee: `${person.first} ${person.last}`, addr1: person.street, city: person.place.city, state: person.place.state, zip: person.place.postalCode, country: { id: person.place.country } },
    }),
    item: {
      items: sale.lines.map((line) => ({
        line: Number(line.id), item: { id: line.product.id.replace(/\D/g, ''), refName: line.product.sku }, description: line.product.name, quantity: line.quantity, rate: amount(line.unit), amount: amount(line.total),
      })),
    },
  };
  return JSON.stringify({ first, currency: { id: sale.id, symbol: currency } });
}

interface Joined { readonly first: { readonly id: string; readonly lastModifiedDate: string }; readonly currency: unknown }
const joinedIn = (text: string): Joined => JSON.parse(text) as Joined;

const standIn: StandIn = {
  item: /\/record\/v1\/(?:salesOrder|currency)\/([^/?]+)/,
  answer: (text, path) => JSON.stringify(path.includes('/currency/') ? joinedIn(text).currency : joinedIn(text).first),
  list: {
    path: /\/record\/v1\/salesOrder$/,
    pageSize,
    names: true,
    asked(query) {
      const [from, to] = [...(query.get('q') ?? '').matchAll(/"(\d{2})\/(\d{2})\/(\d{4})"/g)].map(([, month, date, year]) => `${year}-${month}-${date}`);
      return from && to ? { from: `${from}T00:00:00Z`, to: `${to}T23:59:59Z`, offset: Number(query.get('offset') ?? 0) } : 'a window has two ends';
    },
    modified: (item) => (item as unknown as Joined).first.lastModifiedDate,
    page: (items, next) => JSON.stringify({ items: items.map((text) => ({ id: joinedIn(text).first.id })), hasMore: next !== undefined, count: items.length }),
  },
};

const found = (sale: DemoSale, state: DemoState): DemoMessage => ({ headers: {}, body: '', fetched: { id: sale.id, body: orderText(sale, state), makes: ['order.created'] } });

export const demo: Demo = {
  standIn,
  currencies: ['USD', 'JPY'],
  polled: 'only',
  without: ['discount', 'pending', 'payment'],
  tells: ['SHIPPED', 'CANCELLED'],
  ordered: found,
  changed: found,
};
