import { createHash } from 'node:crypto';
import { composeKey, type Order, type OrderLine } from '@orderflow/shared/events';
import { markOf } from '@orderflow/shared/facts';
import type { Row } from '../tables/fold.ts';
import { optionalDecimal, toDecimal } from './money.ts';
import { add, addHistory, dayOf, type FactOf, type Rows } from './rows.ts';
import { group, groupIfKnown } from './version.ts';

type Versions = FactOf<'order.settled'>['payload']['versions'];
type Update = FactOf<'update.settled'>['payload'];

/** Facts of order lines and catalogue meet in one product; the catalogue's word stands over an order's. */
export const fromOrder = (sequence: string): string => `0${sequence}`;
export const fromCatalogue = (sequence: string): string => `1${sequence}`;

/** Key of a customer: the source's id; without one, a hash of the e-mail address; without that, none. */
export function customerKey(order: Pick<Order, 'source' | 'account' | 'customer'>): string | null {
  const { id, email } = order.customer ?? {};
  if (id !== undefined) return composeKey(order.source, order.account, id);
  if (email === undefined) return null;
  const hash = createHash('sha256').update(email.trim().toLowerCase()).digest('hex').slice(0, 32);
  return composeKey(order.source, order.account, `email-${hash}`);
}

export const productKey = (of: { source: string; account: string }, line: { productId?: string | undefined; sku?: string | undefined }): string | null => {
  const id = line.productId ?? line.sku;
  return id === undefined ? null : composeKey(of.source, of.account, id);
};

const headerOf = (order: Order): Row => ({
  source: order.source, account: order.account, order_id: order.id, order_number: order.number ?? null, order_date_time: order.placedAt,
  currency: order.currency, total_order_value: toDecimal(order.total, order.currency), subtotal: optionalDecimal(order.subtotal, order.currency),
  discount: optionalDecimal(order.discount, order.currency), tax: optionalDecimal(order.tax, order.currency),
  shipping: optionalDecimal(order.shipping, order.currency), customer_key: customerKey(order),
  store_key: order.store ? composeKey(order.source, order.account, order.store.id) : null,
  gps_latitude: order.position?.latitude ?? null, gps_longitude: order.position?.longitude ?? null, gps_from: order.position?.from ?? null,
  comment: order.comment ?? null, is_test: order.test ?? false, is_historical: order.historical ?? false,
});

const paymentGroups = (sequence: string, payment: Order['payment'], overdue: boolean | undefined, currency: string | undefined): Row => ({
  ...group('payment', sequence, { payment_status: payment.status, payment_overdue: overdue ?? false }, { group: 'payment', status: payment.status }),
  ...groupIfKnown('method', sequence, { payment_method: payment.method ?? null }),
  ...groupIfKnown('reference', sequence, { payment_provider: payment.provider ?? null, payment_reference: payment.reference ?? null }),
  ...groupIfKnown('settlement', sequence, { payment_fee: optionalDecimal(payment.fee, currency), payment_settles_at: payment.settlesAt ?? null }),
});

const fulfilmentGroups = (sequence: string, fulfilment: Order['fulfilment']): Row => ({
  ...group('fulfilment', sequence, { fulfilment_status: fulfilment.status }, { group: 'fulfilment', status: fulfilment.status }),
  ...groupIfKnown('promise', sequence, { promised_at: fulfilment.promisedAt ?? null }),
  ...groupIfKnown('delivery', sequence, { delivered_at: fulfilment.deliveredAt ?? null }),
});

/** All lines of a snapshot have one version, not one of each line's content: the newest snapshot stands whole. */
const linesVersion = (order: Order, sequence: string): string =>
  `${sequence}00${createHash('sha256').update(JSON.stringify(order.lines)).digest('hex').slice(0, 8)}`;

const lineRow = (order: Order, line: OrderLine, version: string): Row => ({
  order_key: order.key, line_id: line.id, source: order.source, account: order.account, line_class: line.class ?? 'product',
  product_key: productKey(order, line), product_id: line.productId ?? null, sku: line.sku ?? null, name: line.name ?? null,
  seller_key: line.seller === undefined ? null : composeKey(order.source, order.account, line.seller), quantity: line.quantity,
  unit_price: line.unitPrice, price_charged: toDecimal(line.total, order.currency), discount: optionalDecimal(line.discount, order.currency),
  tax: optionalDecimal(line.tax, order.currency), unit_cost: line.unitCost ?? null, currency: order.currency, order_date_time: order.placedAt,
  lines_version: version,
});

function dimensionRows(rows: Rows, order: Order, sequence: string): void {
  const of = { source: order.source, account: order.account };
  const version = fromOrder(sequence);
  if (order.store) {
    add(rows, 'store', { store_key: composeKey(of.source, of.account, order.store.id), ...of, store_id: order.store.id, ...groupIfKnown('name', version, { name: order.store.name ?? null }) });
  }
  for (const line of order.lines) {
    if ((line.class ?? 'product') !== 'product') continue;
    const seller = line.seller === undefined ? null : composeKey(of.source, of.account, line.seller);
    const category = line.category === undefined ? null : composeKey(of.source, of.account, line.category);
    if (seller !== null) add(rows, 'seller', { seller_key: seller, ...of, ...group('name', version, { name: line.seller ?? null }) });
    if (category !== null) add(rows, 'category', { category_key: category, ...of, category_id: null, ...group('name', version, { name: line.category ?? null }) });
    const key = productKey(order, line);
    if (key === null) continue;
    add(rows, 'product', {
      product_key: key, ...of, product_id: line.productId ?? null,
      ...groupIfKnown('name', version, { name: line.name ?? null, sku: line.sku ?? null }),
      ...groupIfKnown('category', version, { category_key: category }),
      ...groupIfKnown('seller', version, { seller_key: seller }),
      ...groupIfKnown('cost', version, { unit_cost: line.unitCost ?? null }),
    });
    addHistory(rows, 'product_history', { product_key: key, valid_day: dayOf(order.placedAt) }, {
      ...(line.unitCost === undefined ? {} : group('cost', version, { unit_cost: line.unitCost, cost_currency: order.currency })),
      ...groupIfKnown('category', version, { category_key: category }),
    });
  }
}

function customerRows(rows: Rows, order: Order, sequence: string): void {
  const key = customerKey(order);
  const { customer } = order;
  if (key === null || !customer) return;
  const at = customer.address ?? {};
  const address = groupIfKnown('address', sequence, {
    address_line: at.line ?? null, city: at.city ?? null, state: at.state ?? null, zip_code: at.postalCode ?? null, country: at.country ?? null,
  });
  addHistory(rows, 'customer_history', { customer_key: key, valid_day: dayOf(order.placedAt) }, address);
  add(rows, 'customer', {
    customer_key: key, source: order.source, account: order.account, customer_id: customer.id ?? null,
    ...groupIfKnown('name', sequence, { name: customer.name ?? null }),
    ...groupIfKnown('contact', sequence, { contact_no: customer.phone ?? null }),
    ...groupIfKnown('email', sequence, { email_id: customer.email ?? null }),
    ...groupIfKnown('birth', sequence, { date_of_birth: customer.dateOfBirth ?? null }),
    ...groupIfKnown('joined', sequence, { joined_date: customer.joinedAt ?? null }),
    ...address,
  });
}

/** The groups of an order that a snapshot of it knows, as far as they have a version. */
function snapshotGroups(rows: Rows, order: Order, versions: Versions): Row {
  const { header, lines, address } = versions;
  const at = order.customer?.address;
  if (header !== undefined) {
    dimensionRows(rows, order, header);
    customerRows(rows, order, header);
  }
  const version = lines === undefined ? undefined : linesVersion(order, lines);
  if (version !== undefined) add(rows, 'order_product', ...order.lines.map((line) => lineRow(order, line, version)));
  return {
    ...(header === undefined ? {} : group('header', header, headerOf(order))),
    ...(address === undefined || !at ? {} : group('address', address, {
      ship_line: at.line ?? null, ship_city: at.city ?? null, ship_state: at.state ?? null, ship_zip_code: at.postalCode ?? null, ship_country: at.country ?? null,
    })),
    ...(version === undefined ? {} : { line_count: order.lines.length, lines_version: version }),
  };
}

function deliveredLines(rows: Rows, orderKey: string, fulfilment: Order['fulfilment'], sequence: string): void {
  for (const line of fulfilment.lines ?? []) {
    const content = { quantity_delivered: line.quantity, damaged: line.damaged ?? null, delivery_date: fulfilment.deliveredAt ?? null };
    add(rows, 'order_line_fulfilment', { order_key: orderKey, line_id: line.lineId, ...group('fulfilment', sequence, content) });
  }
}

/** `mark`: of a correction. */
function historyRows(rows: Rows, orderKey: string, history: Update['history'], mark: string): void {
  for (const { group: statusGroup, sequence, status, at, withdrawn } of history) {
    const content = { occurred_at: at, withdrawn: withdrawn ?? null };
    add(rows, 'order_status_history', { order_key: orderKey, status_group: statusGroup, sequence, status, ...group('step', `${sequence}${mark}`, content) });
  }
}

export function orderRows(fact: FactOf<'order.settled'>): Rows {
  const { order, versions, history, paymentOverdue } = fact.payload;
  return statedRows(order.key, { ...order, paymentOverdue, order, versions, history }, markOf(fact.sequence));
}

export const updateRows = (fact: FactOf<'update.settled'>): Rows => statedRows(fact.payload.orderKey, fact.payload, markOf(fact.sequence));

/** What is known of an order now: from its snapshot, from an update, or from both, the update's own word first. */
function statedRows(orderKey: string, known: Omit<Update, 'orderKey' | 'occurredAt'>, mark: string): Rows {
  const { order, versions } = known;
  const rows: Rows = {};
  const status = known.status ?? order?.status;
  const payment = known.payment ?? order?.payment;
  const fulfilment = known.fulfilment ?? order?.fulfilment;
  const { tracking } = known;
  const moved = versions.fulfilment ?? versions.status;
  add(rows, 'orders', {
    order_key: orderKey,
    ...(order ? snapshotGroups(rows, order, versions) : {}),
    ...(versions.status !== undefined && status !== undefined ? group('status', versions.status, { status }, { group: 'order', status }) : {}),
    ...(versions.status !== undefined && known.cancelReason !== undefined ? group('cancel', versions.status, { cancel_reason: known.cancelReason }) : {}),
    ...(versions.payment !== undefined && payment ? paymentGroups(versions.payment, payment, known.paymentOverdue, order?.currency) : {}),
    ...(versions.fulfilment !== undefined && fulfilment ? fulfilmentGroups(versions.fulfilment, fulfilment) : {}),
    ...(moved !== undefined && tracking
      ? group('tracking', moved, { tracking_carrier: tracking.carrier ?? null, tracking_number: tracking.number ?? null, tracking_url: tracking.url ?? null })
      : {}),
  });
  if (versions.fulfilment !== undefined && fulfilment) deliveredLines(rows, orderKey, fulfilment, versions.fulfilment);
  historyRows(rows, orderKey, known.history, mark);
  return rows;
}
