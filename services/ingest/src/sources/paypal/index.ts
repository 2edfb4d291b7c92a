import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

const certificate = /^https:\/\/api\.paypal\.com(\/v1\/notifications\/certs\/CERT-[\w-]{1,100})$/;

/**
 * PayPal webhooks (https://developer.paypal.com/api/rest/webhooks/event-names/), of the REST APIs v2 and v1. What is signed:
 * paypalrestsdk/notifications.py of paypal/PayPal-Python-SDK. The account's secret is the webhook's id. PayPal's
 * certificate is fetched from PayPal's own host alone; of the address that a request names only an id of the right form
 * counts. Or its owner pins it, in PEM on the lines below the webhook's id, as those must who test in PayPal's sandbox.
 */
export const source: SourceDefinition = {
  name: 'paypal',
  title: 'PayPal',
  kind: 'payments',
  verified: {
    unsure: [
      'the form of a certificate’s id: from examples',
      'whether a refund or reversal is of the whole payment: it names no amount of the payment, so a refund counts as a part and a reversal as the whole',
      'which of invoice_id and custom_id is the shop’s order id depends on the shop: the first that is filled is taken',
      'invoice_id of a refund: taken for the order’s, as in the examples, though a refund may be given one of its own',
    ],
  },
  verify: {
    algorithm: 'rsa-sha256',
    key: { decode: 'pem' }, // before it, as its label, the webhook's id
    message: [
      { header: 'paypal-transmission-id' }, { literal: '|' }, { header: 'paypal-transmission-time' }, { literal: '|' },
      { secret: 'label' }, { literal: '|' }, { digestOfBody: 'crc32' },
    ],
    header: 'paypal-transmission-sig',
    parser: { form: 'plain' },
    encoding: 'base64',
  },
  keys: {
    host: 'https://api.paypal.com',
    paths: ({ headers }) => [certificate.exec(headers['paypal-cert-url'] ?? '')?.[1]].filter((path) => path !== undefined),
    as: 'pem',
  },
  topic: { field: 'event_type' },
  delivery: [{ field: 'id' }],
  routes: {
    payments: {
      'PAYMENT.AUTHORIZATION.CREATED': 'payment.changed',
      'PAYMENT.AUTHORIZATION.VOIDED': 'payment.changed',
      'PAYMENT.CAPTURE.*': 'payment.changed',
      'PAYMENT.SALE.*': 'payment.changed', // v1
    },
    sells: {
      'CHECKOUT.ORDER.APPROVED': 'order.created',
      'CHECKOUT.ORDER.COMPLETED': 'order.created',
      'PAYMENT.CAPTURE.COMPLETED': 'order.updated',
      'PAYMENT.CAPTURE.PENDING': 'order.updated',
      'PAYMENT.CAPTURE.DECLINED': 'order.updated',
      'PAYMENT.CAPTURE.DENIED': 'order.updated',
      'PAYMENT.CAPTURE.REFUNDED': 'return.requested',
    },
  },
  toEvents,
};
