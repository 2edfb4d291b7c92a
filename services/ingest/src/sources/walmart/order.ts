import { fieldsOf, type Fields } from '../../convert/index.ts';
import {
  always, currency, decimal, each, forEach, inside, joined, latest, major, milliseconds, needed, ofOuter, orderCreated, returnRequested, text, then,
  together, under, type OrderMap, type Read,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

const every = each('orderLines.orderLine');
const charges = each('charges.charge');
const statuses = (line: Fields): readonly string[] => each('orderLineStatuses.orderLineStatus')(line).map((one) => one.text('status') ?? '');
const allAre = (lines: readonly Fields[], ...words: readonly string[]): boolean =>
  lines.length > 0 && lines.every((line) => statuses(line).length > 0 && statuses(line).every((status) => words.includes(status)));

/** A line that was cancelled is not sold, unless nothing of the order is. */
const lines = (order: Fields): readonly Fields[] => {
  const kept = every(order).filter((line) => !allAre([line], 'Cancelled'));
  return kept.length === 0 ? every(order) : kept;
};

/** The sum of a line's charges of some types, with or without their tax. */
const charged = (types: readonly string[], amount: Read<number>): Read<number> => (line, scope) =>
  charges(line).filter((charge) => types.includes(charge.text('chargeType') ?? '')).reduce((sum, charge) => sum + (amount(charge, scope) ?? 0), 0);
const price: Read<number> = (charge, scope) => needed(major('chargeAmount.amount'), charge, scope);
const tax = major('tax.taxAmount.amount');
const all = ['PRODUCT', 'SHIPPING', 'FEE'];

const overLines = (read: Read<number>): Read<number> => (order, scope) => lines(order).reduce((sum, line) => sum + (read(line, scope) ?? 0), 0);

/** Codes of the countries that Walmart Marketplace sells in, as it writes them. */
const countries: Readonly<Record<string, string>> = { USA: 'US', CAN: 'CA', MEX: 'MX', CHL: 'CL' };
const address = 'shippingInfo.postalAddress';

/** https://developer.walmart.com/us-marketplace/docs/get-an-order : statuses belong to lines, the order has none. */
const order: OrderMap = {
  id: text('purchaseOrderId'),
  number: text('customerOrderId'),
  placedAt: milliseconds('orderDate'),
  version: latest((one) => [...every(one)], milliseconds('statusDate')),
  status: (one) => (allAre(every(one), 'Cancelled') ? 'CANCELLED' : allAre(lines(one), 'Shipped', 'Delivered') ? 'COMPLETED' : allAre(lines(one), 'Created') ? 'NEW' : 'PROCESSING'),
  currency: (one, scope) => every(one).flatMap((line) => charges(line)).map((charge) => currency('chargeAmount.currency')(charge, scope)).find((code) => code !== undefined),
  total: (one, scope) => (overLines(charged(all, price))(one, scope) ?? 0) + (overLines(charged(all, tax))(one, scope) ?? 0),
  tax: overLines(charged(all, tax)),
  shipping: overLines(charged(['SHIPPING'], price)),
  payment: { status: always('UNKNOWN') },
  fulfilment: {
    status: (one) => {
      if (allAre(every(one), 'Cancelled')) return 'CANCELLED';
      if (allAre(lines(one), 'Delivered')) return 'DELIVERED';
      if (allAre(lines(one), 'Shipped', 'Delivered')) return 'SHIPPED';
      if (lines(one).some((line) => statuses(line).some((status) => status === 'Shipped' || status === 'Delivered'))) return 'PARTIAL';
      return lines(one).every((line) => statuses(line).every((status) => status === 'Created' || status === 'Acknowledged' || status === 'Cancelled')) ? 'UNFULFILLED' : 'UNKNOWN';
    },
    promisedAt: milliseconds('shippingInfo.estimatedDeliveryDate'),
  },
  customer: {
    name: text(`${address}.name`),
    email: text('customerEmailId'),
    phone: text('shippingInfo.phone'),
    line: joined(`${address}.address1`, `${address}.address2`),
    city: text(`${address}.city`),
    state: text(`${address}.state`),
    postalCode: text(`${address}.postalCode`),
    country: then(text(`${address}.country`), (code) => (Object.hasOwn(countries, code) ? countries[code] : /^[A-Z]{2}$/.test(code) ? code : undefined)),
  },
  lines: {
    of: lines,
    map: {
      id: text('lineNumber'), sku: text('item.sku'), name: text('item.productName'), quantity: decimal('orderLineQuantity.amount'),
      tax: charged(['PRODUCT'], tax), total: charged(['PRODUCT'], price),
    },
  },
};

const refundCharges = each('refundCharges.refundCharge');

/** What went back of a line; amounts are negative. */
const refunds = forEach((one) => every(one).filter((line) => line.child('refund') !== undefined), (line, context, outer) => returnRequested({
  id: (refund, scope) => text('refundId')(refund, scope) ?? `${needed(ofOuter(text('purchaseOrderId')), refund, scope)}-${line.id('lineNumber')}`,
  orderId: ofOuter(text('purchaseOrderId')),
  requestedAt: (_, scope) => milliseconds('statusDate')(line, scope),
  decided: always('APPROVED'),
  reason: (refund, scope) => refundCharges(refund).map((charge) => text('refundReason')(charge, scope)).find((word) => word !== undefined),
  comment: text('refundComments'),
  currency: (refund, scope) => refundCharges(refund).map((charge) => currency('charge.chargeAmount.currency')(charge, scope)).find((code) => code !== undefined),
  amount: (refund, scope) => Math.abs(refundCharges(refund).reduce((sum, charge) => sum + (inside('charge', price)(charge, scope) ?? 0) + (inside('charge', tax)(charge, scope) ?? 0), 0)),
})(line.child('refund') ?? line, context, outer));

const read = under('order', together(orderCreated(order), refunds));

/** An order as the API returns it. Always as a new one: whether it is, the store knows. */
export const toEvents = (payload: unknown, context: AskedContext): Items => read(fieldsOf(payload), { ...context, route: 'order.created' });
