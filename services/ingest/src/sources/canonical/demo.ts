import type { EventType } from '@orderflow/shared/events';
import { decimalText, type Demo, type DemoMessage, type DemoReview, type DemoSale, type Telling } from '../demo.ts';

const at = (ms: number): string => new Date(ms).toISOString();
const digitsOf = (currency: string): number => (currency === 'JPY' ? 0 : currency === 'KWD' ? 3 : 2);

/** An event as a system without an adapter would send it. */
const message = (type: EventType, timestamp: number, data: unknown, { delivery }: Telling): DemoMessage => ({
  headers: { 'content-type': 'application/json', 'webhook-id': `msg_${delivery}` },
  body: JSON.stringify({ type, timestamp: at(timestamp), data }),
});

function orderOf(sale: DemoSale) {
  const { person, currency } = sale;
  return {
    id: sale.id,
    number: sale.number,
    placedAt: at(sale.placedAt),
    status: 'NEW',
    currency,
    total: sale.total,
    subtotal: sale.lines.reduce((sum, { total }) => sum + total, 0),
    discount: sale.lines.reduce((sum, { discount }) => sum + discount, 0),
    tax: sale.tax,
    shipping: sale.shipping,
    payment: { status: sale.payment, method: 'card', ...(sale.paidThrough !== undefined && { provider: sale.paidThrough }), reference: sale.paymentReference },
    fulfilment: { status: 'UNFULFILLED' },
    ...(person && {
      customer: {
        id: person.id, name: `${person.first} ${person.last}`, email: person.email, phone: person.phone,
        dateOfBirth: person.dateOfBirth, joinedAt: person.joinedAt,
        address: { line: person.street, city: person.place.city, state: person.place.state, postalCode: person.place.postalCode, country: person.place.country },
      },
      position: { latitude: person.latitude, longitude: person.longitude, from: 'address' },
    }),
    lines: sale.lines.map(({ id, product, quantity, unit, discount, total }) => ({
      id, productId: product.id, sku: product.sku, name: product.name, category: product.category, seller: product.seller,
      quantity, unitPrice: decimalText(unit, digitsOf(currency)), ...(discount > 0 && { discount }), total,
      unitCost: decimalText(Math.round((unit * product.costCents) / product.cents), digitsOf(currency)),
    })),
    ...(sale.comment !== undefined && { comment: sale.comment }),
  };
}

/** What has changed, and not the order itself. */
const updateOf = (sale: DemoSale, occurredAt: number, change: object) => ({ update: { orderId: sale.id, occurredAt: at(occurredAt), ...change } });

const feedback = (kind: 'review' | 'survey') => (sale: DemoSale, { id, at: givenAt, rating, comment }: DemoReview, telling: Telling): DemoMessage =>
  message('feedback.received', givenAt, {
    feedback: { id: `${kind}-${id}`, kind, orderId: sale.id, ...(kind === 'review' && { productId: sale.lines[0]?.product.id }), rating, scale: 5, comment, givenAt: at(givenAt) },
  }, telling);

export const demo: Demo = {
  currencies: ['EUR', 'GBP', 'USD', 'JPY'],
  tells: ['PAID', 'SHIPPED', 'DELIVERED', 'CANCELLED'],
  ordered: (sale, _state, telling) => message('order.created', sale.placedAt, { order: orderOf(sale) }, telling),
  changed: (sale, { payment, fulfilment, at: when }, telling) => message('order.updated', when, updateOf(sale, when, {
    ...(fulfilment === 'CANCELLED' && { status: 'CANCELLED', cancelReason: 'changed my mind' }),
    payment: { status: payment, ...(sale.paidThrough !== undefined && { provider: sale.paidThrough }), reference: sale.paymentReference },
    fulfilment: { status: fulfilment, ...(fulfilment === 'DELIVERED' && { deliveredAt: at(when) }) },
    ...(fulfilment === 'SHIPPED' && { tracking: { carrier: 'Demo Post', number: `DP${sale.serial}`, url: `https://post.example.com/${sale.serial}` } }),
  }), telling),
  returned: (sale, { id, at: when, line, amount, reason, comment }, telling) => message('return.requested', when, {
    return: {
      id, orderId: sale.id, requestedAt: at(when), reason, ...(comment !== '' && { comment }), currency: sale.currency, amount,
      lines: [{ id: '1', lineId: line.id, productId: line.product.id, sku: line.product.sku, quantity: line.quantity, amount: line.total }],
    },
  }, telling),
  reviewed: (sale, review, telling) => ({ ...feedback('review')(sale, review, telling), of: `review-${review.id}` }),
  surveyed: (sale, answer, telling) => ({ ...feedback('survey')(sale, answer, telling), of: `survey-${answer.id}` }),
  catalogued: (product, when, _currency, telling) => message('catalog.updated', when, {
    product: {
      id: product.id, sku: product.sku, name: product.name, category: product.category, categoryId: product.categoryId,
      price: decimalText(product.cents, 2), currency: 'USD', unitCost: decimalText(product.costCents, 2), seller: product.seller, returnByDays: 30,
    },
  }, telling),
  counted: (product, quantity, when, telling) => message('inventory.counted', when, { inventory: { productId: product.id, location: 'main', quantity, countedAt: at(when) } }, telling),
  adjusted: (product, { id, at: when, quantity, reason }, telling) => message('adjustment.recorded', when, {
    adjustment: { id, kind: 'stock', productId: product.id, quantity: -quantity, amount: -quantity * product.costCents, currency: 'USD', reason, at: at(when) },
  }, telling),
  batched: (messages, { delivery }) => ({
    headers: { 'content-type': 'application/json', 'webhook-id': `msg_${delivery}` },
    body: `[${messages.map(({ body }) => body).join(',')}]`,
  }),
};
