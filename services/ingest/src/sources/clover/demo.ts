import type { Demo, DemoMessage, DemoReturn, DemoSale, DemoState, StandIn } from '../demo.ts';
import { pageSize } from './poll.ts';

const merchant = 'MERCHANTDEMO1';

/** The order as the API returns it: a row for each unit. */
function orderText(sale: DemoSale, { payment, at }: DemoState, back?: DemoReturn): string {
  const elements = (list: readonly unknown[]) => ({ elements: list });
  return JSON.stringify({
    id: sale.id, currency: sale.currency, total: sale.total, paymentState: back ? 'PARTIALLY_REFUNDED' : payment === 'PAID' ? 'PAID' : 'OPEN', title: sale.number, note: sale.comment ?? null, state: 'locked', testMode: false,
    createdTime: sale.placedAt, clientCreatedTime: sale.placedAt, modifiedTime: at,
    lineItems: elements(sale.lines.flatMap(({ id, product, quantity, unit }) => Array.from({ length: quantity }, (_, n) => ({ id: `L${sale.serial}${id}x${n + 1}`, name: product.name, price: unit, item: { id: `${product.id}-${id}` }, itemCode: product.sku, refunded: false })))),
    payments: elements(payment === 'PAID' ? [{ id: sale.paymentReference, amount: sale.total, taxAmount: sale.tax, tender: { label: 'Credit Card' } }] : []),
    refunds: elements(back ? [{ id: `R${back.id}`, amount: back.amount, createdTime: back.at, reason: back.comment, payment: { id: sale.paymentReference } }] : []),
    customers: elements(sale.person ? [{ id: sale.person.id, firstName: sale.person.first, lastName: sale.person.last, emailAddresses: elements([{ emailAddress: sale.person.email }]), phoneNumbers: elements([{ phoneNumber: sale.person.phone }]) }] : []),
  });
}

const notice = (type: 'CREATE' | 'UPDATE', sale: DemoSale, state: DemoState, back?: DemoReturn): DemoMessage => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({ appId: 'DEMOAPP', merchants: { [merchant]: [{ objectId: `O:${sale.id}`, type, ts: state.at }] } }),
  fetched: { id: sale.id, body: orderText(sale, state, back), makes: ['order.created', ...(back ? ['return.requested' as const] : [])] },
  ...(back && { of: `R${back.id}` }),
});

const standIn: StandIn = {
  item: /^\/v3\/merchants\/\w+\/orders\/(\w+)$/,
  list: {
    path: /^\/v3\/merchants\/\w+\/orders$/,
    pageSize,
    names: true,
    asked(query) {
      const filters = query.getAll('filter');
      const bound = (sign: string): number => Number(filters.find((one) => one.startsWith(`modifiedTime${sign}`))?.slice(`modifiedTime${sign}`.length));
      const [from, to] = [bound('>='), bound('<=')];
      return from && to ? { from: new Date(from).toISOString(), to: new Date(to).toISOString(), offset: Number(query.get('offset') ?? 0) } : 'a window of changes is wanted';
    },
    modified: (item) => new Date(Number(item['modifiedTime'])).toISOString(),
    page: (items) => JSON.stringify({ elements: items.map((text) => { const { id, modifiedTime } = JSON.parse(text) as { id: string; modifiedTime: number }; return { id, modifiedTime }; }) }),
  },
};

export const demo: Demo = {
  standIn,
  currencies: ['USD', 'CAD'],
  polled: true,
  starts: 'UNKNOWN',
  without: ['discount', 'shipping'],
  orderId: (serial) => `ORDER${serial}`,
  tells: ['PAID'],
  ordered: (sale, state) => notice('CREATE', sale, state),
  changed: (sale, state) => notice('UPDATE', sale, state),
  returned: (sale, back) => notice('UPDATE', sale, { payment: 'PAID', fulfilment: 'DELIVERED', at: back.at, version: 9 }, back),
  pinged: () => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ verificationCode: 'ce7643c1-0000-4000-8000-000000000000' }) }),
};
