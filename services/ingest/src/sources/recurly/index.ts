import { eventsOf, notified, time } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { idInPath } from '../id-in-path.ts';
import { toEvents as ofApi } from './resource.ts';

/**
 * Recurly webhooks in JSON (https://docs.recurly.com/recurly-subscriptions/docs/webhooks): an alert with the id of what has
 * changed, which is fetched. Webhooks in XML carry more, but are not signed
 * (https://docs.recurly.com/recurly-subscriptions/docs/signature-verification): they are refused. Sites in the EU have
 * another host, v3.eu.recurly.com, and are not taken.
 */
export const source: SourceDefinition = {
  name: 'recurly',
  title: 'Recurly',
  kind: 'subscriptions',
  verified: {
    unsure: [
      'that `id` of an alert is the id which the API takes: its samples have the form of one, and an invoice’s number beside it; no sentence says so',
      'that amounts of credit invoices are negative: taken either way',
      'words of Invoice.origin besides those of the credit invoices page; an unknown one is a correction, and takes nothing back',
      'alerts of items: the vendor has a page of them, which was not seen',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'text' },
    message: ['timestamp', { literal: '.' }, 'body'],
    header: 'recurly-signature',
    parser: { form: 'timeFirst', separator: ',' }, // a second signature while keys are changed
    encoding: 'hex',
    freshness: { from: 'pair', unit: 'milliseconds', toleranceSeconds: 300 },
  },
  topic: [{ field: 'object_type' }, { field: 'event_type' }],
  // an alert has no id of its own: a retry has the same body
  delivery: [],
  routes: {
    sells: {
      'charge_invoice:*': 'source.notified',
      'credit_invoice:*': 'source.notified',
      // of the time before credit invoices
      'invoice:*': 'source.notified',
      'item:*': 'source.notified',
      // each is told by its invoice, too
      'payment:*': 'ignore',
      'subscription:*': 'ignore',
    },
  },
  answer: { status: 200, body: '' },
  toEvents: eventsOf({
    'source.notified': notified((alert) => [alert.id('id')], time('event_time')),
  }),
  api: {
    host: 'https://v3.recurly.com',
    // the key is the user, the password is empty
    authorise: (key) => ({ authorization: `Basic ${Buffer.from(`${key}:`, 'utf8').toString('base64')}` }),
    headers: { accept: 'application/vnd.recurly.v2021-02-25+json' },
    toEvents: ofApi,
    notice: { path: ({ topic, ids }) => `/${topic.startsWith('item:') ? 'items' : 'invoices'}/${idInPath(ids[0])}`, mostAtOnce: 4 },
  },
};
