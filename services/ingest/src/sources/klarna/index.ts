import { eventsOf, notified } from '../../map/index.ts';
import { idInPath } from '../id-in-path.ts';
import type { SourceDefinition } from '../definition.ts';
import { asked } from './order.ts';

/**
 * Klarna Checkout: a push with an empty body, whose address names the order, which is then fetched
 * (https://docs.klarna.com/kco/additional-resources/confirm-purchase). The merchant writes the address of `merchant_urls.push`
 * himself: ours, and `?event_type=push&order_id={checkout.order.id}`. As Klarna advises, nothing in a push is believed.
 */
export const source: SourceDefinition = {
  name: 'klarna',
  title: 'Klarna',
  kind: 'payments',
  verified: {
    unsure: [
      'webhooks payment.request.state-change.*: Klarna says that an HMAC signs them, its header and form were not seen, so they are not taken',
      'notices of fraud (FRAUD_RISK_…): their body is from memory; the order is fetched all the same',
      'captures, refunds and cancellations after the push: Klarna pushes none, and they are seen when the order is next fetched',
      'an authorised order counts as paid, since it is captured when it is sent, and a captured one as sent',
      'the host: that of Europe; North America and Oceania have others',
    ],
  },
  verify: { unsigned: 'the order is fetched' },
  inAddress: true,
  topic: { field: ['event_type', 'metadata.event_type'] },
  delivery: [], // it comes again until the merchant acknowledges the order, which is left to his shop
  routes: {
    sells: { 'push': 'source.notified', 'FRAUD_RISK_*': 'source.notified' },
    payments: { 'push': 'source.notified', 'FRAUD_RISK_*': 'source.notified' },
  },
  toEvents: eventsOf({ 'source.notified': notified((push) => [push.id('order_id')]) }),
  api: {
    host: 'https://api.klarna.com',
    authorise: (userAndPassword) => ({ authorization: `Basic ${Buffer.from(userAndPassword, 'utf8').toString('base64')}` }),
    toEvents: asked,
    notice: { path: ({ ids: [id] }) => `/ordermanagement/v1/orders/${idInPath(id)}`, mostAtOnce: 4 },
  },
};
