import { sequenceOfTime, type PaymentStatus } from '@orderflow/shared/events';
import { present, timeOfSeconds, Unreadable, type Fields } from '../../convert/index.ts';
import type { Items } from '../definition.ts';
import { amountOf, currencyOf } from './amount.ts';

/** `status` of a PaymentIntent (https://docs.stripe.com/payments/paymentintents/lifecycle). */
const intents: Readonly<Record<string, PaymentStatus>> = {
  requires_payment_method: 'PENDING',
  requires_confirmation: 'PENDING',
  requires_action: 'PENDING',
  requires_capture: 'PENDING',
  processing: 'PENDING',
  succeeded: 'PAID',
  canceled: 'VOIDED',
};

const charges: Readonly<Record<string, PaymentStatus>> = { succeeded: 'PAID', pending: 'PENDING', failed: 'FAILED' };

const word = (table: Readonly<Record<string, PaymentStatus>>, name: string | undefined): PaymentStatus =>
  (name !== undefined && Object.hasOwn(table, name) ? table[name] : undefined) ?? 'UNKNOWN';

function statusOf(topic: string, object: Fields): PaymentStatus {
  if (topic === 'payment_intent.payment_failed') return 'FAILED';
  if (topic.startsWith('payment_intent.')) return word(intents, object.text('status'));
  if (object.flag('refunded') === true) return 'REFUNDED';
  if ((object.integer('amount_refunded') ?? 0) > 0) return 'PARTIALLY_REFUNDED';
  if (object.flag('captured') === false && object.text('status') === 'succeeded') return 'PENDING'; // authorised only
  return word(charges, object.text('status'));
}

/** What the provider keeps and when it pays out; only where the transaction was expanded, else it is an id. */
function settlementOf(object: Fields, currency: string, now: number) {
  const raw = object.raw('balance_transaction');
  const transaction = typeof raw === 'object' ? object.child('balance_transaction') : undefined;
  if (!transaction || transaction.text('currency')?.toUpperCase() !== currency) return {};
  const available = transaction.integer('available_on');
  return present({
    fee: amountOf(transaction, 'fee', currency),
    settlesAt: available === undefined ? undefined : timeOfSeconds(available, transaction.path('available_on'), now),
  });
}

/** A PaymentIntent or Charge → the state of its payment. A charge belongs to its intent: that is the payment's reference. */
export function paymentChange(event: Fields, object: Fields, topic: string, now: number): Items {
  const seconds = event.integer('created');
  if (seconds === undefined) throw new Unreadable('missing', event.path('created'), 'is missing');
  const time = timeOfSeconds(seconds, event.path('created'), now);
  const currency = currencyOf(object);
  const payment = present({
    provider: 'stripe',
    reference: object.text('payment_intent') ?? object.id('id'),
    status: statusOf(topic, object),
    amount: amountOf(object, 'amount', currency),
    currency,
    ...settlementOf(object, currency, now),
    occurredAt: time,
  });
  return [{ type: 'payment.changed', time, sequence: sequenceOfTime(time), data: { payment } }];
}
