import { decimalText, type Demo, type DemoMessage, type DemoSale, type DemoState, type Telling } from '../demo.ts';

/** Ids are 32 hex digits. */
const hex = (kind: string, digits: string): string => `${kind}${digits.padStart(32 - kind.length, '0')}`;
const time = (ms: number): string => new Date(ms).toISOString().replace('Z', '+00:00');

const state = (technicalName: string) => ({ technicalName, apiAlias: 'state_machine_state' });
const deliveryStates = { UNFULFILLED: 'open', SHIPPED: 'shipped', DELIVERED: 'shipped', CANCELLED: 'cancelled' };
const paymentStates = { PAID: 'paid', PENDING: 'open', FAILED: 'failed' };

/** The order as its events carry it: prices net, the tax apart. */
function orderOf(sale: DemoSale, { payment, fulfilment, at }: DemoState) {
  const { person, currency } = sale;
  const amount = (minor: number): number => Number(decimalText(minor, currency === 'JPY' ? 0 : 2));
  const rows = { createdAt: time(sale.placedAt), updatedAt: at === sale.placedAt ? null : time(at) };
  const where = {
    id: hex('ad', sale.serial), firstName: person?.first ?? 'Guest', lastName: person?.last ?? '', street: person?.street ?? '', zipcode: person?.place.postalCode ?? '', city: person?.place.city ?? '',
    phoneNumber: person?.phone ?? null, country: { iso: person?.place.country ?? '' }, countryState: person ? { shortCode: person.place.state } : null, apiAlias: 'order_address',
  };
  const taxes = [{ tax: amount(sale.tax), taxRate: 0, price: amount(sale.total - sale.tax) }];
  return {
    id: sale.id, orderNumber: sale.number, ...rows, orderDateTime: time(sale.placedAt), currencyFactor: 1, taxStatus: 'net', billingAddressId: where.id,
    price: { totalPrice: amount(sale.total), netPrice: amount(sale.total - sale.tax), calculatedTaxes: taxes, taxStatus: 'net' },
    amountTotal: amount(sale.total), amountNet: amount(sale.total - sale.tax), positionPrice: amount(sale.total - sale.tax - sale.shipping), shippingTotal: amount(sale.shipping),
    customerComment: sale.comment ?? null, currency: { isoCode: currency }, stateMachineState: state(fulfilment === 'CANCELLED' ? 'cancelled' : 'open'),
    orderCustomer: { email: person?.email ?? '', firstName: where.firstName, lastName: where.lastName, customerNumber: person?.id ?? `guest-${sale.serial}` },
    addresses: [where],
    deliveries: [{ id: hex('de', sale.serial), ...rows, trackingCodes: [] as string[], stateMachineState: state(deliveryStates[fulfilment]), shippingCosts: { totalPrice: amount(sale.shipping) }, shippingOrderAddress: where, positions: null as unknown }],
    transactions: [{
      id: hex('fa', sale.serial), ...rows, amount: { totalPrice: amount(sale.total) }, stateMachineState: state(paymentStates[payment]), paymentMethod: { technicalName: `payment_${sale.paidThrough ?? 'prepayment'}` },
      customFields: sale.paidThrough === undefined ? null : { swag_paypal_resource_id: sale.paymentReference },
    }],
    lineItems: sale.lines.map((line) => ({
      id: hex('e', `${sale.serial}${line.id.padStart(4, '0')}`), productId: hex('ab', line.product.id.replace(/\D/g, '')), label: line.product.name, quantity: line.quantity, type: 'product', parentId: null,
      unitPrice: amount(line.unit), totalPrice: amount(line.total), payload: { productNumber: line.product.sku, purchasePrices: JSON.stringify({ net: line.product.costCents / 100 }) },
    })),
  };
}

const message = (event: string, payload: unknown, { delivery, account }: Telling, more: Partial<DemoMessage> = {}): DemoMessage => ({
  headers: { 'content-type': 'application/json', 'sw-version': '6.6.10.0' },
  body: JSON.stringify({ data: { payload, event }, source: { url: `https://${account}.example.com`, appVersion: '1.0.0', shopId: 'demoShop', eventId: hex('ee', delivery) }, timestamp: 0 }),
  ...more,
});

const nameOf = ({ payment, fulfilment }: DemoState): string =>
  fulfilment === 'CANCELLED' ? 'order.state.cancelled' : fulfilment === 'UNFULFILLED' ? `order_transaction.state.${paymentStates[payment]}` : 'order_delivery.state.shipped';

export const demo: Demo = {
  currencies: ['EUR', 'USD', 'JPY'],
  without: ['discount'], // promotions are lines of their own
  orderId: (serial) => hex('', serial),
  tells: ['PAID', 'SHIPPED', 'CANCELLED'],
  ordered: (sale, told, telling) => message('checkout.order.placed', { order: orderOf(sale, told) }, telling),
  changed: (sale, told, telling) => message(`state_enter.${nameOf(told)}`, { order: orderOf(sale, told) }, telling),
  // the first line had a parcel of its own, which has come back
  returned: (sale, back, telling) => {
    const order = orderOf(sale, { payment: 'PAID', fulfilment: 'SHIPPED', at: back.at, version: 9 });
    const [line, [parcel]] = [order.lineItems.find(({ id }) => id.endsWith(back.line.id.padStart(4, '0'))), order.deliveries];
    const id = hex('db', back.id);
    const positions = [{ id: hex('dc', back.id), orderLineItemId: line?.id, quantity: line?.quantity, totalPrice: line?.totalPrice, price: { calculatedTaxes: [] } }];
    return message('state_enter.order_delivery.state.returned', { order: { ...order, deliveries: [parcel, { ...parcel, id, stateMachineState: state('returned'), positions }] } }, telling, { of: id });
  },
  pinged: (telling) => message('app.activated', [], telling),
};
