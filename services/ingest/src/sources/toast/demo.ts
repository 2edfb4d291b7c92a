import type { Demo, DemoMessage, DemoReturn, DemoSale, DemoState, Telling } from '../demo.ts';

/** As Toast writes times: `2026-11-22T09:30:00.000+0000`. */
const at = (ms: number): string => new Date(ms).toISOString().replace('Z', '+0000');
const dollars = (minor: number): number => minor / 100;

function orderOf(sale: DemoSale, state: DemoState, back?: DemoReturn) {
  const { person } = sale;
  const paid = state.payment === 'PAID';
  const closed = state.fulfilment === 'DELIVERED';
  return {
    guid: sale.id, entityType: 'Order', displayNumber: sale.number.slice(1), source: 'Online', businessDate: Number(at(sale.placedAt).slice(0, 10).replaceAll('-', '')), createdInTestMode: false,
    openedDate: at(sale.placedAt), createdDate: at(sale.placedAt), modifiedDate: at(state.at), paidDate: paid ? at(state.at) : null, closedDate: closed ? at(state.at) : null,
    voided: state.fulfilment === 'CANCELLED', deleted: false,
    deliveryInfo: person ? { address1: person.street, address2: '', city: person.place.city, state: person.place.state, zipCode: person.place.postalCode, latitude: person.latitude, longitude: person.longitude, notes: sale.comment ?? '' } : null,
    checks: [{
      guid: `${sale.id}-1`, entityType: 'Check', displayNumber: '1', voided: false, deleted: false,
      amount: dollars(sale.total - sale.tax), taxAmount: dollars(sale.tax), totalAmount: dollars(sale.total), paymentStatus: closed ? 'CLOSED' : paid ? 'PAID' : 'OPEN',
      customer: person ? { guid: person.id, firstName: person.first, lastName: person.last, email: person.email, phone: person.phone } : null,
      selections: sale.lines.map((line) => ({
        guid: `${sale.id}-s${line.id}`, entityType: 'MenuItemSelection', item: { guid: line.product.id, externalId: line.product.sku }, displayName: line.product.name, quantity: line.quantity,
        preDiscountPrice: dollars(line.unit * line.quantity), price: dollars(line.total), tax: 0, voided: false,
      })),
      appliedServiceCharges: [],
      payments: paid ? [{
        guid: sale.paymentReference, type: 'CREDIT', amount: dollars(sale.total), tipAmount: 0, refundStatus: back ? 'PARTIAL' : 'NONE',
        refund: back ? { refundAmount: dollars(back.amount), tipRefundAmount: 0, refundDate: at(back.at) } : null,
      }] : [],
    }],
  };
}

const message = (order: object, when: number, { delivery, account }: Telling, more: Partial<DemoMessage> = {}): DemoMessage => ({
  headers: { 'content-type': 'application/json', 'toast-event-type': 'order_updated', 'toast-attempt-number': '1' },
  body: JSON.stringify({ timestamp: new Date(when).toISOString(), eventCategory: 'order_updated', eventType: 'order_updated', guid: `evt-${delivery}`, details: { restaurantGuid: `restaurant-${account}`, order } }),
  ...more,
});

export const demo: Demo = {
  currencies: ['USD'],
  // what is delivered comes as a service charge, a line of its own
  without: ['shipping', 'guests'],
  tells: ['PAID', 'DELIVERED', 'CANCELLED'],
  ordered: (sale, state, telling) => message(orderOf(sale, state), state.at, telling),
  // a change is the order again
  changed: (sale, state, telling) => message(orderOf(sale, state), state.at, telling, { makes: ['order.created'] }),
  returned: (sale, back, telling) => message(
    orderOf(sale, { payment: 'PAID', fulfilment: 'DELIVERED', at: back.at, version: 9 }, back), back.at, telling, { of: sale.paymentReference, makes: ['order.created', 'return.requested'] },
  ),
  pinged: ({ delivery }) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ timestamp: '2026-11-22T09:00:00.000Z', eventCategory: 'stock', eventType: 'out_of_stock', guid: delivery, details: {} }) }),
};
