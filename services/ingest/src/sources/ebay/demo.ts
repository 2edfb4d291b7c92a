import { decimalText, type Demo, type DemoMessage, type DemoSale, type DemoState, type StandIn, type Telling } from '../demo.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** As eBay writes the ids of orders, with dashes; the zeroes before a serial tell nothing. */
const orderId = (serial: string): string => serial.padStart(16, '0').replace(/^(\d{6})(\d{5})(\d{5})$/, '$1-$2-$3');

/** As `GET /sell/fulfillment/v1/order/{orderId}` returns it. */
function orderText(sale: DemoSale, state: DemoState): string {
  const { person, currency } = sale;
  const money = (minor: number) => ({ value: decimalText(minor, 2), currency });
  const contact = person && {
    fullName: `${person.first} ${person.last}`, email: person.email, primaryPhone: { phoneNumber: person.phone },
    contactAddress: { addressLine1: person.street, city: person.place.city, stateOrProvince: person.place.state, postalCode: person.place.postalCode, countryCode: person.place.country },
  };
  return JSON.stringify({
    orderId: sale.id, legacyOrderId: sale.id, creationDate: iso(sale.placedAt), lastModifiedDate: iso(state.at), orderFulfillmentStatus: 'NOT_STARTED', orderPaymentStatus: state.payment, sellerId: 'demo-seller',
    buyer: person ? { username: person.id, buyerRegistrationAddress: contact } : {},
    pricingSummary: { priceSubtotal: money(sale.lines.reduce((sum, { quantity, unit }) => sum + quantity * unit, 0)), deliveryCost: money(sale.shipping), tax: money(sale.tax), total: money(sale.total) },
    cancelStatus: { cancelState: 'NONE_REQUESTED', cancelRequests: [] },
    paymentSummary: { totalDueSeller: money(sale.total), refunds: [], payments: [{ paymentMethod: 'EBAY', paymentReferenceId: sale.paymentReference, amount: money(sale.total), paymentStatus: state.payment }] },
    fulfillmentStartInstructions: contact ? [{ fulfillmentInstructionsType: 'SHIP_TO', maxEstimatedDeliveryDate: iso(sale.placedAt + 5 * 86_400_000), shippingStep: { shipTo: contact } }] : [],
    lineItems: sale.lines.map(({ id, product, quantity, unit, discount, total }) => ({
      lineItemId: `${sale.serial}${id.padStart(3, '0')}`, legacyItemId: product.id.replace(/\D/g, ''), sku: product.sku, title: product.name, quantity, soldFormat: 'FIXED_PRICE', lineItemCost: money(quantity * unit),
      ...(discount > 0 && { discountedLineItemCost: money(total) }), lineItemFulfillmentStatus: 'NOT_STARTED', refunds: [], taxes: [], appliedPromotions: [],
    })),
    ...(sale.comment !== undefined && { buyerCheckoutNotes: sale.comment }),
  });
}

const confirmation = (sale: DemoSale, state: DemoState, { delivery }: Telling): DemoMessage => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    metadata: { topic: 'ORDER_CONFIRMATION', schemaVersion: '1.0', deprecated: false },
    notification: {
      notificationId: `eb-${delivery}`, eventDate: iso(state.at), publishDate: iso(state.at), publishAttemptCount: 1,
      data: { user: { userId: 'demo', username: 'demo-seller' }, order: { orderId: sale.id, orderLineItems: [{ orderLineItemId: `${sale.serial}001`, listingId: '1', quantity: 1 }] } },
    },
  }),
  fetched: { id: sale.id, body: orderText(sale, state), makes: ['order.created'] },
});

const standIn: StandIn = {
  item: /^\/sell\/fulfillment\/v1\/order\/([^/?]+)$/,
  list: {
    path: /^\/sell\/fulfillment\/v1\/order$/,
    pageSize: 50,
    names: true,
    asked(query) {
      const [, from, to] = /^lastmodifieddate:\[(\S+?)\.\.(\S*)\]$/.exec(query.get('filter') ?? '') ?? [];
      return from === undefined ? 'filter is wrong' : { from, to: to || '9999-12-31T00:00:00.000Z', offset: Number(query.get('offset') ?? 0) };
    },
    modified: (item) => String(item['lastModifiedDate']),
    page: (items, next, { offset }) =>
      `{"orders":[${items.join(',')}],"offset":${offset},"limit":50,"total":${offset + items.length + (next ? 1 : 0)}${next ? ',"next":"https://api.ebay.com/sell/fulfillment/v1/order"' : ''}}`,
  },
};

export const demo: Demo = {
  standIn,
  currencies: ['USD', 'GBP', 'EUR'],
  polled: true,
  orderId,
  tells: ['PAID'], // its checkout was complete once more
  ordered: confirmation,
  changed: confirmation,
  pinged: ({ delivery }) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ metadata: { topic: 'MARKETPLACE_ACCOUNT_DELETION', schemaVersion: '1.0' }, notification: { notificationId: `eb-${delivery}`, data: { username: 'someone' } } }),
  }),
};
