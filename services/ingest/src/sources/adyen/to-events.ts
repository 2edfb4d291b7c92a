import type { PaymentStatus } from '@orderflow/shared/events';
import { fieldsOf, type Fields } from '../../convert/index.ts';
import { currency, eventsOf, minor, paymentChanged, text, time, type Read } from '../../map/index.ts';
import type { Items, ReadingContext } from '../definition.ts';

/** Digits where Adyen's differ from ISO 4217 (https://docs.adyen.com/development-resources/currency-codes). */
const exponents = { CLP: 2, CVE: 0, IDR: 0, ISK: 2 };

/** What an event means for the payment, by `eventCode`; all but an authorisation are read when they succeeded. */
const states: Readonly<Record<string, PaymentStatus>> = {
  AUTHORISATION: 'PAID', CAPTURE: 'PAID', CAPTURE_FAILED: 'FAILED', OFFER_CLOSED: 'FAILED',
  CANCELLATION: 'VOIDED', TECHNICAL_CANCEL: 'VOIDED', EXPIRE: 'VOIDED',
  REFUND: 'PARTIALLY_REFUNDED', REFUND_FAILED: 'PAID', REFUNDED_REVERSED: 'PAID',
  CHARGEBACK: 'REFUNDED', SECOND_CHARGEBACK: 'REFUNDED', CHARGEBACK_REVERSED: 'PAID',
};

/** Of CANCEL_OR_REFUND: which of the two it came to. A refund that is asked for so is of the whole payment. */
const reversals: Readonly<Record<string, PaymentStatus>> = { cancel: 'VOIDED', refund: 'REFUNDED' };

/** Events whose amount is the payment's, not that of what goes back. */
const ofPayment = new Set(['AUTHORISATION', 'CAPTURE', 'CAPTURE_FAILED', 'OFFER_CLOSED', 'EXPIRE']);

const stateOf: Read<PaymentStatus> = (item: Fields) => {
  const code = item.id('eventCode');
  if (code === 'AUTHORISATION' && item.raw('success') !== 'true' && item.raw('success') !== true) return 'FAILED';
  if (code === 'CANCEL_OR_REFUND') return reversals[item.child('additionalData')?.text('modification.action') ?? ''];
  return states[code];
};

const amount = minor('amount.value', exponents);

const read = eventsOf({
  'payment.changed': paymentChanged({
    // modifications have a reference of their own, and name that of the payment
    reference: text('originalReference', 'pspReference'),
    status: stateOf,
    at: time('eventDate'),
    currency: currency('amount.currency'),
    amount: (item, scope) => (ofPayment.has(item.id('eventCode')) ? amount(item, scope) : undefined),
    orderId: text('merchantReference'),
  }),
});

/** A NotificationRequestItem → the state of a payment; the Customer Area's trial webhooks name no payment: `test_…`. */
export const toEvents = (payload: unknown, context: ReadingContext): Items =>
  fieldsOf(payload).text('pspReference')?.startsWith('test_') ? [] : read(payload, context);
