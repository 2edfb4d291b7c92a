import { composeKey, originOf, type CanonicalEvent, type Order } from '@orderflow/shared/events';

/** Whom it is about: keys as the warehouse has them, payments as `<provider> <reference>`, words for what cannot be read. */
export interface Subject {
  readonly customer: string | undefined;
  readonly orders: ReadonlySet<string>;
  readonly payments: ReadonlySet<string>;
  readonly words: readonly string[];
}

/** Order, customer and payment that an event names. */
export interface Named {
  readonly order?: string | undefined;
  readonly customer?: string | undefined;
  readonly payment?: string | undefined;
}

const paymentOf = (provider: string | undefined, reference: string | undefined): string | undefined =>
  provider === undefined || reference === undefined ? undefined : `${provider} ${reference}`;

export function namedIn(event: CanonicalEvent): Named {
  const { source, account } = originOf(event);
  const customer = (id: string | undefined): string | undefined => (id === undefined ? undefined : composeKey(source, account, id));
  const ofOrder = (order: Order): Named => ({ order: order.key, customer: customer(order.customer?.id), payment: paymentOf(order.payment.provider, order.payment.reference) });
  switch (event.type) {
    case 'order.created': return ofOrder(event.data.order);
    case 'order.updated': return event.data.update.order ? ofOrder(event.data.update.order) : { order: event.data.update.orderKey };
    case 'payment.changed': return { order: event.data.payment.orderKey, payment: paymentOf(event.data.payment.provider, event.data.payment.reference) };
    case 'return.requested': return { order: event.data.return.orderKey, customer: customer(event.data.return.customerId) };
    case 'feedback.received': return { order: event.data.feedback.orderKey };
    case 'adjustment.recorded': return { order: event.data.adjustment.orderKey };
    default: return {};
  }
}

export const isAbout = ({ order, customer, payment }: Named, subject: Subject): boolean =>
  (order !== undefined && subject.orders.has(order)) || (customer !== undefined && customer === subject.customer) || (payment !== undefined && subject.payments.has(payment));

/** Shorter words name too much by chance. */
const leastWord = 4;
const escaped = (word: string): string => word.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');

/** Finds a word in a body that cannot be read, where it stands by itself. */
export function wordFinder(words: readonly string[]): (body: Uint8Array) => boolean {
  const some = words.filter((word) => word.length >= leastWord);
  if (some.length === 0) return () => false;
  const pattern = new RegExp(`(?<![\\p{L}\\p{N}])(?:${some.map(escaped).join('|')})(?![\\p{L}\\p{N}])`, 'iu');
  return (body) => pattern.test(Buffer.from(body).toString('utf8'));
}
