import { composedKey } from './key.ts';
import { decimalText, type Sale } from './sale.ts';

/** A message in our own format, as a system without an adapter would send it. */
export interface Message {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const at = (ms: number): string => new Date(ms).toISOString();

const message = (type: string, timestamp: number, data: unknown): Message => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ type, timestamp: at(timestamp), data }),
});

export const keyOf = (sale: Sale): string => composedKey(sale.channel.source, sale.channel.account, sale.id);

export function created(sale: Sale): Message {
  const { person, currency } = sale;
  return message('order.created', sale.placedAt, {
    order: {
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
      payment: { status: sale.payment, method: 'card', provider: 'stripe', reference: sale.paymentReference },
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
        quantity, unitPrice: decimalText(unit, currency), ...(discount > 0 && { discount }), total,
        unitCost: decimalText(Math.round((unit * product.costCents) / product.cents), currency),
      })),
      ...(sale.comment !== undefined && { comment: sale.comment }),
    },
  });
}

export const updated = (sale: Sale, occurredAt: number, change: Readonly<Record<string, unknown>>): Message =>
  message('order.updated', occurredAt, { update: { orderKey: keyOf(sale), occurredAt: at(occurredAt), ...change } });

export interface Wish {
  readonly id: string;
  readonly at: number;
  readonly reason: string;
  readonly comment: string | undefined;
  readonly amount: number;
}

/** The customer asks for the first line back. */
export function returnAsked(sale: Sale, wish: Wish): Message {
  const [line] = sale.lines;
  return message('return.requested', wish.at, {
    return: {
      id: wish.id, orderKey: keyOf(sale), requestedAt: at(wish.at), reason: wish.reason,
      ...(wish.comment !== undefined && { comment: wish.comment }),
      currency: sale.currency, amount: wish.amount,
      lines: line ? [{ id: '1', lineId: line.id, productId: line.product.id, sku: line.product.sku, quantity: line.quantity, amount: line.total }] : [],
    },
  });
}

export const reviewed = (sale: Sale, id: string, givenAt: number, rating: number, comment: string): Message =>
  message('feedback.received', givenAt, {
    feedback: { id, kind: 'review', orderKey: keyOf(sale), productId: sale.lines[0]?.product.id, rating, scale: 5, comment, givenAt: at(givenAt) },
  });

export const catalogued = (product: Sale['lines'][number]['product'], time: number): Message =>
  message('catalog.updated', time, {
    product: {
      id: product.id, sku: product.sku, name: product.name, category: product.category, categoryId: product.categoryId,
      price: decimalText(product.cents, 'USD'), currency: 'USD', unitCost: decimalText(product.costCents, 'USD'), seller: product.seller, returnByDays: 30,
    },
  });

export const counted = (productId: string, quantity: number, time: number): Message =>
  message('inventory.counted', time, { inventory: { productId, location: 'main', quantity, countedAt: at(time) } });
