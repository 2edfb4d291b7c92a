import type { Demo, DemoMessage, DemoSale, DemoState, Telling } from '../demo.ts';

const time = (ms: number): string => new Date(ms).toISOString();
const digits = (text: string): number => Number(text.replace(/\D/g, ''));

const states = { UNFULFILLED: 'PaymentSettled', SHIPPED: 'Shipped', DELIVERED: 'Delivered', CANCELLED: 'Cancelled' };
const payments = { PAID: 'Settled', PENDING: 'Authorized', FAILED: 'Declined' };

/** The order as our plugin posts it; money by Vendure's own precision, two digits of any currency. */
function orderOf(sale: DemoSale, { payment, fulfilment }: DemoState) {
  const { person, currency } = sale;
  const money = (minor: number): number => (currency === 'JPY' ? minor * 100 : minor);
  const address = person && {
    fullName: `${person.first} ${person.last}`, streetLine1: person.street, streetLine2: '', city: person.place.city, province: person.place.state, postalCode: person.place.postalCode,
    country: person.place.country, countryCode: person.place.country, phoneNumber: person.phone,
  };
  return {
    id: Number(sale.id), code: sale.number, type: 'Regular', state: fulfilment === 'UNFULFILLED' && payment !== 'PAID' ? 'PaymentAuthorized' : states[fulfilment], createdAt: time(sale.placedAt), orderPlacedAt: time(sale.placedAt), currencyCode: currency,
    total: money(sale.total - sale.tax), totalWithTax: money(sale.total), shipping: money(sale.shipping), customFields: sale.comment === undefined ? {} : { customerNote: sale.comment },
    customer: person ? { id: digits(person.id), firstName: person.first, lastName: person.last, emailAddress: person.email, phoneNumber: person.phone, createdAt: person.joinedAt } : null,
    shippingAddress: address ?? {}, billingAddress: {}, surcharges: [] as unknown[], fulfillments: [] as unknown[],
    payments: [{ id: 1, method: sale.paidThrough ?? 'dummy-payment-handler', amount: money(sale.total), state: payments[payment], transactionId: sale.paidThrough === undefined ? null : sale.paymentReference, refunds: [] as { id: number; total: number; state: string }[] }],
    lines: sale.lines.map((line) => ({
      id: `${sale.serial}-${line.id}`, quantity: line.quantity, orderPlacedQuantity: line.quantity, unitPrice: money(line.unit), linePrice: money(line.unit * line.quantity), proratedLinePrice: money(line.total), proratedLineTax: 0,
      seller: line.product.seller, productVariant: { id: digits(line.product.id), sku: line.product.sku, name: line.product.name },
    })),
  };
}

const message = (event: string, at: number, payload: object, { delivery }: Telling, more: Partial<DemoMessage> = {}): DemoMessage => ({
  headers: { 'content-type': 'application/json', 'webhook-id': `msg_${delivery}` }, body: JSON.stringify({ event, occurredAt: time(at), moneyPrecision: 2, ...payload }), ...more,
});

export const demo: Demo = {
  currencies: ['USD', 'EUR', 'JPY'],
  tells: ['PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  ordered: (sale, state, telling) => message('OrderPlacedEvent', state.at, { order: orderOf(sale, state) }, telling),
  changed: (sale, state, telling) => message('OrderStateTransitionEvent', state.at, { order: orderOf(sale, state) }, telling),
  returned: (sale, back, telling) => {
    const order = orderOf(sale, { payment: 'PAID', fulfilment: 'DELIVERED', at: back.at, version: 9 });
    const refund = { id: Number(back.id), total: sale.currency === 'JPY' ? back.amount * 100 : back.amount, state: 'Settled' };
    const lines = [{ id: 1, orderLineId: `${sale.serial}-${back.line.id}`, quantity: back.line.quantity }];
    const told = { ...order, payments: order.payments.map((one) => ({ ...one, refunds: [refund] })) };
    return message('RefundStateTransitionEvent', back.at, { order: told, refund: { ...refund, createdAt: time(back.at), updatedAt: time(back.at), reason: back.comment, method: 'refund', transactionId: null, lines } }, telling, {
      makes: ['order.updated', 'return.requested'],
    });
  },
  catalogued: (product, at, currency, telling) => message('ProductVariantEvent', at, {
    variants: [{ id: digits(product.id), sku: product.sku, name: product.name, price: product.cents, currencyCode: currency, updatedAt: time(at) }],
  }, telling, { of: String(digits(product.id)) }),
  counted: (product, quantity, at, telling) => message('StockMovementEvent', at, { stockLevels: [{ productVariantId: digits(product.id), stockLocationId: 1, stockOnHand: quantity }] }, telling, { of: String(digits(product.id)) }),
  pinged: (telling) => message('ping', 0, {}, telling),
};
