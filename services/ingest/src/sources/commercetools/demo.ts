import { exponentOf } from '../../convert/index.ts';
import type { Demo, DemoMessage, DemoSale, DemoState, Telling } from '../demo.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** A message in the platform format, as a queue holds it. */
const message = (type: string, sale: DemoSale, { at, version }: Pick<DemoState, 'at' | 'version'>, said: object, { delivery, account }: Telling): DemoMessage => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    notificationType: 'Message', projectKey: `demo-${account}`, id: `msg-${delivery}`, version: 1, sequenceNumber: version, resource: { typeId: 'order', id: sale.id }, resourceVersion: version,
    resourceUserProvidedIdentifiers: { orderNumber: sale.number.slice(1) }, type, createdAt: iso(at), lastModifiedAt: iso(at), ...said,
  }),
});

const paymentStates = { PAID: 'Paid', PENDING: 'Pending', FAILED: 'Failed' } as const;

function orderOf(sale: DemoSale, state: DemoState) {
  const { person, currency } = sale;
  const fractionDigits = exponentOf(currency);
  const money = (centAmount: number) => ({ type: 'centPrecision', currencyCode: currency, centAmount, fractionDigits });
  return {
    id: sale.id, version: state.version, orderNumber: sale.number.slice(1), createdAt: iso(sale.placedAt), lastModifiedAt: iso(state.at),
    ...(person ? { customerId: person.id, customerEmail: person.email } : { anonymousId: `anonymous-${sale.id}` }), locale: 'en',
    orderState: 'Open', paymentState: paymentStates[state.payment], shipmentState: 'Pending', shippingMode: 'Single', origin: 'Customer',
    totalPrice: money(sale.total - sale.tax),
    taxedPrice: { totalNet: money(sale.total - sale.tax), totalGross: money(sale.total), totalTax: money(sale.tax), taxPortions: [] },
    ...(sale.shipping > 0 && { shippingInfo: { shippingMethodName: 'Standard', price: money(sale.shipping), shippingMethodState: 'MatchesCart' } }),
    ...(person && { shippingAddress: {
      firstName: person.first, lastName: person.last, streetName: person.street, city: person.place.city, state: person.place.state, postalCode: person.place.postalCode,
      country: person.place.country, phone: person.phone, email: person.email,
    } }),
    lineItems: sale.lines.map((line) => ({
      id: `${sale.id}-${line.id}`, productId: line.product.id, name: { en: line.product.name }, variant: { id: 1, sku: line.product.sku, prices: [] },
      price: { id: `price-${line.product.id}`, value: money(line.unit) }, quantity: line.quantity, totalPrice: money(line.total), discountedPricePerQuantity: [], state: [], priceMode: 'Platform', lineItemMode: 'Standard',
    })),
    customLineItems: [], paymentInfo: { payments: [{ typeId: 'payment', id: sale.paymentReference }] }, syncInfo: [], returnInfo: [],
  };
}

/** What comes back is told without an amount, so that a made-up sale has nothing to say of it. */
export const demo: Demo = {
  currencies: ['EUR', 'USD', 'JPY'],
  without: ['comment'],
  tells: ['PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  ordered: (sale, state, telling) => message('OrderCreated', sale, { ...state, version: 1 }, { order: orderOf(sale, state) }, telling),
  changed: (sale, state, telling) => {
    const { fulfilment } = state;
    if (fulfilment === 'CANCELLED') return message('OrderStateChanged', sale, state, { orderState: 'Cancelled', oldOrderState: 'Open' }, telling);
    if (fulfilment === 'UNFULFILLED') return message('OrderPaymentStateChanged', sale, state, { paymentState: paymentStates[state.payment], oldPaymentState: 'Pending' }, telling);
    return message('OrderShipmentStateChanged', sale, state, { shipmentState: fulfilment === 'SHIPPED' ? 'Shipped' : 'Delivered', oldShipmentState: 'Pending' }, telling);
  },
  pinged: ({ delivery }) => ({ headers: {}, body: JSON.stringify({ notificationType: 'ResourceCreated', projectKey: 'demo', id: `msg-${delivery}`, resource: { typeId: 'subscription', id: 'demo' }, version: 1 }) }),
};
