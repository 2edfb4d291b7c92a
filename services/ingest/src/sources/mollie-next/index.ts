import { Unreadable } from '../../convert/index.ts';
import { eventsOf, notified, time } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { mollieApi } from '../mollie/api.ts';

/** A payment's own id; a refund, chargeback or capture names its payment in what is embedded of it. */
const toEvents = eventsOf({
  'source.notified': notified((event) => {
    const own = event.id('entityId');
    if (own.startsWith('tr_')) return [own];
    const embedded = event.child('_embedded');
    const payment = ['entity', 'refund', 'chargeback', 'capture'].map((name) => embedded?.child(name)?.text('paymentId')).find((id) => id !== undefined);
    if (payment === undefined) throw new Unreadable('missing', event.path('_embedded.entity.paymentId'), 'is missing: the webhook must send full payloads');
    return [payment];
  }, time('createdAt')),
});

/**
 * Mollie's webhook subscriptions (https://docs.mollie.com/reference/webhooks-new), signed
 * (https://docs.mollie.com/reference/webhooks-best-practices). Events are of one moment and come in any order, so the payment is
 * fetched as classic webhooks have it (sources/mollie). One of both kinds is to be set up for a payment, not both.
 */
export const source: SourceDefinition = {
  name: 'mollie-next',
  title: 'Mollie (webhook subscriptions)',
  kind: 'payments',
  verified: {
    unsure: [
      'whether `sha256=` stands before the signature: the vendor’s example has none, its PHP client takes both; so it is here',
      'the name under _embedded: entity by a note in the PHP client, the entity’s own in its sample',
      'payments that shops report under the provider mollie: these are told under mollie-next, and linked by metadata.order_id alone',
      'what a payment says: see mollie',
    ],
  },
  verify: {
    anyOf: ([{ form: 'plain', prefix: 'sha256=' }, { form: 'plain' }] as const).map((parser) => (
      { algorithm: 'sha256', key: { decode: 'text' }, message: ['body'], header: 'x-mollie-signature', parser, encoding: 'hex' } as const
    )),
  },
  topic: { field: 'type' },
  delivery: [{ field: 'id' }],
  routes: {
    sells: { 'payment.*': 'source.notified', 'refund.*': 'source.notified', 'chargeback.*': 'source.notified', 'capture.*': 'source.notified' },
    payments: { 'payment.*': 'source.notified', 'refund.*': 'source.notified', 'chargeback.*': 'source.notified', 'capture.*': 'source.notified' },
  },
  toEvents,
  api: mollieApi,
};
