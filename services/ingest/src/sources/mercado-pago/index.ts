import { Unreadable } from '../../convert/index.ts';
import { eventsOf, notified, time } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { toEvents as paymentEvents } from './payment.ts';

/** A payment is new or has changed: it is fetched. */
const toEvents = eventsOf({
  'source.notified': notified((notice) => {
    const data = notice.child('data');
    if (data === undefined) throw new Unreadable('missing', notice.path('data'), 'is missing');
    return [data.id('id')];
  }, time('date_created')),
});

/**
 * Mercado Pago webhooks (https://www.mercadopago.com.mx/developers/en/docs/checkout-pro/payment-notifications), which name a
 * payment. Signed are its id in the address, the request's id and a time, as the vendor's own SDK has it (mercadopago/sdk-nodejs,
 * src/utils/webhook); nothing of the body, so that nothing but the id is taken from it. The credential is the access token.
 */
export const source: SourceDefinition = {
  name: 'mercado-pago',
  title: 'Mercado Pago',
  kind: 'payments',
  verified: {
    unsure: [
      'the unit of ts: milliseconds in the vendor’s SDK, seconds in an example of it; how old it is is not looked at, for an old notice fetches what is true now',
      'requests without x-request-id are refused: the SDK would then leave it out of what is signed',
      'that external_reference is the shop’s order id, which is the shop’s own choice',
      'payments in mediation count as paid until they are charged back',
      'topics order and merchant_order are not read: their ids are signed in lower case, and their payments come by themselves',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' },
    message: [{ literal: 'id:' }, { query: 'data.id' }, { literal: ';request-id:' }, { header: 'x-request-id' }, { literal: ';ts:' }, 'timestamp', { literal: ';' }],
    header: 'x-signature',
    parser: { form: 'pairs', separator: ',', signature: 'v1', timestamp: 'ts' },
    encoding: 'hex',
  },
  topic: { field: 'type' },
  delivery: [{ field: 'id' }],
  routes: { payments: { payment: 'source.notified' } },
  toEvents,
  api: {
    host: 'https://api.mercadopago.com',
    authorise: (token) => ({ authorization: `Bearer ${token}` }),
    toEvents: paymentEvents,
    notice: { path: ({ ids: [id] }) => `/v1/payments/${idInPath(id)}`, mostAtOnce: 4 },
  },
};
