import type { Message } from './canonical.ts';
import { decimalText, type Sale } from './sale.ts';

/** State of a Squarespace order when it is fetched. */
export interface ShopState {
  readonly fulfilment: 'PENDING' | 'FULFILLED';
  /** Milliseconds since 1970. */
  readonly modifiedAt: number;
}

function addressOf({ person }: Sale) {
  if (!person) return null;
  return {
    firstName: person.first, lastName: person.last, address1: person.street, address2: null, city: person.place.city, state: person.place.state,
    countryCode: person.place.country, postalCode: person.place.postalCode, phone: person.phone,
  };
}

/** The order as the Orders API returns it, as text: its bytes are what an event's id is made of. */
export function orderText(sale: Sale, state: ShopState): string {
  const money = (minor: number) => ({ currency: sale.currency, value: decimalText(minor, sale.currency) });
  const at = (ms: number): string => new Date(ms).toISOString();
  const sum = (of: (line: Sale['lines'][number]) => number): number => sale.lines.reduce((all, line) => all + of(line), 0);
  return JSON.stringify({
    id: sale.id,
    orderNumber: String(sale.n + 1001),
    createdOn: at(sale.placedAt),
    modifiedOn: at(state.modifiedAt),
    channel: 'web',
    testmode: false,
    customerEmail: sale.person?.email ?? null,
    billingAddress: addressOf(sale),
    shippingAddress: addressOf(sale),
    fulfillmentStatus: state.fulfilment,
    lineItems: sale.lines.map((line) => ({
      id: `${sale.id}${line.id.padStart(3, '0')}`, variantId: `v-${line.product.id}`, sku: line.product.sku, productId: line.product.id, productName: line.product.name,
      quantity: line.quantity, unitPricePaid: money(line.unit), variantOptions: [], customizations: null, imageUrl: null, lineItemType: 'PHYSICAL_PRODUCT',
    })),
    internalNotes: [],
    shippingLines: sale.shipping > 0 ? [{ method: 'Standard', amount: money(sale.shipping) }] : [],
    discountLines: [],
    formSubmission: null,
    fulfillments: state.fulfilment === 'FULFILLED'
      ? [{ shipDate: at(state.modifiedAt), carrierName: 'Demo Post', service: 'Parcel', trackingNumber: `DP${sale.id}`, trackingUrl: `https://post.example.com/${sale.id}` }]
      : [],
    subtotal: money(sum(({ unit, quantity }) => unit * quantity)),
    shippingTotal: money(sale.shipping),
    discountTotal: money(sum(({ discount }) => discount)),
    taxTotal: money(sale.tax),
    refundedTotal: money(0),
    grandTotal: money(sale.total),
    channelName: null,
    externalOrderReference: null,
    fulfilledOn: state.fulfilment === 'FULFILLED' ? at(state.modifiedAt) : null,
    priceTaxInterpretation: 'EXCLUSIVE',
  });
}

/** The notice that something happened to the order; its time has no seconds. */
export const notified = (sale: Sale, id: string, topic: 'order.create' | 'order.update', at: number): Message => ({
  headers: { 'content-type': 'application/json', 'user-agent': 'Squarespace/1.0' },
  body: JSON.stringify({
    id, websiteId: '60aa11bb22cc33dd44ee5501', subscriptionId: '60aa11bb22cc33dd44ee5502', topic,
    createdOn: `${new Date(at).toISOString().slice(0, 16)}+00:00`,
    data: { orderId: sale.id, ...(topic === 'order.update' && { update: 'FULFILLED' }) },
  }),
});
