import { orderKey, sequenceOfTime, type Order, type OrderLine, type PaymentStatus } from '@orderflow/shared/events';
import { exactText, exponentOf, present, timeOfSeconds, Unreadable, type Fields } from '../../convert/index.ts';
import type { Items, ReadingContext } from '../definition.ts';
import { amountOf, currencyOf } from './amount.ts';

const payments: Readonly<Record<string, PaymentStatus>> = { paid: 'PAID', no_payment_required: 'PAID', unpaid: 'PENDING' };

/** The payment's id where there is one, so that a refund, which names only that, finds its order; else the session's. */
const orderId = (session: Fields): string => session.text('payment_intent') ?? session.id('id');

const seconds = (fields: Fields, key: string, now: number): string => {
  const at = fields.integer(key);
  if (at === undefined) throw new Unreadable('missing', fields.path(key), 'is missing');
  return timeOfSeconds(at, fields.path(key), now);
};

function lineOf(line: Fields, currency: string): OrderLine {
  const quantity = line.integer('quantity') ?? 1;
  const subtotal = amountOf(line, 'amount_subtotal', currency) ?? 0;
  const price = line.child('price');
  const unit = (price && amountOf(price, 'unit_amount', currency)) ?? Math.round(subtotal / quantity);
  const discount = amountOf(line, 'amount_discount', currency);
  return present({
    id: line.id('id'),
    productId: price?.text('product'),
    name: line.text('description'),
    quantity,
    unitPrice: exactText({ units: BigInt(unit), scale: exponentOf(currency) }),
    discount: discount === 0 ? undefined : discount,
    tax: amountOf(line, 'amount_tax', currency),
    total: subtotal - (discount ?? 0),
  });
}

function customerOf(session: Fields): Order['customer'] {
  const details = session.child('customer_details');
  const address = details?.child('address');
  const where = address && present({
    line: [address.text('line1'), address.text('line2')].filter((part) => part !== undefined).join(' ') || undefined,
    city: address.text('city'),
    state: address.text('state'),
    postalCode: address.text('postal_code'),
    country: address.text('country'),
  });
  const found = present({
    id: session.text('customer'),
    name: details?.text('name'),
    email: details?.text('email') ?? session.text('customer_email'),
    phone: details?.text('phone'),
    address: where && Object.keys(where).length > 0 ? where : undefined,
  });
  return Object.keys(found).length > 0 ? found : undefined;
}

/** A Checkout Session → the order. Lines stand in it only where they were expanded; else the order has none. */
export function orderCreated(event: Fields, session: Fields, context: ReadingContext): Items {
  const { source, account } = context.account;
  const currency = currencyOf(session);
  const details = session.child('total_details');
  const id = orderId(session);
  const placedAt = seconds(session, 'created', context.receivedAt);
  const time = seconds(event, 'created', context.receivedAt);
  const status = session.text('payment_status');
  const order: Order = present({
    key: orderKey(source, account, id),
    source,
    account,
    id,
    number: session.text('client_reference_id'),
    placedAt,
    status: 'NEW' as const,
    test: event.flag('livemode') === false ? true : undefined,
    currency,
    total: amountOf(session, 'amount_total', currency) ?? 0,
    subtotal: amountOf(session, 'amount_subtotal', currency),
    discount: details && amountOf(details, 'amount_discount', currency),
    tax: details && amountOf(details, 'amount_tax', currency),
    shipping: details && amountOf(details, 'amount_shipping', currency),
    payment: present({
      status: (status !== undefined && Object.hasOwn(payments, status) ? payments[status] : undefined) ?? ('UNKNOWN' as const),
      provider: 'stripe',
      reference: session.text('payment_intent'),
    }),
    fulfilment: { status: 'UNFULFILLED' as const },
    customer: customerOf(session),
    lines: (session.child('line_items')?.list('data') ?? []).map((line) => lineOf(line, currency)),
  });
  return [{ type: 'order.created', time, sequence: sequenceOfTime(time), data: { order } }];
}

/** A payment method that settles later (bank debit) has answered. */
export function paymentSettled(event: Fields, session: Fields, context: ReadingContext): Items {
  const { source, account } = context.account;
  const time = seconds(event, 'created', context.receivedAt);
  const status = context.topic.endsWith('_succeeded') ? ('PAID' as const) : ('FAILED' as const);
  const payment = present({ status, provider: 'stripe', reference: session.text('payment_intent') });
  const update = { orderKey: orderKey(source, account, orderId(session)), occurredAt: time, payment };
  return [{ type: 'order.updated', time, sequence: sequenceOfTime(time), data: { update } }];
}

/** A refund that the shop has made through Stripe. It names the payment, which is the order's id; else it is not linked. */
export function refundCreated(event: Fields, refund: Fields, context: ReadingContext): Items {
  const { source, account } = context.account;
  const time = seconds(refund, 'created', context.receivedAt);
  const currency = currencyOf(refund);
  const amount = amountOf(refund, 'amount', currency);
  const intent = refund.text('payment_intent');
  const data = {
    return: present({
      id: refund.id('id'),
      orderKey: intent === undefined ? undefined : orderKey(source, account, intent),
      requestedAt: time,
      decided: present({ outcome: 'APPROVED' as const, amount, at: time, by: 'source' as const }),
      reason: refund.text('reason'),
      currency,
      amount,
      test: event.flag('livemode') === false ? true : undefined,
      lines: [],
    }),
  };
  return [{ type: 'return.requested', time, sequence: sequenceOfTime(time), data }];
}
