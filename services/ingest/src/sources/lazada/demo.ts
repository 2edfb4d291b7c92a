import type { Demo, DemoMessage, DemoSale, DemoState, Telling } from '../demo.ts';

const sites: Readonly<Record<string, string>> = { SGD: 'lazada_sg', MYR: 'lazada_my', PHP: 'lazada_ph', THB: 'lazada_th' };
/** As the API writes times: `2026-11-22 21:05:09 +0800`. */
const at = (ms: number): string => `${new Date(ms + 8 * 3_600_000).toISOString().slice(0, 19).replace('T', ' ')} +0800`;

const statusOf = ({ fulfilment, payment }: DemoState): string =>
  fulfilment === 'UNFULFILLED' ? (payment === 'PENDING' ? 'unpaid' : 'pending') : { SHIPPED: 'shipped', DELIVERED: 'delivered', CANCELLED: 'canceled' }[fulfilment];

/** A row for each unit; the last of a line takes what its discount does not share out evenly. */
function rowsOf(sale: DemoSale, state: DemoState): readonly object[] {
  return sale.lines.flatMap((line, place) => Array.from({ length: line.quantity }, (_, unit) => ({
    order_item_id: `${sale.serial}${line.id}${unit}`, order_id: sale.id, product_id: line.product.id, sku: line.product.sku, currency: sale.currency,
    // two lines of one product would be one
    name: sale.lines.findIndex(({ product }) => product.id === line.product.id) < place ? `${line.product.name} (${line.id})` : line.product.name,
    item_price: (line.unit / 100).toFixed(2), paid_price: ((line.unit - (unit === 0 ? line.discount : 0)) / 100).toFixed(2), tax_amount: '0.00',
    shipping_amount: ((place === 0 && unit === 0 ? sale.shipping : 0) / 100).toFixed(2),
    status: statusOf(state), buyer_id: sale.person?.id ?? null, created_at: at(sale.placedAt), updated_at: at(state.at),
  })));
}

const push = (sale: DemoSale, state: DemoState, { account }: Telling): DemoMessage => ({
  headers: { 'content-type': 'application/json' },
  body: JSON.stringify({
    seller_id: account, message_type: 0, timestamp: state.at, site: sites[sale.currency],
    data: { order_status: statusOf(state), status_update_time: Math.floor(state.at / 1_000), trade_order_id: sale.id, trade_order_line_id: `${sale.serial}10` },
  }),
  fetched: { id: sale.id, body: JSON.stringify({ code: '0', data: rowsOf(sale, state), request_id: sale.serial }), makes: ['order.created'] },
});

export const demo: Demo = {
  // who asks stands in the address, and the local credential has one part
  standIn: { item: /^\/order\/items\/get\?(?:.*&)?order_id=([^&]+)/, credentialIn: (_, query) => query.get('app_key') ?? undefined },
  currencies: ['SGD', 'MYR', 'PHP', 'THB'],
  // whether a sale is paid, and what a customer wrote, stands elsewhere
  without: ['tax', 'pending', 'comment', 'payment'],
  tells: ['SHIPPED', 'DELIVERED', 'CANCELLED'],
  ordered: push,
  changed: push,
  pinged: ({ delivery }) => ({ headers: { 'content-type': 'application/json' }, body: JSON.stringify({ seller_id: delivery, message_type: 13, data: { status: 'normal' }, timestamp: 1_795_352_791, site: 'lazada_sg' }) }),
};
