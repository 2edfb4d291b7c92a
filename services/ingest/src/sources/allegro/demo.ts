import { decimalText, type Demo, type DemoMessage, type DemoSale, type DemoState, type StandIn } from '../demo.ts';
import { pageSize } from './poll.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** Ids are UUIDs; the digits of a serial make its end. */
const orderId = (serial: string): string => serial.padStart(32, '0').replace(/^(.{8})(.{4})(.{4})(.{4})(.{12})$/, '$1-$2-$3-$4-$5');

const words = { UNFULFILLED: 'NEW', SHIPPED: 'SENT', DELIVERED: 'PICKED_UP', CANCELLED: 'CANCELLED' };

/** The checkout form, as the list holds it. */
function orderText(sale: DemoSale, state: DemoState): string {
  const { person, currency } = sale;
  const money = (minor: number) => ({ amount: decimalText(minor, 2), currency });
  const address = person && { firstName: person.first, lastName: person.last, street: person.street, city: person.place.city, zipCode: person.place.postalCode, countryCode: person.place.country, phoneNumber: person.phone };
  const placedAt = iso(sale.placedAt);
  return JSON.stringify({
    id: sale.id,
    messageToSeller: sale.comment ?? null,
    buyer: person ? { id: person.id.replace(/\D/g, ''), email: person.email, login: person.first.toLowerCase(), firstName: person.first, lastName: person.last, guest: false } : { guest: true },
    payment: { id: sale.paymentReference, type: 'ONLINE', provider: 'P24', finishedAt: state.payment === 'PAID' ? placedAt : null, paidAmount: state.payment === 'PAID' ? money(sale.total) : null },
    status: state.fulfilment === 'CANCELLED' ? 'CANCELLED' : state.payment === 'PAID' ? 'READY_FOR_PROCESSING' : 'FILLED_IN',
    fulfillment: { status: words[state.fulfilment], shipmentSummary: { lineItemsSent: state.fulfilment === 'SHIPPED' ? 'ALL' : 'NONE' } },
    delivery: { address: address ?? null, method: { id: 'courier', name: 'Courier' }, cost: money(sale.shipping), time: { to: iso(sale.placedAt + 3 * 86_400_000) } },
    lineItems: sale.lines.map((line) => ({
      id: `${sale.serial}${line.id.padStart(3, '0')}`, offer: { id: line.product.id.replace(/\D/g, ''), name: line.product.name, external: { id: line.product.sku } }, quantity: line.quantity,
      originalPrice: money(line.unit), price: money(line.unit), boughtAt: placedAt,
    })),
    surcharges: [],
    summary: { totalToPay: money(sale.total) },
    updatedAt: iso(state.at),
    revision: String(state.version),
  });
}

const standIn: StandIn = {
  list: {
    path: /^\/order\/checkout-forms$/,
    pageSize,
    asked(query) {
      const [from, to, offset] = ['updatedAt.gte', 'updatedAt.lte', 'offset'].map((name) => query.get(name));
      return from && to ? { from, to, offset: Number(offset ?? 0) } : 'a range of updatedAt has two ends';
    },
    modified: (item) => String(item['updatedAt']),
    // there are more orders than are shown by one at least
    page: (items, next, asked) => `{"checkoutForms":[${items.join(',')}],"count":${items.length},"totalCount":${asked.offset + items.length + (next ? 1 : 0)}}`,
  },
};

const found = (sale: DemoSale, state: DemoState): DemoMessage => ({ headers: {}, body: '', fetched: { id: sale.id, body: orderText(sale, state), makes: ['order.created'] } });

export const demo: Demo = {
  standIn,
  currencies: ['PLN', 'CZK'],
  polled: 'only',
  // prices include the tax, and are what was paid for a thing
  without: ['tax', 'discount'],
  orderId,
  tells: ['PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  ordered: found,
  changed: found,
};
