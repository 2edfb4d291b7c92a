import type { Demo, DemoSale, DemoState, Telling } from '../demo.ts';

const iso = (ms: number): string => new Date(ms).toISOString();
const majorOf = (minor: number, currency: string): number => (['JPY', 'CLP'].includes(currency) ? minor : minor / 100);

/** As `GET /v1/payments/{id}` returns it. */
const paymentText = (sale: DemoSale, { payment, at }: DemoState): string => JSON.stringify({
  id: Number(sale.paymentReference), date_created: iso(sale.placedAt), date_approved: payment === 'PAID' ? iso(at) : null, date_last_updated: iso(at), money_release_date: payment === 'PAID' ? iso(at + 14 * 86_400_000) : null,
  operation_type: 'regular_payment', payment_method_id: 'master', payment_type_id: 'credit_card', status: { PAID: 'approved', FAILED: 'rejected', PENDING: 'in_process' }[payment],
  status_detail: payment === 'PAID' ? 'accredited' : 'other', currency_id: sale.currency, live_mode: true, external_reference: sale.id, transaction_amount: majorOf(sale.total, sale.currency), transaction_amount_refunded: 0,
  fee_details: payment === 'PAID' ? [{ type: 'mercadopago_fee', amount: majorOf(Math.round(sale.total * 0.05), sale.currency), fee_payer: 'collector' }] : [], refunds: [],
});

const notice = (type: string, id: string, at: number, { delivery }: Telling) => ({
  query: `data.id=${id}&type=${type}`,
  headers: { 'content-type': 'application/json', 'x-request-id': `req-${delivery}` },
  body: JSON.stringify({ id: Number(delivery.slice(-15)), live_mode: true, type, date_created: iso(at), user_id: 987_654_321, api_version: 'v1', action: `${type}.updated`, data: { id } }),
});

export const demo: Demo = {
  currencies: ['BRL', 'MXN', 'ARS'],
  paymentReference: (serial) => serial,
  paid: (sale, state, telling) => ({
    ...notice('payment', sale.paymentReference, state.at, telling),
    fetched: { id: sale.paymentReference, body: paymentText(sale, state), of: sale.paymentReference, makes: ['payment.changed'] },
  }),
  pinged: (telling) => notice('mp-connect', '1', Date.UTC(2026, 10, 22), telling),
};
