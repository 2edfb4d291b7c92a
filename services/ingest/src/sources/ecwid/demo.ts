import { exponentOf } from '../../convert/index.ts';
import type { Demo, DemoMessage, DemoReturn, DemoSale, DemoState, Telling } from '../demo.ts';

const written = (ms: number): string => new Date(ms).toISOString().replace('T', ' ').replace('.000Z', ' +0000');
const payments = { PAID: 'PAID', PENDING: 'AWAITING_PAYMENT', FAILED: 'INCOMPLETE' };
const fulfilments = { UNFULFILLED: 'AWAITING_PROCESSING', SHIPPED: 'SHIPPED', DELIVERED: 'DELIVERED', CANCELLED: 'WILL_NOT_DELIVER' };

/** The order as the API returns it. */
function orderText(sale: DemoSale, { payment, fulfilment, at }: DemoState, back?: DemoReturn): string {
  const sum = (of: (line: DemoSale['lines'][number]) => number): number => sale.lines.reduce((all, line) => all + of(line), 0);
  const money = (minor: number): number => minor / 10 ** exponentOf(sale.currency);
  const person = sale.person && {
    name: `${sale.person.first} ${sale.person.last}`, street: sale.person.street, city: sale.person.place.city, countryCode: sale.person.place.country, postalCode: sale.person.place.postalCode,
    stateOrProvinceCode: sale.person.place.state, phone: sale.person.phone,
  };
  return JSON.stringify({
    id: sale.id, internalId: Number(sale.serial), vendorOrderNumber: sale.id, orderNumber: Number(sale.serial), subtotal: money(sum((line) => line.unit * line.quantity)), total: money(sale.total), tax: money(sale.tax),
    couponDiscount: 0, discount: money(sum((line) => line.discount)), refundedAmount: money(back?.amount ?? 0), paymentMethod: 'Card', paymentStatus: back ? 'PARTIALLY_REFUNDED' : payments[payment],
    fulfillmentStatus: fulfilments[fulfilment], createDate: written(sale.placedAt), updateDate: written(at), createTimestamp: sale.placedAt / 1000, updateTimestamp: at / 1000, externalTransactionId: sale.paymentReference,
    ...(sale.person && { email: sale.person.email, customerId: Number(sale.person.id.replace(/\D/g, '')) }), orderComments: sale.comment ?? '',
    items: sale.lines.map(({ id, product, quantity, unit, discount }) => ({
      id: Number(`${sale.serial.slice(-9)}${id.padStart(3, '0')}`), productId: Number(product.id.replace(/\D/g, '')), categoryId: 0, price: money(unit), productPrice: money(unit), sku: product.sku, name: product.name, quantity,
      tax: 0, costPrice: product.costCents / 100, couponApplied: false, discounts: discount > 0 ? [{ discountInfo: { value: money(discount), type: 'ABS', base: 'CUSTOM' }, total: money(discount) }] : [],
    })),
    ...(person && { billingPerson: person, shippingPerson: person }),
    shippingOption: { shippingMethodName: 'Standard', shippingCarrierName: 'Demo Post', shippingRate: money(sale.shipping), isPickup: false },
    ...(fulfilment === 'SHIPPED' && { trackingNumber: `DP${sale.serial}` }),
    ...(back && { refunds: [{ date: written(back.at), source: 'CP', reason: back.comment, amount: money(back.amount) }] }),
  });
}

function notice(eventType: string, sale: DemoSale, state: DemoState, { delivery }: Telling, back?: DemoReturn): DemoMessage {
  const body = { eventId: `08a78904-${delivery}`, eventCreated: state.at / 1000, storeId: 1003, entityId: Number(sale.serial), eventType, data: { orderId: sale.id, newPaymentStatus: payments[state.payment] } };
  return {
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    query: `eventType=${eventType}`,
    body: JSON.stringify(body),
    fetched: {
      id: sale.id, body: orderText(sale, state, back),
      makes: ['order.created', ...(state.fulfilment === 'SHIPPED' ? ['order.updated' as const] : []), ...(back ? ['return.requested' as const] : [])],
    },
    ...(back && { of: `${sale.id}-${back.at / 1000}` }),
  };
}

export const demo: Demo = {
  currencies: ['USD'],
  orderId: (serial) => `E${serial}`,
  tells: ['PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  ordered: (sale, state, telling) => notice('order.created', sale, state, telling),
  changed: (sale, state, telling) => notice('order.updated', sale, state, telling),
  returned: (sale, back, telling) => notice('order.updated', sale, { payment: 'PAID', fulfilment: 'DELIVERED', at: back.at, version: 9 }, telling, back),
  pinged: ({ delivery }) => ({
    headers: { 'content-type': 'application/json; charset=UTF-8' },
    body: JSON.stringify({ eventId: `08a78904-${delivery}`, eventCreated: 1_795_000_000, storeId: 1003, entityId: 66_722_483, eventType: 'product.updated' }),
  }),
};
