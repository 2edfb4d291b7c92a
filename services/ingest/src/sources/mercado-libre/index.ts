import { Unreadable } from '../../convert/index.ts';
import { eventsOf, notified, time } from '../../map/index.ts';
import type { Notice } from '../api.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { toEvents as found } from './found.ts';
import { polled } from './poll.ts';

const orderNotice = 'orders_v2';

/** What a notice names: `/orders/2195160686`, or `post-purchase/v1/claims/5108684499`. Of any other form: nothing of ours. */
const named = /^\/?(?:orders|post-purchase\/v1\/claims)\/(\d{1,20})$/;

const toEvents = eventsOf({
  'source.notified': notified((notice) => {
    const id = named.exec(notice.id('resource'))?.[1];
    if (id === undefined) throw new Unreadable('id', notice.path('resource'), 'names no order and no claim');
    return [id];
  }, time('sent')),
});

const pathOf = ({ topic, ids: [id] }: Notice): string => (topic === orderNotice ? '/orders/' : '/post-purchase/v1/claims/') + idInPath(id);

const shipmentOf = (item: unknown): string | undefined => {
  const id = (item as { readonly shipping?: { readonly id?: unknown } | null } | null)?.shipping?.id;
  return typeof id === 'number' || typeof id === 'string' ? idInPath(String(id)) : undefined;
};

/**
 * Mercado Libre: unsigned notices of orders and claims (https://developers.mercadolivre.com.br/pt_br/produto-receba-notificacoes),
 * the thing fetched by its id, an order with its shipment; orders are polled, too. `store` of the account is the seller's user id.
 * A cart is several orders, each with money of its own (https://developers.mercadolibre.com.mx/en_us/packs-management): each is an
 * order here, and the cart's id its number; what the buyer pays for the shipment of all is in none. Always told as
 * order.created: a known one is updated by it.
 */
export const source: SourceDefinition = {
  name: 'mercado-libre',
  title: 'Mercado Libre',
  kind: 'marketplace',
  verified: {
    unsure: [
      'that a shipment’s destination is built like its origin (only the origin’s address was seen), and the words of its status beyond those of ME1',
      'whether coupons that Mercado Libre bears are in unit_price: lines are at unit_price, of which total_amount is the sum',
      'how much went back: a claim names no amount',
      'that orders_v2 is sent once more when only the shipment changes; topics orders and shipments are not read, for they would tell the same twice',
      'the poll misses cancelled orders: the vendor leaves them out of a seller’s search',
    ],
  },
  verify: { unsigned: 'the order or claim is fetched by its id' },
  topic: { field: 'topic' },
  delivery: [{ field: ['_id', 'id'] }],
  routes: { sells: { [orderNotice]: 'source.notified', post_purchase: 'source.notified' } },
  toEvents,
  api: {
    host: 'https://api.mercadolibre.com',
    // a refresh token serves once: https://developers.mercadolibre.com.ar/en_us/authentication-and-authorization
    token: { grant: 'refresh_token', address: '/oauth/token', client: 'fields', rotates: true },
    authorise: (token) => ({ authorization: `Bearer ${token}` }),
    headers: { 'x-format-new': 'true' },
    toEvents: found,
    notice: {
      path: pathOf,
      also: (item) => {
        const shipment = shipmentOf(item);
        return shipment === undefined ? {} : { shipment: `/shipments/${shipment}` };
      },
      mostAtOnce: 4,
    },
    poll: polled,
  },
};
