import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * Adyen standard webhooks (https://docs.adyen.com/development-resources/webhooks/webhook-types): lists of items, each
 * signed by itself (HMACValidator of Adyen/adyen-java-api-library). What is not among the signed fields, such as `reason`,
 * is not relied on.
 */
export const source: SourceDefinition = {
  name: 'adyen',
  title: 'Adyen',
  kind: 'payments',
  verified: {
    unsure: [
      'whether a payment is captured with its authorisation: no webhook says how the merchant account is set, so authorised counts as paid',
      'whether a refund or chargeback is of the whole payment: they name their own amount only, so a refund counts as a part and a chargeback as the whole',
      'merchantReference of captures, cancellations and refunds: described as the payment’s, but an SDK example shows a refund’s own',
      'decimals of IDR (0) and ISK (2): seen in a reseller’s copy of the currency page; CLP (2) and CVE (0) on the page itself',
    ],
  },
  verify: {
    algorithm: 'sha256',
    key: { decode: 'hex' },
    // joined as they are: nothing is escaped, what is missing is empty
    message: [
      { json: 'pspReference' }, { literal: ':' }, { json: 'originalReference' }, { literal: ':' }, { json: 'merchantAccountCode' }, { literal: ':' },
      { json: 'merchantReference' }, { literal: ':' }, { json: 'amount.value' }, { literal: ':' }, { json: 'amount.currency' }, { literal: ':' },
      { json: 'eventCode' }, { literal: ':' }, { json: 'success' },
    ],
    header: { json: 'additionalData.hmacSignature' },
    parser: { form: 'plain' },
    encoding: 'base64',
    each: { list: 'notificationItems', item: 'NotificationRequestItem' },
  },
  unwrap: [{ each: 'notificationItems' }, { inside: 'NotificationRequestItem' }],
  topic: [{ field: 'eventCode' }, { field: 'success' }],
  delivery: [],
  // an item comes again in other company, and with another eventDate
  item: [{ field: 'pspReference' }, { field: 'eventCode' }, { field: 'success' }],
  routes: {
    payments: {
      'AUTHORISATION:true': 'payment.changed',
      'AUTHORISATION:false': 'payment.changed',
      'CAPTURE:true': 'payment.changed',
      'CAPTURE_FAILED:true': 'payment.changed',
      'CANCELLATION:true': 'payment.changed',
      'TECHNICAL_CANCEL:true': 'payment.changed',
      'CANCEL_OR_REFUND:true': 'payment.changed',
      'EXPIRE:true': 'payment.changed',
      'OFFER_CLOSED:true': 'payment.changed',
      'REFUND:true': 'payment.changed',
      'REFUND_FAILED:true': 'payment.changed',
      'REFUNDED_REVERSED:true': 'payment.changed',
      'CHARGEBACK:true': 'payment.changed',
      'SECOND_CHARGEBACK:true': 'payment.changed',
      'CHARGEBACK_REVERSED:true': 'payment.changed',
      // any other modification that failed has changed nothing: REFUND:false, CAPTURE:false
    },
  },
  // https://www.adyen.com/knowledge-hub/webhooks-accept-2xx: the way that every account takes
  answer: { status: 200, body: '[accepted]', type: 'text/plain' },
  toEvents,
};
