import type { Demo, DemoSale, DemoState, Telling } from '../demo.ts';

const seconds = (ms: number): number => Math.floor(ms / 1000);

const message = (event: string, entities: Readonly<Record<string, object>>, at: number, { delivery, account }: Telling) => ({
  headers: { 'content-type': 'application/json', 'x-razorpay-event-id': `evt${delivery}` },
  body: JSON.stringify({
    entity: 'event', account_id: `acc_${account}`, event, contains: Object.keys(entities),
    payload: Object.fromEntries(Object.entries(entities).map(([name, entity]) => [name, { entity }])), created_at: seconds(at),
  }),
});

const paymentOf = (sale: DemoSale, { payment, at }: Pick<DemoState, 'payment' | 'at'>, orderId: string | null) => ({
  id: sale.paymentReference, entity: 'payment', amount: sale.total, currency: sale.currency, status: payment === 'PAID' ? 'captured' : payment === 'FAILED' ? 'failed' : 'authorized',
  order_id: orderId, method: 'upi', amount_refunded: 0, refund_status: null, captured: payment === 'PAID',
  email: sale.person?.email ?? 'void@razorpay.com', contact: sale.person?.phone ?? null, notes: sale.comment === undefined ? [] : { comment: sale.comment }, fee: Math.round(sale.total * 0.02), tax: 0, created_at: seconds(at),
});

const orderOf = (sale: DemoSale, receipt: string) => ({
  id: sale.id, entity: 'order', amount: sale.total, amount_paid: sale.total, amount_due: 0, currency: sale.currency, receipt, status: 'paid', attempts: 1, notes: [], created_at: seconds(sale.placedAt),
});

export const demo: Demo = {
  currencies: ['INR'],
  without: ['lines', 'pending', 'guests'],
  orderId: (serial) => `order_${serial}`,
  ordered: (sale, state, telling) => message('order.paid', { payment: paymentOf(sale, state, sale.id), order: orderOf(sale, sale.number) }, state.at, telling),
  returned: (sale, back, telling) => ({ of: `rfnd_${back.id}`, ...message('refund.processed', {
    refund: { id: `rfnd_${back.id}`, entity: 'refund', amount: back.amount, currency: sale.currency, payment_id: sale.paymentReference, notes: { comment: back.comment }, receipt: null, created_at: seconds(back.at), status: 'processed' },
    payment: { ...paymentOf(sale, { payment: 'PAID', at: sale.placedAt }, sale.id), amount_refunded: back.amount, refund_status: back.amount < sale.total ? 'partial' : 'full' },
  }, back.at, telling) }),
  paid: (sale, state, telling) => message(
    state.payment === 'PAID' ? 'order.paid' : 'payment.authorized',
    { payment: paymentOf(sale, state, `order_${sale.serial}`), ...(state.payment === 'PAID' && { order: { ...orderOf(sale, sale.id), id: `order_${sale.serial}` } }) }, state.at, telling,
  ),
  pinged: (telling) => message('settlement.processed', { settlement: { id: 'setl_1', entity: 'settlement', amount: 1 } }, 1_795_000_000_000, telling),
};
