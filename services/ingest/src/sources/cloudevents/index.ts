import { source as canonical } from '../canonical/index.ts';
import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * Canonical events as CloudEvents 1.0 over HTTP, in all three modes: structured, batched and binary
 * (https://github.com/cloudevents/spec/blob/v1.0.2/cloudevents/bindings/http-protocol-binding.md). CloudEvents leaves open
 * who proves what, so requests are signed as Standard Webhooks are: id, time and body, and so in binary mode not the `ce-` headers,
 * which only TLS protects. `dataref` is not followed.
 */
export const source: SourceDefinition = {
  name: 'cloudevents',
  title: 'CloudEvents 1.0',
  kind: 'generic',
  verified: true,
  verify: canonical.verify,
  // a batch is a list; in binary mode the body is the data alone
  unwrap: [{ each: '', optional: true }],
  topic: [{ header: 'ce-type' }, { field: 'type' }],
  delivery: [{ header: 'webhook-id' }],
  // "source + id is unique for each distinct event": in whatever batch it comes again
  item: [{ header: 'ce-source' }, { header: 'ce-id' }, { field: 'source' }, { field: 'id' }],
  reads: ['ce-specversion', 'ce-time', 'ce-sequence'],
  routes: {
    sells: {
      'order.created': 'order.created', 'order.updated': 'order.updated', 'return.requested': 'return.requested', 'feedback.received': 'feedback.received',
      'catalog.updated': 'catalog.updated', 'inventory.counted': 'inventory.counted', 'adjustment.recorded': 'adjustment.recorded',
    },
    payments: { 'payment.changed': 'payment.changed' },
  },
  toEvents,
};
