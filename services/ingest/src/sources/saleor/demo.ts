import { decimalText, type Demo, type DemoMessage, type DemoPerson, type DemoSale, type DemoState, type Telling } from '../demo.ts';

/** Global ids: type and key in base64. */
const id = (type: string, key: string): string => Buffer.from(`${type}:${key}`).toString('base64');
const digits = (text: string): string => text.replace(/\D/g, '');
const time = (ms: number): string => new Date(ms).toISOString().replace('Z', '000+00:00');

const statuses = { UNFULFILLED: 'UNFULFILLED', SHIPPED: 'FULFILLED', DELIVERED: 'FULFILLED', CANCELLED: 'CANCELED' };
const charges = { PAID: 'FULLY_CHARGED', PENDING: 'NOT_CHARGED', FAILED: 'REFUSED' };

const addressOf = ({ first, last, phone, street, place }: DemoPerson) => ({
  firstName: first, lastName: last, phone, streetAddress1: street, streetAddress2: '', city: place.city, countryArea: place.state, postalCode: place.postalCode, country: { code: place.country },
});

/** The order as our subscription has it. */
function orderOf(sale: DemoSale, { payment, fulfilment, at }: DemoState) {
  const { person, currency } = sale;
  const money = (minor: number) => ({ amount: Number(decimalText(minor, currency === 'JPY' ? 0 : 2)), currency });
  const address = person ? addressOf(person) : null;
  return {
    id: sale.id, number: digits(sale.number), created: time(sale.placedAt), updatedAt: time(at), status: statuses[fulfilment], paymentStatus: charges[payment],
    chargeStatus: payment === 'PAID' ? 'FULL' : 'NONE', customerNote: sale.comment ?? '', userEmail: person?.email ?? '', shippingAddress: address, billingAddress: address,
    user: person ? { id: id('User', digits(person.id)), firstName: person.first, lastName: person.last, dateJoined: person.joinedAt } : null,
    total: { gross: money(sale.total), tax: money(sale.tax) }, shippingPrice: { net: money(sale.shipping) }, totalRefunded: money(0), payments: [] as unknown[],
    transactions: sale.paidThrough === undefined ? [] : [{ name: `saleor.app.payment.${sale.paidThrough}`, pspReference: sale.paymentReference }],
    fulfillments: [] as unknown[], grantedRefunds: [] as unknown[],
    lines: sale.lines.map((line) => ({
      id: id('OrderLine', `${sale.serial}-${line.id}`), productName: line.product.name, variantName: '', productSku: line.product.sku, productVariantId: id('ProductVariant', digits(line.product.id)), quantity: line.quantity,
      unitPrice: { net: money(Math.round(line.total / line.quantity)) }, undiscountedUnitPrice: { net: money(line.unit) }, unitDiscount: money(Math.round(line.discount / line.quantity)),
      totalPrice: { net: money(line.total), tax: money(0) }, variant: { product: { category: { name: line.product.category } } },
    })),
  };
}

const message = (event: string, payload: object, issued: number, { account }: Telling, more: Partial<DemoMessage> = {}): DemoMessage => ({
  headers: { 'content-type': 'application/json', 'saleor-event': event, 'saleor-domain': `${account}.example.com`, 'saleor-api-url': `https://${account}.example.com/graphql/` },
  body: JSON.stringify({ issuedAt: time(issued), ...payload }), ...more,
});

const eventOf = ({ payment, fulfilment }: DemoState): string =>
  fulfilment === 'CANCELLED' ? 'order_cancelled' : fulfilment !== 'UNFULFILLED' ? 'order_fulfilled' : payment === 'PAID' ? 'order_fully_paid' : 'order_updated';

export const demo: Demo = {
  standIn: { keys: /^\/\.well-known\/jwks\.json$/ },
  currencies: ['USD', 'EUR', 'JPY'],
  orderId: (serial) => id('Order', serial),
  tells: ['PAID', 'SHIPPED', 'CANCELLED'],
  ordered: (sale, state, telling) => message('order_created', { order: orderOf(sale, state) }, state.at, telling),
  changed: (sale, state, telling) => message(eventOf(state), { order: orderOf(sale, state) }, state.at, telling),
  returned: (sale, back, telling) => {
    const order = orderOf(sale, { payment: 'PAID', fulfilment: 'SHIPPED', at: back.at, version: 9 });
    const amount = { amount: Number(decimalText(back.amount, sale.currency === 'JPY' ? 0 : 2)), currency: sale.currency };
    const refund = id('OrderGrantedRefund', back.id);
    const lines = [{ id: id('OrderGrantedRefundLine', back.id), quantity: back.line.quantity, reason: null, orderLine: { id: id('OrderLine', `${sale.serial}-${back.line.id}`) } }];
    const grantedRefunds = [{ id: refund, createdAt: time(back.at), updatedAt: time(back.at), reason: back.comment, amount, lines }];
    return message('order_refunded', { order: { ...order, totalRefunded: amount, grantedRefunds } }, back.at, telling, { of: refund, makes: ['order.updated', 'return.requested'] });
  },
  catalogued: (product, at, currency, telling) => message('product_variant_updated', {
    productVariant: {
      id: id('ProductVariant', digits(product.id)), sku: product.sku, name: '', product: { name: product.name, category: { id: id('Category', digits(product.categoryId)), name: product.category } },
      channelListings: [{ price: { amount: product.cents / 100, currency }, costPrice: { amount: product.costCents / 100 } }],
    },
  }, at, telling, { of: id('ProductVariant', digits(product.id)) }),
  counted: (product, quantity, at, telling) => message('product_variant_stock_updated', {
    productVariant: { id: id('ProductVariant', digits(product.id)), stocks: [{ quantity, warehouse: { id: id('Warehouse', '1') } }] },
  }, at, telling, { of: id('ProductVariant', digits(product.id)) }),
  pinged: (telling) => message('draft_order_created', { delivery: telling.delivery }, 0, telling),
};
