import { fieldsOf } from '../../convert/index.ts';
import {
  always, currency, each, first, fixedPrice, forEach, joined, marked, milliseconds, minor, ofOuter, orderCreated, price, returnRequested, sumOf, text, then, together, word, type OrderMap,
  type Read,
} from '../../map/index.ts';
import type { AskedContext } from '../api.ts';
import type { Items } from '../definition.ts';

const id = text('id');
/** What is taken off is a negative number. */
const off = (path: string): Read<number> => then(sumOf(path, minor('amount')), (amount) => (amount === 0 ? undefined : Math.abs(amount)));

/** https://docs.clover.com/dev/reference/ordergetorder : minor units, milliseconds. */
const order: OrderMap = {
  id,
  number: text('title', 'externalReferenceId', 'id'),
  placedAt: milliseconds('createdTime', 'clientCreatedTime'),
  version: first(milliseconds('modifiedTime'), milliseconds('createdTime', 'clientCreatedTime')),
  status: word('paymentState', {
    OPEN: 'NEW', PARTIALLY_PAID: 'NEW', PAID: 'COMPLETED', REFUNDED: 'COMPLETED', CREDITED: 'COMPLETED', MANUALLY_REFUNDED: 'COMPLETED', MANUALLY_PARTIALLY_REFUNDED: 'COMPLETED', PARTIALLY_REFUNDED: 'COMPLETED',
  }, 'UNKNOWN'),
  test: marked('testMode'),
  currency: currency('currency'),
  total: minor('total'),
  discount: off('discounts.elements'),
  tax: sumOf('payments.elements', minor('taxAmount')),
  payment: {
    status: word('paymentState', {
      OPEN: 'PENDING', PARTIALLY_PAID: 'PENDING', PAID: 'PAID', REFUNDED: 'REFUNDED', CREDITED: 'REFUNDED', MANUALLY_REFUNDED: 'REFUNDED', PARTIALLY_REFUNDED: 'PARTIALLY_REFUNDED', MANUALLY_PARTIALLY_REFUNDED: 'PARTIALLY_REFUNDED',
    }, 'UNKNOWN'),
    method: text('payments.elements.0.tender.label'),
    reference: text('payments.elements.0.id'),
  },
  // a till does not say when goods are handed out
  fulfilment: { status: always('UNKNOWN') },
  customer: {
    id: text('customers.elements.0.id'),
    name: joined('customers.elements.0.firstName', 'customers.elements.0.lastName'),
    email: text('customers.elements.0.emailAddresses.elements.0.emailAddress'),
    phone: text('customers.elements.0.phoneNumbers.elements.0.phoneNumber'),
  },
  lines: {
    of: each('lineItems.elements'),
    oneRowPerUnit: true,
    map: {
      id, productId: text('item.id'), sku: text('itemCode'), name: text('name'), quantity: fixedPrice(3, 'unitQty'), unitPrice: price(minor('price')), discount: off('discounts.elements'),
    },
  },
  comment: text('note'),
};

const refund = returnRequested({
  id,
  orderId: ofOuter(id),
  requestedAt: milliseconds('createdTime', 'clientCreatedTime'),
  decided: always('APPROVED'),
  comment: text('reason'),
  currency: ofOuter(currency('currency')),
  amount: minor('amount'),
  test: ofOuter(marked('testMode')),
});

/** An order as the API returns it, with its refunds. */
export const toEvents = (payload: unknown, context: AskedContext): Items =>
  together(orderCreated(order), forEach(each('refunds.elements'), refund))(fieldsOf(payload), { ...context, route: 'order.created' });
