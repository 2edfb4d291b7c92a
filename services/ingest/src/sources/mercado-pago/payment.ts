import { fieldsOf } from '../../convert/index.ts';
import { currency, major, paymentChanged, text, time, word, type Read } from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

/** What the seller bears; `fee_payer` payer is the buyer's. */
const fee: Read<number> = (payment, scope) => {
  const borne = payment.list('fee_details').filter((one) => one.text('fee_payer') !== 'payer').map((one) => major('amount')(one, scope)).filter((one) => one !== undefined);
  return borne.length === 0 ? undefined : borne.reduce((sum, one) => sum + one, 0);
};

/** https://www.mercadopago.com.mx/developers/en/reference/payments/_payments_id/get : decimal numbers. */
const changed = paymentChanged({
  reference: text('id'),
  // a payment of which a part went back stays approved
  status: (one, scope) => {
    const said = word('status', {
      pending: 'PENDING', authorized: 'PENDING', in_process: 'PENDING', approved: 'PAID', in_mediation: 'PAID', rejected: 'FAILED', cancelled: 'VOIDED', refunded: 'REFUNDED', charged_back: 'REFUNDED',
    }, 'UNKNOWN')(one, scope);
    return said === 'PAID' && (major('transaction_amount_refunded')(one, scope) ?? 0) > 0 ? 'PARTIALLY_REFUNDED' : said;
  },
  at: time(['date_last_updated', 'date_created']),
  currency: currency('currency_id'),
  amount: major('transaction_amount'),
  fee,
  settlesAt: time('money_release_date'),
  orderId: text('external_reference'),
});

/** A payment as the API returns it. @throws Unreadable */
export const toEvents = (payload: unknown, context: AskedContext): Items => changed(fieldsOf(payload), { ...context, route: 'payment.changed' });
