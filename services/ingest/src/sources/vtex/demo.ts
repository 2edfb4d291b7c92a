import { exponentOf } from '../../convert/index.ts';
import type { Demo, DemoMessage, DemoReturn, DemoSale, DemoState } from '../demo.ts';

/** Seven digits after the second. */
const iso = (ms: number): string => new Date(ms).toISOString().replace('Z', '0000+00:00');

const statusOf = ({ fulfilment, payment }: DemoState): string =>
  fulfilment === 'CANCELLED' ? 'canceled' : fulfilment === 'UNFULFILLED' ? { PAID: 'ready-for-handling', PENDING: 'payment-pending', FAILED: 'payment-denied' }[payment] : 'invoiced';

/** The order as the Orders API returns it: amounts with two digits after the point. */
function orderOf(sale: DemoSale, state: DemoState, back?: DemoReturn) {
  const { person, currency } = sale;
  const cents = (minor: number): number => minor * 10 ** (2 - exponentOf(currency));
  const sums = { Items: sale.lines.reduce((sum, line) => sum + line.unit * line.quantity, 0), Discounts: -sale.lines.reduce((sum, line) => sum + line.discount, 0), Shipping: sale.shipping, Tax: sale.tax };
  const [sent, arrived] = [state.fulfilment === 'SHIPPED' || state.fulfilment === 'DELIVERED', state.fulfilment === 'DELIVERED'];
  return {
    orderId: sale.id, sequence: sale.number.slice(1), sellerOrderId: `00-${sale.id}`, origin: 'Marketplace', salesChannel: '1', status: statusOf(state), value: cents(sale.total),
    creationDate: iso(sale.placedAt), lastChange: iso(state.at), orderGroup: sale.id.split('-')[0], isCompleted: true, authorizedDate: state.payment === 'PAID' ? iso(state.at) : null,
    totals: Object.entries(sums).map(([id, value]) => ({ id, name: id, value: cents(value) })),
    items: sale.lines.map((line) => ({
      uniqueId: `${sale.serial}${line.id.padStart(3, '0')}`, id: line.product.id, productId: line.product.id, refId: line.product.sku, name: line.product.name, quantity: line.quantity, seller: '1',
      price: cents(line.unit), listPrice: cents(line.unit), sellingPrice: cents(Math.round(line.total / line.quantity)), measurementUnit: 'un', unitMultiplier: 1,
      priceDefinition: { calculatedSellingPrice: cents(Math.round(line.total / line.quantity)), total: cents(line.total), sellingPrices: [] },
      additionalInfo: { brandName: line.product.seller, categoriesIds: `/${line.product.categoryId}/`, categories: [{ id: 1, name: line.product.category }] }, costPrice: line.product.costCents,
    })),
    clientProfileData: person ? { userProfileId: person.id, email: person.email, firstName: person.first, lastName: person.last, phone: person.phone } : null,
    shippingData: { address: person ? {
      receiverName: `${person.first} ${person.last}`, street: person.street, number: null, complement: null, city: person.place.city, state: person.place.state, country: person.place.country,
      postalCode: person.place.postalCode, geoCoordinates: [person.longitude, person.latitude],
    } : null, logisticsInfo: [] },
    paymentData: { transactions: [{ isActive: true, transactionId: sale.paymentReference, payments: [{ paymentSystemName: 'Visa', value: cents(sale.total) }] }] },
    packageAttachment: { packages: [
      ...(sent || back ? [{ type: 'Output', invoiceNumber: `1${sale.serial}`, courier: 'Demo Post', trackingNumber: `DP${sale.serial}`, courierStatus: { finished: arrived, deliveredDate: arrived ? iso(state.at) : null } }] : []),
      ...(back ? [{
        type: 'Input', invoiceNumber: back.id, issuanceDate: iso(back.at),
        restitutions: { Refund: { value: cents(back.amount), items: [{ id: back.line.product.id, quantity: back.line.quantity, price: cents(back.line.unit), description: back.comment }] } },
      }] : []),
    ] },
    sellers: [{ id: '1', name: 'Demo' }], openTextField: sale.comment === undefined ? null : { value: sale.comment }, storePreferencesData: { countryCode: 'BRA', currencyCode: currency },
  };
}

const notice = (sale: DemoSale, state: DemoState, back?: DemoReturn): DemoMessage => {
  const tracked = back !== undefined || state.fulfilment === 'SHIPPED' || state.fulfilment === 'DELIVERED';
  return {
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ Domain: 'Marketplace', OrderId: sale.id, State: statusOf(state), LastChange: iso(state.at), Origin: { Account: 'demo', Key: 'vtexappkey-demo' } }),
    fetched: { id: sale.id, body: JSON.stringify(orderOf(sale, state, back)), makes: ['order.created', ...(tracked ? ['order.updated' as const] : []), ...(back ? ['return.requested' as const] : [])] },
  };
};

export const demo: Demo = {
  currencies: ['BRL', 'CLP', 'USD'],
  orderId: (serial) => `v${serial}dmo-01`,
  tells: ['PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  ordered: (sale, state) => notice(sale, state),
  changed: (sale, state) => notice(sale, state),
  returned: (sale, back) => notice(sale, { payment: 'PAID', fulfilment: 'DELIVERED', at: back.at, version: 9 }, back),
  pinged: () => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ hookConfig: 'ping' }) }),
};
