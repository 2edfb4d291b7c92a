import type { SourceDefinition } from '../definition.ts';
import { toEvents } from './to-events.ts';

/**
 * Loyverse webhooks (https://developer.loyverse.com/docs/#tag/Webhooks): lists of whole things, each as its API returns it.
 * A receipt is a sale or a refund; whether it is new, the store knows.
 */
export const source: SourceDefinition = {
  name: 'loyverse',
  title: 'Loyverse',
  kind: 'pos',
  verified: {
    unsure: [
      'base64 as the signature’s encoding: the documentation is said to name it, a user has seen hex; only webhooks of OAuth applications are signed',
      'the envelopes of items.update and inventory_levels.update: from programs that read them',
      'that a line’s gross_total_money is before its total_discount, and whether tips are in a receipt’s total: they are no line here',
      'whether a refund’s amounts are negative: either is read as what went back',
    ],
  },
  verify: {
    algorithm: 'sha1',
    // the client secret of the OAuth application
    key: { decode: 'text' },
    message: ['body'],
    header: 'x-loyverse-signature',
    parser: { form: 'plain' },
    encoding: 'base64',
  },
  unwrap: [{ each: 'receipts', optional: true }, { each: 'items', optional: true }, { each: 'inventory_levels', optional: true }],
  topic: [{ outer: 'type' }, { field: 'receipt_type' }],
  delivery: [],
  // a thing in its state, in whatever list it comes again
  item: [{ outer: 'type' }, { field: ['receipt_number', 'variant_id', 'id'] }, { field: 'store_id' }, { field: ['updated_at', 'created_at'] }],
  routes: {
    sells: {
      'receipts.update:SALE': 'order.created',
      'receipts.update:REFUND': 'return.requested',
      'items.update': 'catalog.updated',
      'inventory_levels.update': 'inventory.counted',
    },
  },
  toEvents,
};
