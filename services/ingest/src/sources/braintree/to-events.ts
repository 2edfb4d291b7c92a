import type { PaymentStatus } from '@orderflow/shared/events';
import type { Fields } from '../../convert/index.ts';
import { accountCurrency, currency, eventsOf, first, forEach, known, major, ofOuter, paymentChanged, text, then, time, under, type Make, type Read } from '../../map/index.ts';

/** https://developer.paypal.com/braintree/docs/reference/general/statuses#transaction */
const statuses = {
  authorizing: 'PENDING', authorized: 'PENDING', submitted_for_settlement: 'PAID', settlement_pending: 'PAID', settling: 'PAID', settlement_confirmed: 'PAID', settled: 'PAID',
  settlement_declined: 'FAILED', processor_declined: 'FAILED', gateway_rejected: 'FAILED', failed: 'FAILED', authorization_expired: 'FAILED', voided: 'VOIDED',
} as const satisfies Readonly<Record<string, PaymentStatus>>;

/** A day, as the beginning of it. */
const day = (path: string): Read<string> => then(text(path), (said) => (/^\d{4}-\d{2}-\d{2}$/.test(said) && !Number.isNaN(Date.parse(said)) ? `${said}T00:00:00Z` : undefined));
const toldAt = time('notification.timestamp');
const isRefund = (transaction: Fields): boolean => transaction.text('type') === 'credit';

/** What is paid out was settled, whatever stands with it. A refund that is settled takes a part of what was paid; one that fails takes nothing. */
const status: Read<PaymentStatus> = (transaction, scope) => {
  const said = known('status', statuses)(transaction, scope) ?? (transaction.child('disbursement-details') === undefined || transaction.text('status') !== undefined ? undefined : 'PAID');
  if (!isRefund(transaction)) return said;
  return said === 'PAID' ? 'PARTIALLY_REFUNDED' : said === 'FAILED' || said === 'VOIDED' ? 'PAID' : said;
};

const payment = paymentChanged({
  reference: (transaction, scope) => (isRefund(transaction) ? text('refunded-transaction-id', 'id') : text('id'))(transaction, scope),
  status,
  at: first(time('updated-at'), ofOuter(toldAt)),
  currency: first(currency('currency-iso-code'), accountCurrency),
  // a refund's own amount is not that of the payment
  amount: (transaction, scope) => (isRefund(transaction) ? undefined : major('amount')(transaction, scope)),
  settlesAt: first(day('disbursement-details.disbursement-date'), time('disbursement-details.disbursement-date')),
  orderId: text('order-id'),
});

const outcomes = { dispute_lost: 'REFUNDED', dispute_accepted: 'REFUNDED', dispute_won: 'PAID' } as const;

/** A dispute, with the transaction that it is about. */
const dispute = paymentChanged({
  reference: text('transaction.id'),
  status: ofOuter(known('notification.kind', outcomes)),
  at: ofOuter(toldAt),
  currency: first(currency('currency-iso-code'), accountCurrency),
  amount: major('transaction.amount'),
  orderId: text('transaction.order-id'),
});

/** A charge of a subscription: its latest transaction stands first. */
const charge: Make = (fields, context) => forEach((one) => one.child('notification')?.child('subject')?.child('subscription')?.list('transactions').slice(0, 1) ?? [], payment)(fields, context);

const subject: Make = (fields, context) => {
  const about = fields.child('notification')?.child('subject');
  if (about?.child('subscription') !== undefined) return charge(fields, context);
  return about?.child('dispute') === undefined ? under('notification.subject.transaction', payment)(fields, context) : under('notification.subject.dispute', dispute)(fields, context);
};

/** A notification → canonical events. */
export const toEvents = eventsOf({ 'payment.changed': subject });
