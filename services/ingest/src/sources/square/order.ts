import { exactText, exact, present, type Fields } from '../../convert/index.ts';
import {
  always, country, currency, decimal, each, joined, known, minor, orderChanged, orderCreated, price, text, then, time, word, type Make, type OrderMap, type Read,
} from '../../map/index.ts';
import { fulfilmentOf, paymentOf } from './states.ts';

/** What the several kinds of fulfilment call their part. */
const kinds = ['shipment_details', 'delivery_details', 'pickup_details'];
const details = (...names: readonly string[]): string[] => names.flatMap((name) => kinds.map((kind) => `fulfillments.0.${kind}.${name}`));
const recipient = (name: string): string[] => details(`recipient.${name}`);
const address = (name: string): string[] => recipient(`address.${name}`);

/** What the customer wrote: with the fulfilment, and with each line. */
const comment: Read<string> = (order, scope) => {
  const notes = [text(...details('note', 'shipping_note'))(order, scope), ...order.list('line_items').map((line) => line.text('note'))].filter((note) => note !== undefined);
  return notes.length === 0 ? undefined : notes.join('\n');
};

/** Known only once Square has worked it out. */
const fee: Read<number> = (order, scope) => {
  const fees = order.list('tenders').map((tender) => minor('processing_fee_money.amount')(tender, scope)).filter((one) => one !== undefined);
  return fees.length === 0 ? undefined : fees.reduce((sum, one) => sum + one, 0);
};

/** Service charges and tips, which the order has beside its lines. */
const extras: NonNullable<OrderMap['more']> = (order, scope) => {
  const lineOf = (id: string, name: string, amount: number) =>
    present({ id, name, quantity: 1, unitPrice: exactText(exact(price(always(amount))(order, scope) ?? '0')), total: amount, class: 'fee' as const });
  const charges = order.list('service_charges').map((charge) => lineOf(charge.id('uid'), charge.text('name') ?? 'Service charge', minor(['applied_money.amount', 'amount_money.amount'])(charge, scope) ?? 0));
  const tip = minor('total_tip_money.amount')(order, scope) ?? 0;
  return tip === 0 ? charges : [...charges, lineOf('tip', 'Tip', tip)];
};

/** https://developer.squareup.com/reference/square/objects/Order; amounts are whole numbers of the smallest unit. */
const order: OrderMap = {
  id: text('id'),
  number: text('reference_id', 'ticket_name'),
  placedAt: time('created_at'),
  version: time(['updated_at', 'created_at']), // orders of the till have no version number
  status: word('state', { OPEN: 'NEW', COMPLETED: 'COMPLETED', CANCELED: 'CANCELLED' }, 'UNKNOWN'),
  currency: currency('total_money.currency'),
  total: minor('total_money.amount'),
  discount: minor('total_discount_money.amount'),
  tax: minor('total_tax_money.amount'),
  payment: {
    status: paymentOf,
    method: text('tenders.0.type'),
    provider: then(text('tenders.0.id'), () => 'square'),
    reference: text('tenders.0.payment_id', 'tenders.0.id'),
    fee,
  },
  fulfilment: {
    status: fulfilmentOf,
    promisedAt: time(details('pickup_at', 'deliver_at')),
    deliveredAt: time(details('picked_up_at', 'delivered_at')),
  },
  customer: {
    id: text('customer_id', ...recipient('customer_id')),
    name: text(...recipient('display_name')),
    email: text(...recipient('email_address')),
    phone: text(...recipient('phone_number')),
    line: (fields, scope) => {
      const lines = [text(...address('address_line_1'))(fields, scope), text(...address('address_line_2'))(fields, scope)].filter((line) => line !== undefined);
      return lines.length === 0 ? undefined : lines.join(' ');
    },
    city: text(...address('locality')),
    state: text(...address('administrative_district_level_1')),
    postalCode: text(...address('postal_code')),
    country: country(...address('country')),
  },
  store: { id: text('location_id') },
  lines: {
    of: each('line_items'),
    // gross sales are the price and what its modifiers add, times the quantity; the unit price follows from them
    map: {
      id: text('uid'), productId: text('catalog_object_id'), name: joined('name', 'variation_name'), quantity: decimal('quantity'),
      unitPrice: (line, scope) => (line.raw('gross_sales_money') === undefined ? price(minor('base_price_money.amount'))(line, scope) : undefined),
      discount: minor('total_discount_money.amount'), tax: minor('total_tax_money.amount'),
      total: (line, scope) => then(minor('gross_sales_money.amount'), (gross) => gross - (minor('total_discount_money.amount')(line, scope) ?? 0))(line, scope),
      class: known('item_type', { GIFT_CARD: 'giftCard' }),
    },
  },
  more: extras,
  comment,
};

/** Always as a new order: whether it is one, the store knows. */
export const sale: Make = orderCreated(order);

const update = orderChanged({
  orderId: text('id'),
  at: time(['updated_at', 'created_at']),
  fulfilment: { status: fulfilmentOf },
  tracking: { carrier: text(...details('carrier')), number: text(...details('tracking_number')), url: text(...details('tracking_url')) },
});

/** Where the parcel is followed, where there is one. */
export const tracked: Make = (fields: Fields, context) => (text(...details('tracking_number', 'tracking_url'))(fields, { account: context.account, now: context.receivedAt, currency: '' }) === undefined ? [] : update(fields, context));
