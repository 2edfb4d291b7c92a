import { fieldsOf, Unreadable, type Fields } from '../../convert/index.ts';
import {
  adjustmentRecorded, always, catalogUpdated, country, currency, decimal, difference, each, first, joined, known, major, needed, orderCreated, picked, price, returnRequested,
  text, then, time, word, type LineMap, type Make, type OrderMap, type Read,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

const at = time(['updated_at', 'created_at']);
const size = (read: Read<number>): Read<number> => then(read, Math.abs);

/** LineItem: `subtotal` is quantity × unit_amount, discounts and taxes are apart; what one costs follows from it. */
const line: LineMap = {
  id: text('id'),
  productId: text('item_code', 'add_on_code', 'plan_code', 'product_code'),
  sku: text('external_sku'),
  name: text('description'),
  quantity: first(decimal('quantity_decimal'), decimal('quantity')),
  discount: major('discount'),
  tax: major('tax'),
  total: difference(major('subtotal'), major('discount')),
};

const taken = (invoice: Fields): Fields | undefined =>
  invoice.list('transactions').find((one) => one.flag('success') === true && ['purchase', 'capture'].includes(one.text('type') ?? ''));

/** The invoice stays paid when money goes back: its payment says so, and the invoice how much of it still could. */
const backed: Read<'REFUNDED' | 'PARTIALLY_REFUNDED'> = (invoice, scope) =>
  taken(invoice)?.flag('refunded') !== true ? undefined : major('refundable_amount')(invoice, scope) === 0 ? 'REFUNDED' : 'PARTIALLY_REFUNDED';

/** Gateways whose own payments another account of ours may tell of. */
const gateways: Readonly<Record<string, string>> = { stripe: 'stripe', adyen: 'adyen', paypal: 'paypal', paypal_complete: 'paypal' };

const address = (name: string): Read<string> => text(`shipping_address.${name}`, `address.${name}`);

/** https://recurly.com/developers/api/v2021-02-25/#resource/invoices : major units, as numbers. */
const sale: OrderMap = {
  id: text('id'),
  number: text('number'),
  placedAt: time('created_at'),
  version: at,
  status: word('state', { open: 'CONFIRMED', pending: 'CONFIRMED', processing: 'CONFIRMED', past_due: 'CONFIRMED', paid: 'CONFIRMED', failed: 'CONFIRMED', closed: 'CONFIRMED', voided: 'CANCELLED' }, 'UNKNOWN'),
  currency: currency('currency'),
  total: major('total'),
  subtotal: major('subtotal'),
  discount: major('discount'),
  tax: major('tax'),
  payment: {
    status: first(backed, word('state', { open: 'PENDING', pending: 'PENDING', processing: 'PENDING', past_due: 'PENDING', paid: 'PAID', failed: 'FAILED', voided: 'VOIDED' }, 'UNKNOWN')),
    method: picked(taken, text('payment_method.object')),
    provider: picked(taken, then(text('payment_gateway.type'), (name) => (Object.hasOwn(gateways, name) ? gateways[name] : undefined))),
    reference: picked(taken, text('gateway_reference')),
  },
  fulfilment: { status: word('state', { voided: 'CANCELLED' }, 'UNFULFILLED') },
  customer: {
    id: text('account.code', 'account.id'),
    name: first(joined('account.first_name', 'account.last_name'), joined('shipping_address.first_name', 'shipping_address.last_name'), joined('address.first_name', 'address.last_name')),
    email: text('account.email', 'shipping_address.email'),
    phone: address('phone'),
    line: first(joined('shipping_address.street1', 'shipping_address.street2'), joined('address.street1', 'address.street2')),
    city: address('city'),
    state: address('region'),
    postalCode: address('postal_code'),
    country: country('shipping_address.country', 'address.country'),
  },
  lines: { of: each('line_items'), map: line },
  // a long invoice comes with its first lines alone: the others stand for what is missing of its sum
  more: (invoice, scope) => {
    if (invoice.flag('has_more_line_items') !== true) return [];
    const read = invoice.list('line_items').reduce((sum, one) => sum + (line.total?.(one, scope) ?? 0), 0);
    const total = needed(difference(major('subtotal'), major('discount')), invoice, scope) - read;
    return [{ id: 'further', name: 'Further lines', quantity: 1, unitPrice: needed(price(always(total)), invoice, scope), total, class: 'adjustment' }];
  },
};

/** Credits of what was sold. Others are gifts, cards that were redeemed, and debts that are given up. */
const ofSales = { refund: true, external_refund: true, line_item_refund: true, open_amount_refund: true, termination: true, immediate_change: true } as const;

const saleId = text('previous_invoice_id', 'line_items.0.original_line_item_invoice_id');
const reason = text('line_items.0.credit_reason_code', 'origin');

const moneyBack = returnRequested({
  id: text('id'),
  orderId: saleId,
  requestedAt: time('created_at'),
  version: at,
  decided: first(known('state', { voided: 'REJECTED' }), always('APPROVED')),
  reason,
  currency: currency('currency'),
  amount: size(major('total')),
  customerId: text('account.code', 'account.id'),
  lines: {
    of: each('line_items'),
    map: { ...line, lineId: text('previous_line_item_id'), quantity: first(decimal('refunded_quantity'), decimal('quantity')), amount: size(difference(major('subtotal'), major('discount'))) },
  },
});

const correction = adjustmentRecorded({
  id: text('id'),
  kind: 'ledger',
  orderId: saleId,
  currency: currency('currency'),
  amount: (invoice, scope) => (text('state')(invoice, scope) === 'voided' ? 0 : then(size(major('total')), (amount) => -amount)(invoice, scope)),
  reason: text('origin'),
  at: time('created_at'),
  version: at,
});

/** The price in the account's own currency, else the first. */
const priced = (item: Fields, currencyOf: string | undefined): Fields | undefined => {
  const prices = item.list('currencies');
  return prices.find((one) => one.text('currency') === currencyOf) ?? prices[0];
};
const ofPrice = <T>(read: Read<T>): Read<T> => (item, scope) => picked((fields) => priced(fields, scope.account.currency), read)(item, scope);

/** https://recurly.com/developers/api/v2021-02-25/#resource/items : lines name an item by its code. */
const item = catalogUpdated({
  id: text('code'),
  sku: text('external_sku'),
  name: text('name', 'code'),
  price: ofPrice(decimal('unit_amount')),
  currency: ofPrice(currency('currency')),
  at,
  version: at,
});

/** What the API returns says itself what it is. */
const makerOf = (fields: Fields): Make => {
  if (fields.text('object') === 'item') return item;
  if (fields.text('object') !== 'invoice') throw new Unreadable('type', fields.path('object'), 'is neither an invoice nor an item');
  if (fields.text('type') !== 'credit') return orderCreated(sale);
  return Object.hasOwn(ofSales, fields.text('origin') ?? '') ? moneyBack : correction;
};

/** An invoice or item as the API returns it → the order, what came back of one, or the product. */
export function toEvents(payload: unknown, context: AskedContext): Items {
  const fields = fieldsOf(payload);
  return makerOf(fields)(fields, { ...context, route: 'order.created' });
}
