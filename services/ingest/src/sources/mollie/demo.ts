import { decimalText, type Demo, type DemoMessage, type DemoReturn, type DemoSale, type DemoState, type Telling } from '../demo.ts';

const iso = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}+00:00`;
const money = (minor: number, currency: string) => ({ currency, value: decimalText(minor, currency === 'JPY' ? 0 : 2) });

/** As `GET /v2/payments/{id}` returns it, of a sale or of the payment of another shop's order. */
export function paymentText(id: string, sale: DemoSale, state: Pick<DemoState, 'payment' | 'at'> & { readonly fulfilment?: DemoState['fulfilment'] }, back?: DemoReturn): string {
  const { person, currency } = sale;
  const paid = state.payment === 'PAID';
  const address = person && {
    givenName: person.first, familyName: person.last, email: person.email, phone: person.phone, streetAndNumber: person.street, postalCode: person.place.postalCode, city: person.place.city,
    region: person.place.state, country: person.place.country,
  };
  return JSON.stringify({
    resource: 'payment', id, mode: 'live', createdAt: iso(sale.placedAt), amount: money(sale.total, currency), description: `Order ${sale.number}`, method: 'ideal', sequenceType: 'oneoff', profileId: 'pfl_demo',
    metadata: { order_id: sale.id, ...(sale.comment !== undefined && { comment: sale.comment }) }, status: paid ? 'paid' : state.payment === 'FAILED' ? 'failed' : 'open',
    ...(paid && { paidAt: iso(back ? sale.placedAt : state.at) }), ...(state.payment === 'FAILED' && { failedAt: iso(state.at) }),
    ...(back && { amountRefunded: money(back.amount, currency), amountRemaining: money(sale.total - back.amount, currency) }),
    lines: sale.lines.map(({ product, quantity, unit, discount, total }) => ({
      type: 'physical', description: product.name, sku: product.sku, categories: [product.category], quantity, unitPrice: money(unit, currency), discountAmount: money(discount, currency), totalAmount: money(total, currency),
      vatRate: '0.00', vatAmount: money(0, currency),
    })),
    ...(address && { billingAddress: address, shippingAddress: address }),
    _embedded: {
      refunds: back ? [{ resource: 'refund', id: `re_${back.id}`, paymentId: id, amount: money(back.amount, currency), status: 'refunded', createdAt: iso(back.at), description: back.comment, metadata: null }] : [],
      chargebacks: [],
    },
  });
}

const notice = (id: string, body: string, more: Partial<NonNullable<DemoMessage['fetched']>> = {}): DemoMessage => ({
  headers: { 'content-type': 'application/x-www-form-urlencoded' },
  body: new URLSearchParams({ id }).toString(),
  fetched: { id, body, ...more },
});

// what changes later is told by the same words, which intake remembers for minutes and takes for a repeat
export const demo: Demo = {
  currencies: ['EUR', 'GBP', 'JPY'],
  without: ['tax', 'shipping'],
  orderId: (serial) => `tr_${serial}`,
  paymentReference: (serial) => `tr_${serial}`,
  ordered: (sale, state) => notice(sale.id, paymentText(sale.id, sale, state)),
  paid: (sale, state) => notice(sale.paymentReference, paymentText(sale.paymentReference, sale, state), { of: sale.paymentReference }),
  pinged: ({ delivery }: Telling) => ({ headers: { 'content-type': 'application/x-www-form-urlencoded' }, body: `id=sub_${delivery}` }),
};
