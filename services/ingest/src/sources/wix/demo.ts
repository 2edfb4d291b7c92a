import { exponentOf } from '../../convert/index.ts';
import { decimalText, type Demo, type DemoMessage, type DemoSale, type DemoState, type Telling } from '../demo.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** The claims of the JWT that its sender makes of it; `said`: the entity or the action. */
const event = (entity: 'order' | 'order_transactions', slug: string, entityId: string, said: object, at: number, { delivery, account }: Telling, more: Partial<DemoMessage> = {}): DemoMessage => {
  const entityFqdn = `wix.ecom.v1.${entity}`;
  const data = JSON.stringify({ id: `evt-${delivery}`, entityFqdn, slug, entityId, ...said, eventTime: iso(at), triggeredByAnonymizeRequest: false, entityEventSequence: delivery });
  return { headers: { 'content-type': 'text/plain' }, body: JSON.stringify({ data: JSON.stringify({ eventType: `${entityFqdn}_${slug}`, instanceId: `demo-${account}`, data }) }), ...more };
};

const paymentStatus = { PAID: 'PAID', PENDING: 'NOT_PAID', FAILED: 'DECLINED' } as const;

function orderOf(sale: DemoSale, state: DemoState) {
  const { person } = sale;
  const money = (minor: number) => ({ amount: decimalText(minor, exponentOf(sale.currency)) });
  const contact = person && {
    address: {
      country: person.place.country, subdivision: `${person.place.country}-${person.place.state}`, city: person.place.city, postalCode: person.place.postalCode, addressLine1: person.street,
      location: { latitude: person.latitude, longitude: person.longitude },
    },
    contactDetails: { firstName: person.first, lastName: person.last, phone: person.phone },
  };
  const cancelled = state.fulfilment === 'CANCELLED';
  return {
    id: sale.id, number: sale.number.slice(1), createdDate: iso(sale.placedAt), purchasedDate: iso(sale.placedAt), updatedDate: iso(state.at), currency: sale.currency, taxIncludedInPrices: false,
    buyerInfo: person ? { contactId: person.id, email: person.email } : { visitorId: `visit-${sale.id}` },
    status: cancelled ? 'CANCELED' : state.payment === 'PAID' ? 'APPROVED' : 'INITIALIZED', paymentStatus: paymentStatus[state.payment],
    fulfillmentStatus: state.fulfilment === 'SHIPPED' ? 'FULFILLED' : 'NOT_FULFILLED',
    priceSummary: {
      subtotal: money(sale.lines.reduce((sum, line) => sum + line.unit * line.quantity, 0)), shipping: money(sale.shipping), tax: money(sale.tax),
      discount: money(sale.lines.reduce((sum, line) => sum + line.discount, 0)), total: money(sale.total), totalAdditionalFees: money(0),
    },
    ...(contact && { billingInfo: contact, recipientInfo: contact }), buyerNote: sale.comment ?? '',
    lineItems: sale.lines.map((line) => ({
      id: `${sale.id}-${line.id}`, productName: { original: line.product.name }, catalogReference: { catalogItemId: line.product.id, appId: '215238eb-22a5-4c36-9e7b-e7c08025e04e' }, quantity: line.quantity,
      priceBeforeDiscounts: money(line.unit), price: money(line.unit), totalDiscount: money(line.discount), physicalProperties: { sku: line.product.sku, shippable: true },
    })),
  };
}

const slugOf = ({ fulfilment }: DemoState): string => (fulfilment === 'CANCELLED' ? 'canceled' : fulfilment === 'SHIPPED' ? 'fulfilled' : 'payment_status_updated');

export const demo: Demo = {
  currencies: ['USD'],
  tells: ['PAID', 'SHIPPED', 'CANCELLED'],
  ordered: (sale, state, telling) => event('order', 'created', sale.id, { createdEvent: { entity: orderOf(sale, state) } }, state.at, telling),
  changed: (sale, state, telling) => event('order', slugOf(state), sale.id, { actionEvent: { body: { order: orderOf(sale, state) } } }, state.at, telling),
  returned: (sale, back, telling) => event('order_transactions', 'refund_completed', sale.id, { actionEvent: { body: { orderId: sale.id, refund: {
    id: back.id, createdDate: iso(back.at), transactions: [{ paymentId: sale.paymentReference, amount: { amount: decimalText(back.amount, exponentOf(sale.currency)) }, refundStatus: 'SUCCEEDED' }],
    details: { reason: back.comment, lineItems: [{ lineItemId: `${sale.id}-${back.line.id}`, quantity: back.line.quantity }] },
  } } } }, back.at, telling),
  pinged: (telling) => event('order', 'imported_order_deleted', 'demo', { actionEvent: { body: {} } }, 0, telling),
};
