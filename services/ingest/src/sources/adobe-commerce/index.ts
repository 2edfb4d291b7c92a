import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/** A path on Adobe's key host, such as `/prod/keys/pub-key-voy5XEbWmT.pem`; anything else is no path of a key. */
const keyPath = /^(\/[\w-]{1,64}){1,4}\.pem$/;

/**
 * Adobe Commerce (Magento): events of Adobe I/O (https://developer.adobe.com/commerce/extensibility/events/consume-events#using-a-webhook-url),
 * delivered singly. Signed twice, and "any one of the digital signature validation" suffices
 * (https://developer.adobe.com/events/docs/guides/sdk/sdk-signature-verification); the secret is our own client id, which
 * `recipient_client_id` must name. To be subscribed with all fields: observer.sales_order_save_commit_after and
 * observer.sales_order_creditmemo_save_commit_after. The former comes with every save of an order, so that it is always told
 * as order.created: a known order is updated by it.
 */
export const source: SourceDefinition = {
  name: 'adobe-commerce',
  title: 'Adobe Commerce (Magento)',
  kind: 'storefront',
  verified: {
    unsure: [
      'the form of key paths: from memory',
      'the members of items, addresses, payment and credit memos: those of the REST API, for the event reference names only the lists',
      'batches of events, which Adobe can send in one delivery: refused, for nothing was seen of whom they name as recipient',
      'that an order under way without a payment is authorised: its payment is UNKNOWN',
    ],
  },
  verify: {
    algorithm: 'rsa-sha256',
    key: { decode: 'pem' },
    message: ['body'],
    header: ['x-adobe-digital-signature-1', 'x-adobe-digital-signature-2'],
    parser: { form: 'plain' },
    encoding: 'base64',
    addressed: { json: 'recipient_client_id' },
  },
  keys: {
    host: 'https://static.adobeioevents.com',
    paths: ({ headers }) => ['x-adobe-public-key1-path', 'x-adobe-public-key2-path'].flatMap((name) => (keyPath.test(headers[name] ?? '') ? [headers[name] as string] : [])),
    as: 'pem',
  },
  // the format of CloudEvents, or Adobe's own around it
  unwrap: [{ inside: 'event', optional: true }, { inside: 'data', optional: true }, { inside: 'value', optional: true }],
  topic: [{ outer: 'type' }, { outer: 'event.type' }],
  delivery: [{ outer: 'event_id' }, { outer: 'id' }],
  challenge: { method: 'GET', from: { query: 'challenge' }, echo: 'plain' },
  routes: {
    sells: {
      'com.adobe.commerce.observer.sales_order_save_commit_after': 'order.created',
      'com.adobe.commerce.observer.sales_order_save_after': 'order.created',
      'com.adobe.commerce.observer.sales_order_creditmemo_save_commit_after': 'return.requested',
      'com.adobe.commerce.observer.sales_order_creditmemo_save_after': 'return.requested',
    },
  },
  answer: { status: 200, body: '' },
  toEvents,
};
