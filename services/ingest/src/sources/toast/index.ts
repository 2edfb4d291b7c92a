import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * Toast's orders webhook: the whole order each time anything of it changes
 * (https://doc.toasttab.com/doc/devguide/devOrdersWebhookRef.html), signed as
 * https://doc.toasttab.com/doc/devguide/apiMessageSigning.html says. Whether an order is new, the store knows.
 */
export const source: SourceDefinition = {
  name: 'toast',
  title: 'Toast',
  kind: 'pos',
  verified: {
    unsure: [
      'base64 as the signature’s encoding, and that the signed timestamp is that of the body',
      'a selection’s price: for its whole quantity and after discounts; tips are left out of an order’s total',
      'the words of deliveryState; an order that is closed counts as handed over',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' },
    // no age is asked for: a message that is sent again keeps its timestamp
    message: ['body', { json: 'timestamp' }],
    header: 'toast-signature',
    parser: { form: 'plain' },
    encoding: 'base64',
  },
  topic: { field: 'eventType' },
  delivery: [{ field: 'guid' }],
  routes: { sells: { order_updated: 'order.created', channel_order_updated: 'order.created' } },
  toEvents,
};
