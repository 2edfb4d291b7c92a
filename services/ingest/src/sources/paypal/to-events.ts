import type { PaymentStatus } from '@orderflow/shared/events';
import type { Fields } from '../../convert/index.ts';
import { currency, eventsOf, major, orderChanged, orderCreated, paymentChanged, returnRequested, text, time, under, word, type Make, type Read } from '../../map/index.ts';
import { order } from './order.ts';
import { states } from './states.ts';

const at = time(['update_time', 'create_time']);
/** v2 and v1 write amounts apart. */
const amount = major('amount.value', 'amount.total');
const money = currency('amount.currency_code', 'amount.currency');
const fee = major('seller_receivable_breakdown.paypal_fee.value', 'transaction_fee.value');

/** What a capture or refund names the order by: the seller's own number of it, else PayPal's id. */
const orderId = text('invoice_id', 'supplementary_data.related_ids.order_id');
/** What a payment names the order of another shop by; v1 has other names. */
const shopsOrderId = text('invoice_id', 'custom_id', 'invoice_number', 'custom');

/** Refunds name their capture by its address (`rel: up`), those of v1 by its id. */
const capture: Read<string> = (refund: Fields, scope) =>
  text('sale_id', 'capture_id')(refund, scope) ?? refund.list('links').find((link) => link.text('rel') === 'up')?.text('href')?.split('/').at(-1);

const payment = paymentChanged({
  reference: text('id'), status: word(['status', 'state'], states, 'UNKNOWN'), at, currency: money, amount, fee, orderId: shopsOrderId,
});

/** A refund, or a reversal that PayPal has made, for the payment that it takes back from. */
const back = (status: PaymentStatus): Make =>
  paymentChanged({ reference: Object.assign(capture, { at: 'links' }), status: () => status, at, currency: money, orderId: shopsOrderId });
const refunded = back('PARTIALLY_REFUNDED');
const reversed = back('REFUNDED');

const changeOf: Make = (resource, context) =>
  (context.topic.endsWith('.REFUNDED') ? refunded : context.topic.endsWith('.REVERSED') ? reversed : payment)(resource, context);

/** The capture of an order's payment. */
const captured = orderChanged({
  orderId,
  at,
  payment: { status: word('status', states, 'UNKNOWN'), provider: () => 'paypal', reference: text('id'), fee },
});

const refund = returnRequested({
  id: text('id'),
  orderId,
  requestedAt: time('create_time'),
  version: at,
  decided: word('status', { COMPLETED: 'APPROVED', PENDING: 'PENDING', FAILED: 'REJECTED', CANCELLED: 'REJECTED' }, 'APPROVED'),
  comment: text('note_to_payer'),
  currency: money,
  amount,
});

/** An event → canonical events. Which of PayPal's several events of one sale count depends on the account's role. */
export const toEvents = eventsOf({
  'payment.changed': under('resource', changeOf),
  'order.created': under('resource', orderCreated(order)),
  'order.updated': under('resource', captured),
  'return.requested': under('resource', refund),
});
