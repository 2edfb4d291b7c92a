import {
  adjustmentRecorded, always, catalogUpdated, currency, each, eventsOf, first, needed, orderChanged, orderCreated, orderUpdated, price, returnRequested, scopeOf, seconds, text, then,
  decimal, type Make,
} from '../../map/index.ts';
import { cents, currencyOf, invoice, line, versionOf } from './invoice.ts';

const at = seconds('occurred_at');

const changed = orderUpdated(invoice, { at });

/** Readers of the payment, in the currency of its invoice. */
const paymentOf = ({ payment, currency: own }: typeof invoice): typeof invoice.payment => ({
  ...payment,
  status: (event, scope) => payment.status(event, { ...scope, currency: needed(own, event, scope) }),
});

/** A payment or refund names the invoice that it is of; one of no invoice is money kept for later, and no sale. */
const paymentTold: Make = (event, context, outer) =>
  event.child('content')?.child('invoice') === undefined ? []
    : orderChanged({ orderId: invoice.id, at, version: versionOf('invoice'), payment: paymentOf(invoice) })(event, context, outer);

const note = (name: string): string => `content.credit_note.${name}`;

/** https://apidocs.chargebee.com/docs/api/credit_notes : for what was paid; it is approved by whoever wrote it. */
const credited = returnRequested({
  id: text(note('id')),
  orderId: text(note('reference_invoice_id')),
  requestedAt: seconds(note('date'), 'occurred_at'),
  version: versionOf('credit_note'),
  decided: always('APPROVED'),
  reason: text(note('create_reason_code'), note('reason_code')),
  comment: text(note('customer_notes')),
  currency: currencyOf(note('currency_code')),
  amount: cents(note('total')),
  customerId: text(note('customer_id')),
  lines: { of: each(note('line_items')), map: { ...line, lineId: text('reference_line_item_id') } },
});

/** For what was not paid yet: less is owed, and nothing goes back. */
const owedLess = adjustmentRecorded({
  id: text(note('id')),
  kind: 'ledger',
  orderId: text(note('reference_invoice_id')),
  currency: currencyOf(note('currency_code')),
  amount: then(cents(note('total')), (amount) => -amount),
  reason: text(note('create_reason_code'), note('reason_code')),
  at: seconds(note('date'), 'occurred_at'),
  toldAt: at,
  version: versionOf('credit_note'),
});

const kindOf = text(note('type'));
const creditNote: Make = (event, context, outer) => (kindOf(event, scopeOf(context)) === 'adjustment' ? owedLess : credited)(event, context, outer);

const transaction = (name: string): string => `content.transaction.${name}`;

/** API v1 has no credit notes: a refund is of its invoice (https://apidocs.chargebee.com/docs/api/v1/api_v2_upgradation_guide). */
const refunded = returnRequested({
  id: text(transaction('id')),
  orderId: text('content.invoice.id'),
  requestedAt: seconds(transaction('date'), 'occurred_at'),
  version: always(1),
  decided: always('APPROVED'),
  comment: text(transaction('reference_number')),
  currency: currencyOf(transaction('currency_code')),
  amount: cents(transaction('amount')),
  customerId: text(transaction('customer_id')),
});

const itemPrice = (name: string): string => `content.item_price.${name}`;

/** What is sold is a price of an item; lines name it in `entity_id`. */
const product = catalogUpdated({
  id: text(itemPrice('id')),
  sku: text(itemPrice('accounting_detail.sku')),
  name: text(itemPrice('external_name'), itemPrice('name')),
  categoryId: text(itemPrice('item_family_id')),
  price: first(decimal(itemPrice('price_in_decimal')), price(cents(itemPrice('price')))),
  currency: currency(itemPrice('currency_code')),
  at,
  version: versionOf('item_price'),
});

const ofCreditNote = /^credit_note/;
const ofInvoice = /^invoice/;

/** A webhook's payload → canonical events. */
export const toEvents = eventsOf({
  'order.created': orderCreated(invoice),
  'order.updated': (event, context, outer) => (ofInvoice.test(context.topic) ? changed : paymentTold)(event, context, outer),
  'return.requested': (event, context, outer) =>
    (ofCreditNote.test(context.topic) ? creditNote : event.text('api_version') === 'v1' ? refunded : paymentTold)(event, context, outer),
  'catalog.updated': product,
});
