import type { OrderLine } from '@orderflow/shared/events';
import { fieldsOf, present, Unreadable, type Fields } from '../../convert/index.ts';
import {
  always, country, currency, decimal, each, first, joined, major, orderCreated, price, seconds, sumOf, text, then, word, type OrderMap, type Read, type Scope,
} from '../../map/index.ts';
import type { AskedContext, SourceApi } from '../api.ts';
import type { Items } from '../definition.ts';

/** What a good status may hide. */
export const refusalIn: NonNullable<SourceApi['refusal']> = (payload) => {
  const { code, data } = payload as { readonly code?: unknown; readonly data?: { readonly orders?: unknown } };
  if (code === 105_001 || code === 105_002) return 'credential';
  return code === 0 && Array.isArray(data?.orders) && data.orders.length === 0 ? 'absent' : undefined;
};

/** The one order that was asked for, without the envelope, which names each request. @throws Unreadable */
export function itemOf(payload: unknown): unknown {
  const answer = fieldsOf(payload);
  if (answer.text('code') !== '0') throw new Unreadable('vendor', answer.path('code'), 'is not that of an answer');
  const orders = answer.child('data')?.raw('orders');
  if (!Array.isArray(orders) || orders.length === 0) throw new Unreadable('missing', answer.path('data.orders'), 'is missing');
  return orders[0];
}

const added = (...names: readonly string[]): Read<number> => (one, scope) => {
  const said = names.map((name) => major(name)(one, scope)).filter((amount) => amount !== undefined);
  return said.length === 0 ? undefined : said.reduce((sum, amount) => sum + amount, 0);
};

/** The vendor hides parts of people behind asterisks. */
const shown = (read: Read<string>): Read<string> => then(read, (word) => (word.includes('*') ? undefined : word));

const address = (name: string): string => `recipient_address.${name}`;
const district = (...levels: readonly string[]): Read<string> => shown((order) =>
  order.child('recipient_address')?.list('district_info').find((one) => levels.includes(one.text('address_level_name')?.toLowerCase() ?? ''))?.text('address_name'));

const fees = ['retail_delivery_fee', 'small_order_fee', 'buyer_service_fee', 'handling_fee', 'shipping_insurance_fee', 'item_insurance_fee'];

/** What the buyer pays besides goods, postage and taxes. */
const feeLines = (order: Fields, scope: Scope): readonly OrderLine[] => fees.flatMap((name) => {
  const amount = major(`payment.${name}`)(order, scope) ?? 0;
  return amount === 0 ? [] : [present({ id: name, name, quantity: 1, unitPrice: price(always(amount))(order, scope) ?? '0', total: amount, class: 'fee' as const })];
});

/** https://partner.tiktokshop.com/docv2/page/get-order-detail-202309 : decimal texts; a row for each unit. */
const order: OrderMap = {
  id: text('id'),
  number: text('id'),
  placedAt: seconds('create_time'),
  version: seconds('update_time', 'create_time'),
  status: word('status', {
    UNPAID: 'NEW', ON_HOLD: 'CONFIRMED', AWAITING_SHIPMENT: 'CONFIRMED', PARTIALLY_SHIPPING: 'PROCESSING', AWAITING_COLLECTION: 'PROCESSING', IN_TRANSIT: 'PROCESSING', DELIVERED: 'PROCESSING',
    COMPLETED: 'COMPLETED', CANCELLED: 'CANCELLED', CANCEL: 'CANCELLED',
  }, 'UNKNOWN'),
  currency: currency('payment.currency'),
  // sub_total + shipping_fee + taxes + retail_delivery_fee
  total: major('payment.total_amount'),
  subtotal: major('payment.sub_total'),
  discount: added('payment.seller_discount', 'payment.platform_discount'),
  tax: major('payment.tax'),
  shipping: major('payment.shipping_fee'),
  payment: {
    status: (one) => {
      const paid = (one.integer('paid_time') ?? 0) > 0;
      if (['CANCELLED', 'CANCEL'].includes(one.text('status') ?? '')) return paid ? 'UNKNOWN' : 'VOIDED';
      if (paid) return 'PAID';
      return one.text('status') === 'UNPAID' || one.flag('is_cod') === true ? 'PENDING' : 'UNKNOWN';
    },
    method: text('payment_method_name'),
  },
  fulfilment: {
    status: word('status', {
      UNPAID: 'UNFULFILLED', ON_HOLD: 'UNFULFILLED', AWAITING_SHIPMENT: 'UNFULFILLED', PARTIALLY_SHIPPING: 'PARTIAL', AWAITING_COLLECTION: 'PACKED', IN_TRANSIT: 'SHIPPED', DELIVERED: 'DELIVERED',
      COMPLETED: 'DELIVERED', CANCELLED: 'CANCELLED', CANCEL: 'CANCELLED',
    }, 'UNKNOWN'),
    deliveredAt: seconds('delivery_time'),
  },
  customer: {
    id: text('user_id'),
    name: shown(text(address('name'))),
    email: text('buyer_email'),
    phone: shown(text(address('phone_number'))),
    line: shown(first(joined(address('address_line1'), address('address_line2')), text(address('address_detail'), address('full_address')))),
    city: first(district('city', 'municipality'), shown(text(address('post_town')))),
    state: district('state', 'province'),
    postalCode: shown(text(address('postal_code'))),
    country: country(address('region_code')),
  },
  lines: {
    of: each('line_items'),
    oneRowPerUnit: true,
    map: {
      id: text('id'), productId: text('product_id'), sku: text('seller_sku', 'sku_id'), name: text('product_name'), quantity: always('1'), unitPrice: decimal('original_price'),
      discount: added('seller_discount', 'platform_discount'), tax: sumOf('item_tax', major('tax_amount')),
    },
  },
  more: feeLines,
  comment: text('buyer_message'),
};

/** @throws Unreadable */
export const toEvents = (payload: unknown, context: AskedContext): Items => orderCreated(order)(fieldsOf(payload), { ...context, route: 'order.created' });
