import { decimalText, type Demo, type DemoMessage, type DemoSale, type DemoState, type StandIn, type StandInPage, type Telling } from '../demo.ts';

const at = (ms: number): string => new Date(ms).toISOString();
const words = { UNFULFILLED: 'PENDING', SHIPPED: 'FULFILLED', DELIVERED: 'FULFILLED', CANCELLED: 'CANCELED' };

function addressOf({ person }: DemoSale) {
  if (!person) return null;
  return {
    firstName: person.first, lastName: person.last, address1: person.street, address2: null, city: person.place.city, state: person.place.state,
    countryCode: person.place.country, postalCode: person.place.postalCode, phone: person.phone,
  };
}

/** The order as the Orders API returns it, as text: its bytes are what an event's id is made of. */
export function orderText(sale: DemoSale, { fulfilment, at: modifiedAt }: Pick<DemoState, 'fulfilment' | 'at'>): string {
  const money = (minor: number) => ({ currency: sale.currency, value: decimalText(minor, 2) });
  const sum = (of: (line: DemoSale['lines'][number]) => number): number => sale.lines.reduce((all, line) => all + of(line), 0);
  const sent = fulfilment === 'SHIPPED';
  return JSON.stringify({
    id: sale.id,
    orderNumber: sale.number.slice(1),
    createdOn: at(sale.placedAt),
    modifiedOn: at(modifiedAt),
    channel: 'web',
    testmode: false,
    customerEmail: sale.person?.email ?? null,
    billingAddress: addressOf(sale),
    shippingAddress: addressOf(sale),
    fulfillmentStatus: words[fulfilment],
    lineItems: sale.lines.map((line) => ({
      id: `${sale.id}${line.id.padStart(3, '0')}`, variantId: `v-${line.product.id}`, sku: line.product.sku, productId: line.product.id, productName: line.product.name,
      quantity: line.quantity, unitPricePaid: money(line.unit), variantOptions: [], customizations: null, imageUrl: null, lineItemType: 'PHYSICAL_PRODUCT',
    })),
    internalNotes: [],
    shippingLines: sale.shipping > 0 ? [{ method: 'Standard', amount: money(sale.shipping) }] : [],
    discountLines: [],
    formSubmission: null,
    fulfillments: sent
      ? [{ shipDate: at(modifiedAt), carrierName: 'Demo Post', service: 'Parcel', trackingNumber: `DP${sale.id}`, trackingUrl: `https://post.example.com/${sale.id}` }]
      : [],
    subtotal: money(sum(({ unit, quantity }) => unit * quantity)),
    shippingTotal: money(sale.shipping),
    discountTotal: money(sum(({ discount }) => discount)),
    taxTotal: money(sale.tax),
    refundedTotal: money(0),
    grandTotal: money(sale.total),
    channelName: null,
    externalOrderReference: null,
    fulfilledOn: sent ? at(modifiedAt) : null,
    priceTaxInterpretation: 'EXCLUSIVE',
  });
}

/** The notice that something happened to the order, which its time tells without seconds; and what its fetch finds. */
function notice(topic: 'order.create' | 'order.update', sale: DemoSale, state: DemoState, { delivery }: Telling): DemoMessage {
  const body = {
    id: `ntf_${delivery}`, websiteId: '60aa11bb22cc33dd44ee5501', subscriptionId: '60aa11bb22cc33dd44ee5502', topic,
    createdOn: `${at(state.at).slice(0, 16)}+00:00`, data: { orderId: sale.id, ...(topic === 'order.update' && { update: words[state.fulfilment] }) },
  };
  return {
    headers: { 'content-type': 'application/json', 'user-agent': 'Squarespace/1.0' },
    body: JSON.stringify(body),
    // where a parcel is, is an event of its own
    fetched: { id: sale.id, body: orderText(sale, state), makes: state.fulfilment === 'SHIPPED' ? ['order.created', 'order.updated'] : ['order.created'] },
  };
}

/** https://developers.squarespace.com/commerce-apis/retrieve-all-orders : a page by its window, or by what its cursor names; never both. */
const standIn: StandIn = {
  item: /^\/1\.0\/commerce\/orders\/([^/?]+)$/,
  wantsUserAgent: true,
  list: {
    path: /^\/1\.0\/commerce\/orders$/,
    pageSize: 50,
    asked(query) {
      const [from, to, cursor] = ['modifiedAfter', 'modifiedBefore', 'cursor'].map((name) => query.get(name));
      if (cursor) return from || to ? 'either a cursor or a date range' : (JSON.parse(Buffer.from(cursor, 'base64url').toString()) as StandInPage);
      return from && to ? { from, to, offset: 0 } : 'a date range has two ends';
    },
    modified: (item) => String(item['modifiedOn']),
    page: (items, next) => `{"result":[${items.join(',')}],"pagination":${JSON.stringify({ hasNextPage: next !== undefined, nextPageCursor: next ? Buffer.from(JSON.stringify(next)).toString('base64url') : null, nextPageUrl: null })}}`,
  },
};

export const demo: Demo = {
  standIn,
  currencies: ['USD'],
  polled: true,
  without: ['pending', 'payment'],
  tells: ['SHIPPED', 'CANCELLED'],
  ordered: (sale, state, telling) => notice('order.create', sale, state, telling),
  changed: (sale, state, telling) => notice('order.update', sale, state, telling),
  pinged: ({ delivery }) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ id: `ntf_${delivery}`, topic: 'extension.uninstall', createdOn: '2026-11-22T12:00+00:00', data: {} }) }),
};
