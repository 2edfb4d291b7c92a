import type { PaymentStatus } from '@orderflow/shared/events';
import { moneyOfDecimal, type Fields } from '../../convert/index.ts';
import { country, currency, decimal, first, joined, major, needed, text, time, word, type OrderMap, type Read } from '../../map/index.ts';
import { states } from './states.ts';

const units = (order: Fields): readonly Fields[] => order.list('purchase_units');
/** Of all units; what none of them says is not said. */
const sum = (path: string): Read<number> => (order, scope) => {
  const said = units(order).map((unit) => major(path)(unit, scope)).filter((one) => one !== undefined);
  return said.length === 0 ? undefined : said.reduce((all, one) => all + one, 0);
};
/** Each unit must say its amount. */
const total: Read<number> = Object.assign(
  ((order, scope) => (units(order).length === 0 ? undefined : units(order).reduce((all, unit) => all + needed(major('amount.value'), unit, scope), 0))) satisfies Read<number>,
  { at: 'purchase_units' },
);
const capturesOf = (order: Fields): readonly Fields[] => units(order).flatMap((unit) => unit.child('payments')?.list('captures') ?? []);

/** By its captures, where it has any; else by the order: what is only authorised is completed, too. */
const payment: Read<PaymentStatus> = (order, scope) => {
  const captured = capturesOf(order).map((capture) => word('status', states, 'UNKNOWN')(capture, scope));
  for (const worst of ['UNKNOWN', 'FAILED', 'PENDING', 'PARTIALLY_REFUNDED'] as const) if (captured.includes(worst)) return worst;
  if (captured.length > 0) return captured[0];
  return word('status', { CREATED: 'PENDING', SAVED: 'PENDING', APPROVED: 'PENDING', PAYER_ACTION_REQUIRED: 'PENDING', VOIDED: 'VOIDED', COMPLETED: order.text('intent') === 'AUTHORIZE' ? 'PENDING' : 'PAID' }, 'UNKNOWN')(order, scope);
};

const fee: Read<number> = (order, scope) => {
  const fees = capturesOf(order).map((capture) => major('seller_receivable_breakdown.paypal_fee.value')(capture, scope)).filter((one) => one !== undefined);
  return fees.length === 0 ? undefined : fees.reduce((all, one) => all + one, 0);
};

/** `tax` is that of one unit. */
const lineTax: Read<number> = (item, scope) => {
  const one = text('tax.value')(item, scope);
  return one === undefined ? undefined : moneyOfDecimal(one, scope.currency, item.path('tax')).minor * Number(needed(decimal('quantity'), item, scope));
};

/** An order of several payees has several units. https://developer.paypal.com/docs/api/orders/v2/#orders_get */
export const order: OrderMap = {
  id: first(text('purchase_units.0.invoice_id'), text('id')),
  number: text('id'),
  placedAt: time('create_time'),
  version: time(['update_time', 'create_time']),
  status: word('status', { CREATED: 'NEW', SAVED: 'NEW', APPROVED: 'NEW', PAYER_ACTION_REQUIRED: 'NEW', COMPLETED: 'CONFIRMED', VOIDED: 'CANCELLED' }, 'UNKNOWN'),
  currency: currency('purchase_units.0.amount.currency_code'),
  total,
  subtotal: sum('amount.breakdown.item_total.value'),
  discount: sum('amount.breakdown.discount.value'),
  tax: sum('amount.breakdown.tax_total.value'),
  shipping: sum('amount.breakdown.shipping.value'),
  payment: {
    status: payment,
    provider: () => 'paypal',
    reference: text('purchase_units.0.payments.captures.0.id'),
    fee,
  },
  // it knows of payments only
  fulfilment: { status: word('status', { VOIDED: 'CANCELLED' }, 'UNFULFILLED') },
  customer: {
    id: text('payer.payer_id'),
    name: first(joined('payer.name.given_name', 'payer.name.surname'), text('purchase_units.0.shipping.name.full_name')),
    email: text('payer.email_address'),
    phone: text('payer.phone.phone_number.national_number'),
    dateOfBirth: text('payer.birth_date'),
    line: first(joined('purchase_units.0.shipping.address.address_line_1', 'purchase_units.0.shipping.address.address_line_2'), joined('payer.address.address_line_1', 'payer.address.address_line_2')),
    city: text('purchase_units.0.shipping.address.admin_area_2', 'payer.address.admin_area_2'),
    state: text('purchase_units.0.shipping.address.admin_area_1', 'payer.address.admin_area_1'),
    postalCode: text('purchase_units.0.shipping.address.postal_code', 'payer.address.postal_code'),
    country: country('purchase_units.0.shipping.address.country_code', 'payer.address.country_code'),
  },
  lines: {
    of: (fields) => units(fields).flatMap((unit) => unit.list('items')),
    map: { sku: text('sku'), name: text('name'), quantity: decimal('quantity'), unitPrice: decimal('unit_amount.value'), tax: lineTax },
  },
};
