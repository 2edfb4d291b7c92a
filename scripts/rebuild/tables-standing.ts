import type { KnownEvent, Standing, StandingOrder, StandingReturn } from '../../services/ingest/src/reinterpret/standing.ts';
import { decisionBy, decisionOutcome, historyGroup, refundStatus } from '../../services/ingest/src/reinterpret/words.ts';
import type { Row } from '../../services/warehouse/src/tables/fold.ts';
import type { MemoryTables } from '../../services/warehouse/src/tables/memory-tables.ts';
import type { TableName } from '../../services/warehouse/src/tables/tables.ts';

const text = (row: Row, name: string): string | undefined => (row[name] === null || row[name] === undefined ? undefined : String(row[name]));
const optional = <K extends string>(name: K, value: string | undefined): { [P in K]?: string } => (value === undefined ? {} : { [name]: value }) as { [P in K]?: string };
const milliseconds = (time: string | undefined): string => (time === undefined ? '' : new Date(time).toISOString());

/** What stands, out of the tables in memory: the twin of `warehouseStanding`. */
export function tablesStanding(tables: MemoryTables): Standing {
  const rowsOf = (table: TableName, key: string, keys: readonly string[]): Row[] => tables.rows(table).filter((row) => keys.includes(String(row[key])));
  const group = (row: Row, status: string, version: string) => {
    const [value, of] = [text(row, status), text(row, version)];
    return value === undefined || of === undefined ? undefined : { status: value, sequence: of.slice(0, 20) };
  };
  return {
    events: async (ids) => new Map(rowsOf('loaded_event', 'event_id', ids).map((row): [string, KnownEvent] => [String(row['event_id']), {
      hash: text(row, 'data_hash') ?? '', fact: text(row, 'fact') ?? '', factKey: text(row, 'fact_key') ?? '', eventKey: text(row, 'event_key') ?? '',
      ...optional('absorbed', text(row, 'absorbed')), ...optional('original', text(row, 'original')), test: row['is_test'] === true, recordedAt: milliseconds(text(row, 'recorded_at')),
    }])),
    orders: async (keys) => new Map(rowsOf('orders', 'order_key', keys).map((row): [string, StandingOrder] => [String(row['order_key']), {
      groups: {
        order: group(row, 'status', 'status_version'), payment: group(row, 'payment_status', 'payment_version'), fulfilment: group(row, 'fulfilment_status', 'fulfilment_version'),
      },
      overdue: row['payment_overdue'] === true, historical: row['is_historical'] === true,
      steps: tables.rows('order_status_history').filter((step) => step['order_key'] === row['order_key'] && step['withdrawn'] !== true)
        .map((step) => ({ group: historyGroup.parse(step['status_group']), status: String(step['status']), sequence: String(step['sequence']), at: Date.parse(String(step['occurred_at'])) })),
    }])),
    returns: async (keys) => new Map(rowsOf('returns', 'return_key', keys).map((row): [string, StandingReturn] => [String(row['return_key']), {
      outcome: decisionOutcome.parse(row['decision']), by: decisionBy.parse(row['decided_by']), at: milliseconds(text(row, 'decided_at')), refund: refundStatus.parse(row['refund_status']),
      historical: row['is_historical'] === true, ...optional('amount', text(row, 'refund_amount')), ...optional('fee', text(row, 'processing_fee')),
      ...optional('currency', text(row, 'currency')), ...optional('reasonCategory', text(row, 'reason_category')),
    }])),
    historicalAdjustments: async (keys) => new Set(rowsOf('adjustment', 'adjustment_key', keys).filter((row) => row['is_historical'] === true).map((row) => String(row['adjustment_key']))),
  };
}
