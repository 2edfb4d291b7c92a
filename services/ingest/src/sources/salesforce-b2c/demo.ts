import { decimalText, type Demo, type DemoMessage, type DemoSale, type DemoState, type StandIn } from '../demo.ts';
import { pageSize } from './poll.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

const statuses = { UNFULFILLED: 'new', SHIPPED: 'open', DELIVERED: 'completed', CANCELLED: 'cancelled' };

/** The order, as the list holds it. */
function orderText(sale: DemoSale, state: DemoState): string {
  const { person, currency } = sale;
  const amount = (minor: number): number => Number(decimalText(minor, currency === 'JPY' ? 0 : 2));
  const address = person && {
    firstName: person.first, lastName: person.last, address1: person.street, city: person.place.city, stateCode: person.place.state, postalCode: person.place.postalCode, countryCode: person.place.country,
    phone: person.phone,
  };
  const products = sale.lines.reduce((all, { total }) => all + total, 0);
  return JSON.stringify({
    orderNo: sale.id,
    creationDate: iso(sale.placedAt), lastModified: iso(state.at), currency, taxation: 'net', status: statuses[state.fulfilment], confirmationStatus: 'confirmed', exportStatus: 'ready',
    paymentStatus: state.payment === 'PAID' ? 'paid' : 'not_paid', shippingStatus: state.fulfilment === 'SHIPPED' || state.fulfilment === 'DELIVERED' ? 'shipped' : 'not_shipped',
    orderTotal: amount(sale.total), productSubTotal: amount(products), productTotal: amount(products), shippingTotal: amount(sale.shipping), taxTotal: amount(sale.tax), guest: !person,
    customerInfo: person ? { customerNo: person.id.replace(/\D/g, ''), firstName: person.first, lastName: person.last, email: person.email } : {},
    ...(address && { billingAddress: address }),
    shipments: [{ shipmentId: 'me', ...(address && { shippingAddress: address }), shippingMethod: { id: '001', name: 'Ground' }, ...(sale.comment !== undefined && { gift: true, giftMessage: sale.comment }) }],
    productItems: sale.lines.map((line) => ({
      itemId: `${sale.serial}${line.id.padStart(3, '0')}`, productId: line.product.sku, productName: line.product.name, quantity: line.quantity, basePrice: amount(line.unit),
      price: amount(line.unit * line.quantity), priceAfterItemDiscount: amount(line.total), shipmentId: 'me',
    })),
    paymentInstruments: [{ paymentInstrumentId: sale.paymentReference, paymentMethodId: 'CREDIT_CARD', amount: amount(sale.total) }],
  });
}

const standIn: StandIn = {
  list: {
    path: /^\/checkout\/orders\/v1\/organizations\/[^/]+\/orders$/,
    pageSize,
    asked(query) {
      const [from, to, offset] = ['lastModifiedDateFrom', 'lastModifiedDateTo', 'offset'].map((name) => query.get(name));
      if (!query.get('siteId')) return 'siteId is required';
      return from && to ? { from, to, offset: Number(offset ?? 0) } : 'a window has two ends';
    },
    modified: (item) => String(item['lastModified']),
    page: (items, next, asked) => `{"limit":${pageSize},"offset":${asked.offset},"total":${asked.offset + items.length + (next ? 1 : 0)},"data":[${items.join(',')}]}`,
  },
};

const found = (sale: DemoSale, state: DemoState): DemoMessage => ({ headers: {}, body: '', fetched: { id: sale.id, body: orderText(sale, state), makes: ['order.created'] } });

export const demo: Demo = {
  standIn,
  currencies: ['USD', 'JPY'],
  polled: 'only',
  tells: ['PAID', 'SHIPPED', 'CANCELLED'],
  ordered: found,
  changed: found,
};
