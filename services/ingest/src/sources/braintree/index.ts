import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * Braintree webhooks (https://developer.paypal.com/braintree/docs/guides/webhooks/overview): a form of a signature and base64
 * XML, as the SDKs read them (braintree_node, lib/braintree/webhook_notification_gateway.js). The secret is
 * `<public key>:<private key>`. "Transaction webhooks are available for ACH and SEPA Direct Debit"; of cards, accounts that
 * Braintree funds are told when they were paid out.
 */
export const source: SourceDefinition = {
  name: 'braintree',
  title: 'Braintree',
  kind: 'payments',
  verified: {
    unsure: [
      'the fields of a transaction besides those of the SDKs’ samples: names of the SDKs’ attributes, with dashes',
      'that a refund’s transaction names the one that it refunds, and whether it is of the whole: it counts as a part',
      'that money of a dispute is lost when it is lost or accepted; one that is opened says nothing of a payment yet',
      'the GET with bt_challenge, whose answer is signed: the SDKs can answer it, but whether it is still sent was not seen',
    ],
  },
  verify: {
    algorithm: 'sha1',
    key: { decode: 'labelled-sha1' },
    message: [{ form: 'bt_payload' }],
    header: { form: 'bt_signature' },
    parser: { form: 'labelled', separator: '&', mark: '|' },
    encoding: 'hex',
  },
  unwrap: [{ xml: 'bt_payload' }],
  topic: { field: 'notification.kind' },
  delivery: [],
  // a notification has no id: what it is about, and when it was triggered
  item: [
    { field: 'notification.kind' }, { field: 'notification.timestamp' },
    { field: ['notification.subject.transaction.id', 'notification.subject.dispute.id', 'notification.subject.subscription.id'] },
  ],
  routes: {
    payments: {
      check: 'ping',
      transaction_settled: 'payment.changed',
      transaction_settlement_declined: 'payment.changed',
      transaction_disbursed: 'payment.changed',
      transaction_reviewed: 'ignore', // what came of it is told by the transaction's own
      subscription_charged_successfully: 'payment.changed',
      subscription_charged_unsuccessfully: 'payment.changed',
      dispute_lost: 'payment.changed',
      dispute_accepted: 'payment.changed',
      dispute_won: 'payment.changed',
    },
  },
  challenge: { method: 'GET', from: { query: 'bt_challenge' }, echo: 'signed' },
  answer: { status: 200, body: '' },
  toEvents,
};
