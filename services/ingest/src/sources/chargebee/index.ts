import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * Chargebee webhooks (https://apidocs.chargebee.com/docs/api/events). A subscription tells of every renewal by several
 * events; the order is its invoice, which alone has lines, tax and total, and which every sale comes to, whether of a
 * subscription or not. What a payment's events add is the gateway's own id of it. Money that goes back is a credit note;
 * in API v1, which knows none, a refund. Nothing is signed: the shared secret is `user:password` of Basic authentication
 * (https://www.chargebee.com/docs/webhook_settings.html), so it needs HTTPS and a long password.
 */
export const source: SourceDefinition = {
  name: 'chargebee',
  title: 'Chargebee',
  kind: 'subscriptions',
  verified: {
    unsure: [
      'which currencies besides those of ISO 4217 without decimals are written in whole units: the vendor’s table was not seen',
      'customer_notes of a credit note: what the API takes when one is made; not among the attributes that were seen',
      'test sites: no event says that it comes from one',
      'that a credit note for what was not paid yet takes no money back: told as a correction, not as a return',
    ],
  },
  verify: { shared: 'basic' },
  topic: { field: 'event_type' },
  delivery: [{ field: 'id' }],
  routes: {
    sells: {
      'invoice_generated': 'order.created',
      'invoice_generated_with_backdating': 'order.created',
      'invoice_updated': 'order.updated',
      'invoice_deleted': 'order.updated',
      'payment_succeeded': 'order.updated',
      'payment_failed': 'order.updated',
      'payment_refunded': 'return.requested',
      'credit_note_created': 'return.requested',
      'credit_note_created_with_backdating': 'return.requested',
      'item_price_created': 'catalog.updated',
      'item_price_updated': 'catalog.updated',
      // an invoice that is still being written; the closed one is told by invoice_generated
      'pending_invoice_*': 'ignore',
    },
  },
  toEvents,
};
