import type { Account } from '@orderflow/shared/accounts';
import type { Notice } from '../api.ts';
import { idInPath } from '../id-in-path.ts';

/** "The default is 50, and the maximum is 250." */
const pageSize = 250;
const mostPages = 4;

const below = (version: 'v2' | 'v3', { ids: [id] }: Notice, { store }: Account): string => `/stores/${idInPath(store)}/${version}/orders/${idInPath(id)}`;

/** Fees are told only where they are asked for. */
export const orderPath = (notice: Notice, account: Account): string => `${below('v2', notice, account)}?include=fees`;

const refunded = new Set(['refunded', 'partially refunded']);

/** Names of the pages of products, in their order. */
export const productPages = Array.from({ length: mostPages }, (_, at) => (at === 0 ? 'products' : `products${at + 1}`));

/**
 * Products and addresses always; shipments where something has been sent, refunds where the order, or the notice, speaks of one.
 * `items_total` counts units, so there are never more lines than that.
 */
export function furtherCalls(item: unknown, notice: Notice, account: Account): Readonly<Record<string, string>> {
  const order = (item ?? {}) as Readonly<Record<string, unknown>>;
  const path = below('v2', notice, account);
  const pages = Math.min(mostPages, Math.max(1, Math.ceil(Number(order['items_total'] ?? 1) / pageSize) || 1));
  const sent = Number(order['items_shipped'] ?? 0) > 0;
  const back = order['status_id'] === 4 || order['status_id'] === 14 || refunded.has(String(order['payment_status'])) || notice.topic === 'store/order/refund/created';
  return {
    ...Object.fromEntries(productPages.slice(0, pages).map((name, at) => [name, `${path}/products?limit=${pageSize}&page=${at + 1}`])),
    addresses: `${path}/shipping_addresses`,
    ...(sent && { shipments: `${path}/shipments` }),
    ...(back && { refunds: `${below('v3', notice, account)}/payment_actions/refunds` }),
  };
}
