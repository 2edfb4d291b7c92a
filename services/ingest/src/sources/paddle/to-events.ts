import type { Fields } from '../../convert/index.ts';
import {
  adjustmentRecorded, always, catalogUpdated, currency, difference, each, eventsOf, first, known, minor, orderCreated, orderUpdated, picked, price, returnRequested,
  scopeOf, text, then, time, whole, word, type Make, type OrderMap,
} from '../../map/index.ts';

/** "Use occurred_at rather than arrival time to reason about event order": `updated_at` of a new adjustment is of the year 1. */
const at = time('occurred_at');

const data = (name: string): string => `data.${name}`;
const totals = (name: string): string => `data.details.totals.${name}`;

/** The attempt that took the money; others may have failed before. */
const capture = (event: Fields): Fields | undefined => event.child('data')?.list('payments').find((one) => one.text('status') === 'captured');

/** https://developer.paddle.com/api-reference/transactions : amounts are texts in minor units, totals those of `details`. */
const order: OrderMap = {
  id: text(data('id')),
  number: text(data('invoice_number')),
  placedAt: time([data('billed_at'), data('created_at')]),
  version: at,
  status: word(data('status'), { draft: 'NEW', ready: 'NEW', billed: 'CONFIRMED', paid: 'CONFIRMED', completed: 'CONFIRMED', past_due: 'CONFIRMED', canceled: 'CANCELLED' }, 'UNKNOWN'),
  currency: currency(data('currency_code')),
  // before credits, which are a way to pay
  total: minor(totals('total')),
  subtotal: minor(totals('subtotal')),
  discount: minor(totals('discount')),
  tax: minor(totals('tax')),
  payment: {
    // what is past due is tried again
    status: word(data('status'), { draft: 'PENDING', ready: 'PENDING', billed: 'PENDING', past_due: 'PENDING', paid: 'PAID', completed: 'PAID', canceled: 'VOIDED' }, 'UNKNOWN'),
    method: picked(capture, text('method_details.type')),
    provider: always('paddle'),
    reference: picked(capture, text('payment_attempt_id')),
    fee: minor(totals('fee')),
  },
  // it sells what is not sent
  fulfilment: { status: word(data('status'), { canceled: 'CANCELLED' }, 'UNFULFILLED') },
  customer: { id: text(data('customer_id')) },
  lines: {
    of: each('data.details.line_items'),
    // without tax; a price that includes it, or part of a month, gives no whole unit: the price of one follows from the line's
    map: {
      id: text('id'), productId: text('product.id'), sku: text('price_id'), name: text('product.name'), quantity: then(whole('quantity'), String),
      discount: minor('totals.discount'), tax: minor('totals.tax'), total: difference(minor('totals.subtotal'), minor('totals.discount')),
    },
  },
};

/** A transaction that was never billed is a basket. */
const billed = (make: Make): Make => (event, context, outer) => {
  const transaction = event.child('data');
  const isBasket = transaction?.text('billed_at') === undefined && ['draft', 'ready', 'canceled'].includes(transaction?.text('status') ?? '');
  return transaction !== undefined && isBasket ? [] : make(event, context, outer);
};

/** https://developer.paddle.com/api-reference/adjustments : told when Paddle has said yes or no; nothing changes after. */
const moneyBack = returnRequested({
  id: text(data('id')),
  orderId: text(data('transaction_id')),
  requestedAt: time(data('created_at')),
  version: at,
  decided: first(known(data('status'), { approved: 'APPROVED', rejected: 'REJECTED', reversed: 'APPROVED' }), always('PENDING')),
  reason: text(data('action')),
  comment: text(data('reason')),
  currency: currency(data('currency_code')),
  amount: minor(data('totals.total')),
  customerId: text(data('customer_id')),
  lines: { of: each('data.items'), map: { id: text('id'), lineId: text('item_id'), amount: minor('totals.total') } },
});

/** What went back has come again: the bank decided for the shop, or a credit was taken away. */
const reversed = adjustmentRecorded({
  id: text(data('id')),
  kind: 'ledger',
  orderId: text(data('transaction_id')),
  currency: currency(data('currency_code')),
  amount: minor(data('totals.total')),
  reason: text(data('action')),
  at,
});

/** A warning moves no money; a refund that Paddle has not looked at may not either. */
const adjusted: Make = (event, context, outer) => {
  const [action, status] = [data('action'), data('status')].map((path) => text(path)(event, scopeOf(context)) ?? '');
  if (status === 'pending_approval' || /^chargeback_warning/.test(action ?? '')) return [];
  return (/_reverse$/.test(action ?? '') ? reversed : moneyBack)(event, context, outer);
};

const product = catalogUpdated({ id: text(data('id')), name: text(data('name')), at, version: at });

/** What a product is sold for, in its own currency: a thing of its own, which lines name as their SKU. */
const ofProduct = catalogUpdated({
  id: text(data('id')),
  sku: text(data('id')),
  name: text(data('name'), data('description')),
  categoryId: text(data('product_id')),
  price: price(minor(data('unit_price.amount'))),
  currency: currency(data('unit_price.currency_code')),
  at,
  version: at,
});

/** A notification's payload → canonical events. */
export const toEvents = eventsOf({
  'order.created': billed(orderCreated(order)),
  'order.updated': billed(orderUpdated(order, { at })),
  'return.requested': adjusted,
  'catalog.updated': (event, context, outer) => (context.topic.startsWith('price.') ? ofProduct : product)(event, context, outer),
});
