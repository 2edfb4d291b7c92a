import type { PaymentStatus } from '@orderflow/shared/events';
import type { Fields } from '../../convert/index.ts';
import {
  currency, decimal, each, eventsOf, forEach, inventoryCounted, minor, notified, paymentChanged, sumOf, text, then, time, under, whole, word, type Make, type Read,
} from '../../map/index.ts';

/** The order that an event of orders, payments or refunds is about; a payment may have none, and then says nothing to a shop. */
const orderOf = (event: Fields): string | undefined => {
  const object = event.child('data')?.child('object');
  for (const name of ['order_created', 'order_updated', 'order_fulfillment_updated', 'payment', 'refund']) {
    const found = object?.child(name);
    if (found) return name === 'payment' ? found.text('order_id') : found.id('order_id');
  }
  return event.child('data')?.id('id');
};

const notice: Make = (event, context) => {
  const ids = context.topic === 'catalog.version.updated' ? 'catalog' : orderOf(event);
  return ids === undefined ? [] : notified(() => [ids], time('created_at'))(event, context);
};

const words: Readonly<Record<string, PaymentStatus>> = { COMPLETED: 'PAID', APPROVED: 'PENDING', PENDING: 'PENDING', CANCELED: 'VOIDED', FAILED: 'FAILED' };

/** What has gone back counts before the word, which stays COMPLETED. */
const state: Read<PaymentStatus> = (payment, scope) => {
  const back = whole('refunded_money.amount')(payment, scope) ?? 0;
  if (back === 0) return word('status', words, 'UNKNOWN')(payment, scope);
  return back < (whole('total_money.amount', 'amount_money.amount')(payment, scope) ?? back) ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
};

/** https://developer.squareup.com/reference/square/objects/Payment */
const payment = paymentChanged({
  reference: text('id'),
  status: state,
  at: time(['updated_at', 'created_at']),
  currency: currency('total_money.currency', 'amount_money.currency'),
  amount: minor(['total_money.amount', 'amount_money.amount']),
  fee: sumOf('processing_fee', minor('amount_money.amount')),
  orderId: text('reference_id'), // what whoever made the payment calls it
});

/** Only what can be sold counts: a change of state tells both the state before and the one after. Of what is weighed, whole units. */
const count = inventoryCounted({
  productId: text('catalog_object_id'),
  location: text('location_id'),
  quantity: (counted, scope) => (text('state')(counted, scope) === 'IN_STOCK' ? then(decimal('quantity'), (found) => Math.trunc(Number(found)))(counted, scope) : undefined),
  at: time('calculated_at'),
});

/** What is pushed → canonical events. */
export const toEvents = eventsOf({
  'source.notified': notice,
  'payment.changed': under('data.object.payment', payment),
  'inventory.counted': under('data.object', forEach(each('inventory_counts'), count)),
});
