import type { Demo, DemoMessage, DemoReturn, DemoSale, DemoState, Telling } from '../demo.ts';

const charge = (type: string, name: string, minor: number, currency: string) => ({ chargeType: type, chargeName: name, chargeAmount: { currency, amount: minor / 100 }, tax: null });
const countries: Readonly<Record<string, string>> = { US: 'USA', CA: 'CAN', MX: 'MEX' };

function orderOf(sale: DemoSale, state: DemoState, back?: DemoReturn) {
  const { person, currency } = sale;
  const status = { UNFULFILLED: 'Created', SHIPPED: 'Shipped', DELIVERED: 'Delivered', CANCELLED: 'Cancelled' }[state.fulfilment];
  return {
    order: {
      purchaseOrderId: sale.id, customerOrderId: `2${sale.serial}`, customerEmailId: person?.email ?? null, orderDate: sale.placedAt,
      shippingInfo: {
        phone: person?.phone ?? null, estimatedDeliveryDate: sale.placedAt + 5 * 86_400_000, estimatedShipDate: sale.placedAt + 86_400_000, methodCode: 'Standard',
        postalAddress: person ? { name: `${person.first} ${person.last}`, address1: person.street, address2: null, city: person.place.city, state: person.place.state, postalCode: person.place.postalCode, country: countries[person.place.country] ?? person.place.country, addressType: 'RESIDENTIAL' } : null,
      },
      orderLines: {
        orderLine: sale.lines.map((line, at) => ({
          lineNumber: line.id, item: { productName: line.product.name, sku: line.product.sku },
          charges: { charge: [charge('PRODUCT', 'ItemPrice', line.total, currency), ...(at === 0 && sale.shipping > 0 ? [charge('SHIPPING', 'Shipping', sale.shipping, currency)] : [])] },
          orderLineQuantity: { unitOfMeasurement: 'EACH', amount: String(line.quantity) }, statusDate: state.at,
          orderLineStatuses: { orderLineStatus: [{ status, statusQuantity: { unitOfMeasurement: 'EACH', amount: String(line.quantity) }, cancellationReason: null, trackingInfo: null }] },
          refund: back && at === 0 ? { refundId: back.id, refundComments: back.comment, refundCharges: { refundCharge: [{ refundReason: 'ItemDamaged', charge: charge('PRODUCT', 'ItemPrice', -back.amount, currency) }] } } : null,
        })),
      },
    },
  };
}

const notice = (kind: string, sale: DemoSale, order: object, when: number, { delivery, account }: Telling, more: Partial<DemoMessage['fetched']> = {}): DemoMessage => ({
  headers: { 'content-type': 'application/json', 'wm_sec.timestamp': String(when) },
  body: JSON.stringify({
    source: { eventType: 'ORDER_UPDATES', eventTime: new Date(when).toISOString(), eventId: `evt-${delivery}` },
    payload: { partnerId: account, subEventType: kind, order: { purchaseOrderId: sale.id, customerOrderId: `2${sale.serial}`, orderDate: new Date(sale.placedAt).toISOString() } },
  }),
  fetched: { id: sale.id, body: JSON.stringify(order), makes: ['order.created'], ...more },
});

export const demo: Demo = {
  currencies: ['USD'],
  // Walmart settles payment; prices are what they are
  without: ['tax', 'discount', 'pending', 'comment', 'payment'],
  tells: ['SHIPPED', 'DELIVERED', 'CANCELLED'],
  ordered: (sale, state, telling) => notice('PO_CREATED', sale, orderOf(sale, state), state.at, telling),
  changed: (sale, state, telling) => notice('PO_UPDATED', sale, orderOf(sale, state), state.at, telling),
  returned: (sale, back, telling) => notice('PO_UPDATED', sale, orderOf(sale, { payment: 'PAID', fulfilment: 'DELIVERED', at: back.at, version: 9 }, back), back.at, telling, { makes: ['order.created', 'return.requested'] }),
  pinged: ({ delivery }) => ({ headers: { 'content-type': 'application/json', 'wm_sec.timestamp': '1' }, body: JSON.stringify({ source: { eventType: 'INVENTORY_OOS', eventTime: '2026-11-22T09:00:00Z', eventId: delivery }, payload: {} }) }),
};
