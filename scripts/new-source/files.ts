/** What a new source's folder holds before anybody has filled it in. Everything compiles; its tests fail until it is true. */
export function filesOf(name: string): Readonly<Record<string, string>> {
  const json = (value: unknown): string => `${JSON.stringify(value, undefined, 2)}\n`;
  return {
    'index.ts': `import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/** What it is, and the vendor's page about its webhooks: https://… */
export const source: SourceDefinition = {
  name: '${name}',
  title: '${name}',
  kind: 'storefront',
  // true once everything here was seen in the vendor's own words
  verified: { unsure: ['everything: fill this in'] },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' },
    message: ['body'],
    header: 'x-signature',
    parser: { form: 'plain' },
    encoding: 'hex',
  },
  topic: { field: 'event' },
  delivery: [{ field: 'id' }],
  routes: { sells: { 'order.created': 'order.created', 'order.updated': 'order.updated', 'refund.created': 'return.requested' } },
  toEvents,
};
`,
    'to-events.ts': `import { currency, decimal, each, eventsOf, major, orderCreated, orderUpdated, returnRequested, text, time, under, word, type OrderMap } from '../../map/index.ts';

/** Where the vendor's order has what: the page that says so. */
const order: OrderMap = {
  id: text('id'),
  placedAt: time('created_at'),
  version: time('updated_at'),
  status: word('status', { open: 'NEW' }, 'UNKNOWN'),
  currency: currency('currency'),
  total: major('total'),
  payment: { status: word('payment_status', { paid: 'PAID', pending: 'PENDING' }, 'UNKNOWN') },
  fulfilment: { status: word('status', { shipped: 'SHIPPED' }, 'UNFULFILLED') },
  lines: { of: each('lines'), map: { id: text('id'), sku: text('sku'), name: text('name'), quantity: decimal('quantity'), unitPrice: decimal('price') } },
  comment: text('note'),
};

/** A webhook's payload → canonical events. */
export const toEvents = eventsOf({
  'order.created': under('data', orderCreated(order)),
  'order.updated': under('data', orderUpdated(order, { at: time('updated_at') })),
  'return.requested': under('data', returnRequested({ id: text('id'), orderId: text('order_id'), requestedAt: time('created_at'), currency: currency('currency'), amount: major('amount'), comment: text('reason') })),
});
`,
    'demo.ts': `import { decimalText, type Demo } from '../demo.ts';

const iso = (ms: number): string => new Date(ms).toISOString();

/** What the vendor sends of a made-up sale: the map the other way round. */
export const demo: Demo = {
  currencies: ['EUR'],
  without: ['tax', 'shipping', 'discount', 'guests'],
  ordered: (sale, state, { delivery }) => ({
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      id: delivery, event: 'order.created',
      data: {
        id: sale.id, created_at: iso(sale.placedAt), updated_at: iso(state.at), status: 'open', payment_status: state.payment === 'PAID' ? 'paid' : 'pending',
        currency: sale.currency, total: decimalText(sale.total, 2), note: sale.comment ?? null,
        lines: sale.lines.map((line) => ({ id: line.id, sku: line.product.sku, name: line.product.name, quantity: line.quantity, price: decimalText(line.unit, 2) })),
      },
    }),
  }),
};
`,
    'fixtures/order-created.json': json({ id: 'd-1', event: 'order.created', data: { id: 'A-1', 'put here': 'a payload as the vendor documents it' } }),
    'fixtures/order-created.expected.json': json({ about: 'A paid order', headers: {}, becomes: { events: ['what it must become, field by field'] } }),
    'fixtures/cites.json': json({}),
  };
}
