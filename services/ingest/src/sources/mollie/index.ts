import { Unreadable } from '../../convert/index.ts';
import { eventsOf, notified } from '../../map/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { mollieApi } from './api.ts';

/** `tr_` is a payment; subscriptions and payment links are told by their payments. */
const toEvents = eventsOf({
  'source.notified': (form, context, outer) => {
    const id = form.id('id');
    if (!/^[a-z]{2,4}_\w{1,64}$/.test(id)) throw new Unreadable('id', form.path('id'), 'is no id of Mollie');
    return id.startsWith('tr_') ? notified(() => [id])(form, context, outer) : [];
  },
});

/**
 * Mollie's classic webhooks (https://docs.mollie.com/reference/webhooks): a form that names a payment, unsigned; the payment is
 * fetched with its refunds. "Since the status is not transmitted in the webhook, fake calls … will never result in orders being
 * processed without being actually paid." The credential is the API key.
 */
export const source: SourceDefinition = {
  name: 'mollie',
  title: 'Mollie (classic webhooks)',
  kind: 'payments',
  verified: {
    unsure: [
      'which key of metadata names the shop’s order: order_id is Mollie’s own example, orderId, order_number and comment are guesses',
      'when a payment last changed: it tells only when it reached each state, and when each refund and chargeback was made',
      'ids of the deprecated Orders API (ord_) are not fetched',
      'fees: a payment names only what is settled, and in the currency of the settlement',
    ],
  },
  verify: { unsigned: 'the payment is fetched' },
  unwrap: [{ fields: true }],
  topic: { always: 'payment' },
  delivery: [], // every change of a payment is told in the same words
  routes: { sells: { payment: 'source.notified' }, payments: { payment: 'source.notified' } },
  toEvents,
  api: mollieApi,
};
