import { composeKey, paymentKey } from '@orderflow/shared/events';
import type { Draft } from '../sources/definition.ts';

/** Where an event belongs: its stream partition and the key of the thing it speaks of. */
export interface Placing {
  readonly partitionkey: string;
  /** `<source>:<account>:<kind>:<id>`, or the order's key. */
  readonly entity: string;
}

/** CONTRACTS, "Identity": partition = order key; events without an order: `<source>:<account>:<kind>:<id>`. */
export function placingOf(draft: Draft, source: string, account: string): Placing {
  const own = (kind: string, ...ids: readonly string[]): string => composeKey(source, account, kind, ...ids);
  const withOrder = (orderKey: string | undefined, entity: string): Placing => ({ partitionkey: orderKey ?? entity, entity });
  switch (draft.type) {
    case 'order.created':
      return { partitionkey: draft.data.order.key, entity: draft.data.order.key };
    case 'order.updated':
      return { partitionkey: draft.data.update.orderKey, entity: draft.data.update.orderKey };
    case 'payment.changed': {
      // always the payment's own partition: there a parked one is found when its order arrives
      const key = paymentKey(source, account, draft.data.payment.reference);
      return { partitionkey: key, entity: key };
    }
    case 'return.requested':
      return withOrder(draft.data.return.orderKey, own('return', draft.data.return.id));
    case 'feedback.received':
      return withOrder(draft.data.feedback.orderKey, own('feedback', draft.data.feedback.id));
    case 'adjustment.recorded':
      return withOrder(draft.data.adjustment.orderKey, own('adjustment', draft.data.adjustment.id));
    case 'catalog.updated': {
      const key = own('product', draft.data.product.id);
      return { partitionkey: key, entity: key };
    }
    case 'inventory.counted': {
      const { productId, location } = draft.data.inventory;
      const key = own('inventory', productId, ...(location === undefined ? [] : [location]));
      return { partitionkey: key, entity: key };
    }
    case 'source.notified': {
      const key = own('notice', draft.data.notice.ids[0] ?? '');
      return { partitionkey: key, entity: key };
    }
    case 'intake.rejected': {
      const key = own('rejection', draft.data.rejection.rawRef);
      return { partitionkey: key, entity: key };
    }
  }
}
