import {
  always, currency, eventsOf, first, known, minor, orderCreated, paymentChanged, returnRequested, seconds, text, then, type Make, type OrderMap, type Read,
} from '../../map/index.ts';

const payment = (name: string): string => `payload.payment.entity.${name}`;
const order = (name: string): string => `payload.order.entity.${name}`;
const refund = (name: string): string => `payload.refund.entity.${name}`;

/** GST included. Fees and settlements are in `base_currency`, which is named only where the customer paid in another. */
const fee: Read<number> = (fields, scope) =>
  (currency(payment('base_currency'))(fields, scope) ?? scope.currency) === scope.currency ? minor(payment('fee'))(fields, scope) : undefined;

/** Customers without an address have Razorpay's own. */
const email = then(text(payment('email')), (address) => (address === 'void@razorpay.com' ? undefined : address));

/** https://razorpay.com/docs/api/orders/entity/ : amounts in minor units, times in seconds. It knows no lines. */
const sale: OrderMap = {
  id: text(order('id')),
  number: text(order('receipt')),
  placedAt: seconds(order('created_at')),
  version: seconds('created_at'),
  status: always('CONFIRMED'),
  currency: currency(order('currency')),
  total: minor(order('amount')),
  payment: {
    status: first(known(order('status'), { paid: 'PAID', attempted: 'PENDING', created: 'PENDING' }), always('UNKNOWN')),
    method: text(payment('method')),
    provider: always('razorpay'),
    reference: text(payment('id')),
    fee,
  },
  fulfilment: { status: always('UNFULFILLED') },
  customer: { id: text(payment('customer_id')), email, phone: text(payment('contact')) },
  lines: { of: () => [], map: {} },
  // `notes` is {} or, when empty, []
  comment: text(payment('notes.comment')),
};

/** What went back of the payment that the event carries, as far as it tells (https://razorpay.com/docs/api/payments/entity/). */
const paymentState = paymentChanged({
  reference: text(payment('id')),
  status: first(
    known(payment('refund_status'), { full: 'REFUNDED', partial: 'PARTIALLY_REFUNDED' }),
    known(payment('status'), { created: 'PENDING', authorized: 'PENDING', captured: 'PAID', refunded: 'REFUNDED', failed: 'FAILED' }),
    always('UNKNOWN'),
  ),
  at: seconds('created_at'),
  currency: currency(payment('currency')),
  amount: minor(payment('amount')),
  fee,
  orderId: text(order('receipt')),
});

const moneyBack = returnRequested({
  id: text(refund('id')),
  orderId: text(payment('order_id')),
  requestedAt: seconds(refund('created_at')),
  decided: always('APPROVED'),
  // keys of notes are the shop's own choice: these are the vendor's example and the usual word
  comment: text(refund('notes.comment'), refund('notes.reason')),
  currency: currency(refund('currency')),
  amount: minor(refund('amount')),
});

/** Money of a payment that was never captured goes back by itself: nothing was sold. */
const refunded: Make = (fields, context, outer) =>
  fields.child('payload')?.child('payment')?.child('entity')?.flag('captured') === false ? [] : moneyBack(fields, context, outer);

/** A webhook's payload → canonical events. */
export const toEvents = eventsOf({ 'order.created': orderCreated(sale), 'payment.changed': paymentState, 'return.requested': refunded });
