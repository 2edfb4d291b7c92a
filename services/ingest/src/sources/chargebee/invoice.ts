import { exact, lineMoney, Unreadable, type Fields } from '../../convert/index.ts';
import {
  accountCurrency, country, currency, decimal, difference, each, first, joined, known, marked, milliseconds, minor, price, seconds, sumOf, text, then, word,
  type LineMap, type OrderMap, type Read,
} from '../../map/index.ts';
import type { Path } from '../place.ts';

/** Hundredths of every currency that has decimals at all (https://apidocs.chargebee.com/docs/api/currencies). */
const hundredths = { BHD: 2, IQD: 2, JOD: 2, KWD: 2, LYD: 2, OMR: 2, TND: 2 };
export const cents = (...paths: readonly Path[]): Read<number> => minor(paths, hundredths);

/** Sites of API v1 have one currency, which payloads do not name. */
export const currencyOf = (path: Path): Read<string> => first(currency(path), accountCurrency);

/** https://apidocs.chargebee.com/docs/api/events : the newer of two versions of a resource has the larger resource_version. */
export const versionOf = (resource: Path): Read<string> => first(milliseconds(`content.${resource}.resource_version`), seconds('occurred_at'));

const quantity: Read<string> = first(decimal('quantity_in_decimal'), decimal('quantity'));

/** What one unit costs, as far as the line's amount is that many times it: tiers and stairs have no such price. */
const unitPrice: Read<string> = (line, scope) => {
  const one = first(decimal('unit_amount_in_decimal'), price(cents('unit_amount')))(line, scope);
  const [count, amount] = [exact(quantity(line, scope) ?? '1', line.path('quantity')), cents('amount')(line, scope)];
  if (one === undefined || amount === undefined || count.units % 10n ** BigInt(count.scale) !== 0n) return undefined;
  const number = Number(count.units / 10n ** BigInt(count.scale));
  if (!Number.isSafeInteger(number)) throw new Unreadable('quantity', line.path('quantity'), 'is larger than a quantity can be');
  return lineMoney(number, one, scope.currency, line.path('unit_amount')).minor === amount ? one : undefined;
};

/** Invoice.line_items, CreditNote.line_items: `amount` is before discounts. */
export const line: LineMap = {
  // lines of API v1 have no id of their own
  id: text('id', 'entity_id', 'description'),
  productId: text('entity_id'),
  name: text('description', 'entity_description', 'entity_id'),
  quantity,
  unitPrice,
  discount: cents('discount_amount'),
  tax: cents('tax_amount'),
  total: difference(cents('amount'), cents('discount_amount')),
};

const of = (name: string): Path => `content.invoice.${name}`;
const address = (name: string): Read<string> => text(of(`shipping_address.${name}`), of(`billing_address.${name}`));
const named = (holder: string): Read<string> => joined(`${holder}.first_name`, `${holder}.last_name`);

/** Gateways whose own payments another account of ours may tell of (Transaction.gateway). */
const gateways: Readonly<Record<string, string>> = {
  stripe: 'stripe', adyen: 'adyen', razorpay: 'razorpay', mollie: 'mollie', paypal: 'paypal', paypal_pro: 'paypal', paypal_express_checkout: 'paypal',
};

/** The gateway's id of the payment; attempts that failed, and refunds, have others. */
const reference: Read<string> = (event, scope) => {
  const [type, status, id] = ['type', 'status', 'id_at_gateway'].map((name) => text(`content.transaction.${name}`)(event, scope));
  return type === 'payment' && status === 'success' ? id : undefined;
};

/** Part of what was paid, or all of it, has gone back: the invoice stays paid, and names the credit notes. */
const backed: Read<'REFUNDED' | 'PARTIALLY_REFUNDED'> = (event, scope) => {
  const notes = each(of('issued_credit_notes'))(event).filter((note: Fields) => note.text('cn_status') === 'refunded');
  const back = notes.reduce((sum, note) => sum + (cents('cn_total')(note, scope) ?? 0), 0);
  return back <= 0 ? undefined : back < (cents(of('total'), of('amount'))(event, scope) ?? 0) ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
};

/** https://apidocs.chargebee.com/docs/api/invoices */
export const invoice: OrderMap = {
  id: text(of('id')),
  number: text(of('id')),
  // API v1 closes an invoice at its end
  placedAt: seconds(of('date'), of('end_date'), 'occurred_at'),
  version: versionOf('invoice'),
  status: first(
    then(marked(of('deleted')), () => 'CANCELLED'),
    word(of('status'), { pending: 'NEW', posted: 'CONFIRMED', payment_due: 'CONFIRMED', not_paid: 'CONFIRMED', paid: 'CONFIRMED', voided: 'CANCELLED' }, 'UNKNOWN'),
  ),
  currency: currencyOf(of('currency_code')),
  total: cents(of('total'), of('amount')),
  discount: sumOf(of('line_items'), cents('discount_amount')),
  tax: cents(of('tax')),
  payment: {
    status: first(backed, word(of('status'), { pending: 'PENDING', posted: 'PENDING', payment_due: 'PENDING', not_paid: 'FAILED', paid: 'PAID', voided: 'VOIDED' }, 'UNKNOWN')),
    method: text('content.transaction.payment_method'),
    provider: then(text('content.transaction.gateway'), (name) => (Object.hasOwn(gateways, name) ? gateways[name] : undefined)),
    reference,
  },
  // parcels, where there are any: the newest order that was made of the invoice
  fulfilment: {
    status: first(then(marked(of('deleted')), () => 'CANCELLED'), known(of('status'), { voided: 'CANCELLED' }), word(of('linked_orders.0.status'), {
      shipped: 'SHIPPED', partially_delivered: 'PARTIAL', delivered: 'DELIVERED', complete: 'DELIVERED', returned: 'SHIPPED', cancelled: 'CANCELLED', voided: 'CANCELLED',
    }, 'UNFULFILLED')),
  },
  customer: {
    id: text(of('customer_id')),
    name: first(named('content.customer'), named(of('shipping_address')), named(of('billing_address'))),
    email: first(text('content.customer.email'), address('email')),
    phone: first(address('phone'), text('content.customer.phone')),
    line: first(joined(of('shipping_address.line1'), of('shipping_address.line2'), of('shipping_address.line3')), joined(of('billing_address.line1'), of('billing_address.line2'), of('billing_address.line3'))),
    city: address('city'),
    state: first(address('state_code'), address('state')),
    postalCode: address('zip'),
    country: country(of('shipping_address.country'), of('billing_address.country')),
  },
  lines: { of: each(of('line_items')), map: line },
};
