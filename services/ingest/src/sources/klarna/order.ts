import type { LineClass, PaymentStatus } from '@orderflow/shared/events';
import { fieldsOf, type Fields } from '../../convert/index.ts';
import {
  always, country, currency, decimal, each, first, forEach, joined, known, latest, minor, ofOuter, orderCreated, paymentChanged, price, returnRequested, text, time, together, whole, word,
  type LineMap, type OrderMap, type Read,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

/** What has gone back counts first, then what was taken; Klarna bears the risk of what it has accepted. */
const payment: Read<PaymentStatus> = (order, scope) => {
  const amount = (name: string): number => whole(name)(order, scope) ?? 0;
  const back = amount('refunded_amount');
  if (back > 0) return back < amount('captured_amount') ? 'PARTIALLY_REFUNDED' : 'REFUNDED';
  if (amount('captured_amount') > 0) return 'PAID';
  const status = word('status', { AUTHORIZED: 'PAID', PART_CAPTURED: 'PAID', CAPTURED: 'PAID', CLOSED: 'PAID', CANCELLED: 'VOIDED', EXPIRED: 'VOIDED' }, 'UNKNOWN')(order, scope);
  return status === 'PAID' ? word('fraud_status', { ACCEPTED: 'PAID', PENDING: 'PENDING', REJECTED: 'FAILED' }, 'UNKNOWN')(order, scope) : status;
};

const placedAt = time('created_at');
/** The order has no time of its last change: the latest of its parts. */
const changedAt: Read<string> = latest(
  (order: Fields) => [order, ...order.list('captures'), ...order.list('refunds')],
  time(['captured_at', 'refunded_at', 'created_at']),
);

const classes: Readonly<Record<string, LineClass>> = {
  discount: 'discount', shipping_fee: 'postage', gift_card: 'giftCard', store_credit: 'giftCard', surcharge: 'fee', sales_tax: 'adjustment', return_fee: 'fee',
};

/** Prices are with tax; `reference` is the merchant's article number. */
const line: LineMap = {
  sku: text('reference'), name: text('name'), quantity: decimal('quantity'), unitPrice: price(minor('unit_price')), discount: minor('total_discount_amount'),
  tax: minor('total_tax_amount'), total: minor('total_amount'), class: known('type', classes),
};

const tax: Read<number> = (order, scope) => {
  const said = order.list('order_lines').map((one) => minor('total_tax_amount')(one, scope)).filter((one) => one !== undefined);
  return said.length === 0 ? undefined : said.reduce((sum, one) => sum + one, 0);
};

const address = (name: string): string[] => [`shipping_address.${name}`, `billing_address.${name}`];

/** https://docs.klarna.com/api/ordermanagement/#operation/getOrder */
const order: OrderMap = {
  id: text('order_id'),
  number: text('merchant_reference1', 'klarna_reference'),
  placedAt,
  version: changedAt,
  status: word('status', { AUTHORIZED: 'CONFIRMED', PART_CAPTURED: 'PROCESSING', CAPTURED: 'COMPLETED', CLOSED: 'COMPLETED', CANCELLED: 'CANCELLED', EXPIRED: 'CANCELLED' }, 'UNKNOWN'),
  currency: currency('purchase_currency'),
  total: minor('order_amount'),
  tax,
  payment: { status: payment, method: text('initial_payment_method.type'), provider: always('klarna'), reference: text('order_id') },
  fulfilment: { status: word('status', { AUTHORIZED: 'UNFULFILLED', PART_CAPTURED: 'PARTIAL', CAPTURED: 'SHIPPED', CANCELLED: 'CANCELLED', EXPIRED: 'CANCELLED' }, 'UNKNOWN') },
  customer: {
    name: first(joined('billing_address.given_name', 'billing_address.family_name'), joined('shipping_address.given_name', 'shipping_address.family_name')),
    email: text('billing_address.email', 'shipping_address.email'),
    phone: text('billing_address.phone', 'shipping_address.phone'),
    dateOfBirth: text('customer.date_of_birth'),
    line: first(joined('shipping_address.street_address', 'shipping_address.street_address2'), joined('billing_address.street_address', 'billing_address.street_address2')),
    city: text(...address('city')),
    state: text(...address('region')),
    postalCode: text(...address('postal_code')),
    country: country(...address('country')),
  },
  lines: { of: each('order_lines'), map: line },
};

const refund = forEach(each('refunds'), returnRequested({
  id: text('refund_id', 'refunded_at'),
  orderId: ofOuter(text('order_id')),
  requestedAt: time('refunded_at'),
  decided: always('APPROVED'),
  comment: text('description'),
  currency: ofOuter(currency('purchase_currency')),
  amount: minor('refunded_amount'),
  lines: { of: each('order_lines'), map: { sku: text('reference'), name: text('name'), quantity: decimal('quantity'), total: minor('total_amount'), class: known('type', classes) } },
}));

/** The order as a shop's, and what went back of it. Always as a new one: whether it is, the store knows. */
const sold = together(orderCreated(order), refund);

/** The order as the payment of another shop's, which `merchant_reference1` names. */
const paid = paymentChanged({
  reference: text('order_id'), status: payment, at: changedAt, currency: currency('purchase_currency'), amount: minor('order_amount'), orderId: text('merchant_reference1'),
});

export const asked = (payload: unknown, context: AskedContext): Items =>
  (context.account.role === 'payments' ? paid : sold)(fieldsOf(payload), { ...context, route: context.account.role === 'payments' ? 'payment.changed' : 'order.created' });
