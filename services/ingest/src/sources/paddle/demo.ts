import type { Demo, DemoLine, DemoMessage, DemoSale, DemoState, Telling } from '../demo.ts';

/** Ids end in 26 letters and digits. */
const id = (kind: string, rest: string): string => `${kind}_${rest.toLowerCase().replace(/[^a-z0-9]/g, '').padStart(26, '0')}`;
const time = (ms: number): string => new Date(ms).toISOString();

const message = (event_type: string, data: object, at: number, { delivery }: Telling, more: Partial<DemoMessage> = {}): DemoMessage => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ event_id: id('evt', delivery), event_type, occurred_at: time(at), notification_id: id('ntf', delivery), data }),
  ...more,
});

const totalsOf = (subtotal: number, discount: number, tax: number) =>
  ({ subtotal: String(subtotal), discount: String(discount), tax: String(tax), total: String(subtotal - discount + tax) });

const statusOf = ({ payment, fulfilment }: DemoState): string => (fulfilment === 'CANCELLED' ? 'canceled' : payment === 'PAID' ? 'completed' : payment === 'FAILED' ? 'past_due' : 'billed');

const lineId = (sale: DemoSale, line: DemoLine): string => id('txnitm', `${sale.serial}x${line.id}`);

/** https://developer.paddle.com/api-reference/transactions : the tax stands with the first line. */
function transactionOf(sale: DemoSale, state: DemoState) {
  const { person } = sale;
  const sum = (of: (line: DemoLine) => number): number => sale.lines.reduce((total, line) => total + of(line), 0);
  return {
    id: sale.id, status: statusOf(state), customer_id: person ? id('ctm', person.id) : null, currency_code: sale.currency, origin: 'web', invoice_number: `74-${sale.serial}`, collection_mode: 'automatic',
    items: [], created_at: time(sale.placedAt), billed_at: time(sale.placedAt), updated_at: time(state.at), custom_data: null,
    details: {
      totals: { ...totalsOf(sum((line) => line.unit * line.quantity), sum((line) => line.discount), sale.tax), fee: state.payment === 'PAID' ? String(Math.round(sale.total * 0.05) + 50) : null, currency_code: sale.currency },
      line_items: sale.lines.map((line, place) => ({
        id: lineId(sale, line), price_id: id('pri', line.product.id), quantity: line.quantity, totals: totalsOf(line.unit * line.quantity, line.discount, place === 0 ? sale.tax : 0),
        product: { id: id('pro', line.product.id), name: line.product.name, tax_category: 'standard', status: 'active' },
      })),
    },
    payments: state.payment === 'PAID' ? [{ amount: String(sale.total), status: 'captured', payment_attempt_id: sale.paymentReference, captured_at: time(state.at), created_at: time(state.at), error_code: null, method_details: { type: 'card' } }] : [],
  };
}

export const demo: Demo = {
  currencies: ['EUR', 'USD', 'JPY'],
  without: ['shipping', 'comment'],
  orderId: (serial) => id('txn', serial),
  tells: ['PAID', 'CANCELLED'],
  ordered: (sale, state, telling) => message(state.payment === 'PAID' ? 'transaction.completed' : 'transaction.billed', transactionOf(sale, state), state.at, telling),
  changed: (sale, state, telling) => message(state.fulfilment === 'CANCELLED' ? 'transaction.canceled' : 'transaction.updated', transactionOf(sale, state), state.at, telling),
  returned: (sale, back, telling) => message('adjustment.updated', {
    id: id('adj', back.id), action: 'refund', type: 'partial', transaction_id: sale.id, customer_id: sale.person ? id('ctm', sale.person.id) : null, reason: back.comment, currency_code: sale.currency, status: 'approved',
    items: [{ id: id('adjitm', back.id), item_id: lineId(sale, back.line), type: 'full', amount: String(back.amount), totals: { subtotal: String(back.amount), tax: '0', total: String(back.amount) } }],
    totals: { subtotal: String(back.amount), tax: '0', total: String(back.amount), currency_code: sale.currency }, created_at: time(back.at), updated_at: time(back.at),
  }, back.at, telling, { of: id('adj', back.id) }),
  catalogued: (product, at, currency, telling) => message('price.updated', {
    id: id('pri', product.id), product_id: id('pro', product.id), name: product.name, description: product.name, unit_price: { amount: String(product.cents), currency_code: currency }, status: 'active',
  }, at, telling, { of: id('pri', product.id) }),
  pinged: (telling) => message('subscription.activated', { id: id('sub', '1'), status: 'active' }, 1_795_000_000_000, telling),
};
