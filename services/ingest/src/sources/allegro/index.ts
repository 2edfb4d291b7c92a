import { eventsOf } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './order.ts';
import { polled } from './poll.ts';

/**
 * Allegro: no webhooks; orders ("checkout forms") are polled by the time of their last change
 * (https://developer.allegro.pl/documentation/#operation/getListOfOrdersUsingGET, https://developer.allegro.pl/en/orders/). A form
 * that is sent in several parcels is one order. Always told as order.created: a known order is updated by it. E-mail addresses are
 * relays of Allegro, which writes to its customers itself.
 */
export const source: SourceDefinition = {
  name: 'allegro',
  title: 'Allegro',
  kind: 'marketplace',
  verified: {
    unsure: [
      'the fields of a checkout form but for its statuses: seen in clients of others that are made from Allegro’s OpenAPI file, not in the file',
      'that price is that of one unit after its discounts, and what vouchers and surcharges do to summary.totalToPay',
      'that a list without a status holds the cancelled orders, too',
      'customer returns: a resource of its own in beta, which wants another Accept header than orders and is not asked; a return is seen in nothing but the seller’s status RETURNED',
      'that a refresh token serves once: a token of a user is renewed with each use',
    ],
  },
  verify: 'not-http',
  topic: { always: 'orders' },
  delivery: [],
  routes: { sells: {} },
  toEvents: eventsOf({}),
  api: {
    host: 'https://api.allegro.pl',
    token: { grant: 'refresh_token', address: 'https://allegro.pl/auth/oauth/token', client: 'basic', rotates: true },
    authorise: (token) => ({ authorization: `Bearer ${token}` }),
    headers: { accept: 'application/vnd.allegro.public.v1+json' },
    toEvents,
    poll: polled,
  },
};
