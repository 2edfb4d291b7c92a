import { neverSequence } from '@orderflow/shared/domain';
import { markOf, type Fact } from '@orderflow/shared/facts';
import { orderRows, updateRows } from './order-rows.ts';
import { adjustmentRows, catalogRows, feedbackRows, inventoryRows, scoreRows } from './other-rows.ts';
import { ratesRows } from './rates-rows.ts';
import { restoredRows } from './restored-rows.ts';
import { returnRows } from './return-rows.ts';
import { add, type Rows } from './rows.ts';
import { group } from './version.ts';

function ownRows(fact: Fact): Rows {
  switch (fact.fact) {
    case 'order.settled': return orderRows(fact);
    case 'update.settled': return updateRows(fact);
    case 'return.settled': return returnRows(fact);
    case 'comment.scored': return scoreRows(fact);
    case 'feedback.received': return feedbackRows(fact);
    case 'catalog.updated': return catalogRows(fact);
    case 'inventory.counted': return inventoryRows(fact);
    case 'adjustment.recorded': return adjustmentRows(fact);
    case 'rates.published': return ratesRows(fact);
    case 'rows.restored': return restoredRows(fact);
    case 'event.absorbed': return {};
  }
}

/** The rows of one fact by table, one `loaded_event` row for each event it settles among them. Pure. */
export function toRows(fact: Fact): Rows {
  const rows = ownRows(fact);
  if (fact.fact === 'rows.restored') return rows; // with the rows of its events
  const absorbed = fact.fact === 'event.absorbed' ? fact.payload : undefined;
  for (const event of fact.events) {
    add(rows, 'loaded_event', {
      event_id: event.id, source: fact.source, account: fact.account, recorded_at: event.recordedAt ?? fact.recordedAt,
      ...group('data', `${neverSequence}${markOf(fact.sequence)}`, {
        event_type: event.type, event_key: event.key, data_hash: event.hash, fact: fact.fact, fact_key: fact.key,
        absorbed: absorbed?.reason ?? null, original: absorbed?.original ?? null, is_test: fact.test ?? false,
      }),
    });
  }
  return rows;
}
