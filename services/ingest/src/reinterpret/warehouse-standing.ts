import type { Row, WarehouseReader } from '@orderflow/shared/aws';
import type { KnownEvent, Standing, StandingOrder, StandingReturn, StandingStep } from './standing.ts';
import { decisionBy, decisionOutcome, historyGroup, refundStatus } from './words.ts';

/** Names bound in one statement: a tenth of a statement's 100 KB. */
const mostKeys = 500;

const utc = (column: string): string => `TO_CHAR(${column}, 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"') AS ${column}`;
const decimal = (column: string): string => `CAST(${column} AS VARCHAR(40)) AS ${column}`;

const text = (row: Row, name: string): string | undefined => {
  const value = row[name];
  return value === null || value === undefined || value === '' ? undefined : String(value);
};
const optional = <K extends string>(name: K, value: string | undefined): { [P in K]?: string } => (value === undefined ? {} : { [name]: value }) as { [P in K]?: string };

const eventsSql = (keys: string): string => `SELECT event_id, data_hash, fact, fact_key, event_key, absorbed, original, is_test, ${utc('recorded_at')}
FROM loaded_event WHERE event_id IN (${keys})`;

const eventOf = (row: Row): KnownEvent => ({
  hash: text(row, 'data_hash') ?? '', fact: text(row, 'fact') ?? '', factKey: text(row, 'fact_key') ?? '', eventKey: text(row, 'event_key') ?? '',
  ...optional('absorbed', text(row, 'absorbed')), ...optional('original', text(row, 'original')),
  test: row['is_test'] === true, recordedAt: text(row, 'recorded_at') ?? '',
});

const ordersSql = (keys: string): string => `SELECT order_key, status, status_version, payment_status, payment_version, fulfilment_status, fulfilment_version,
  payment_overdue, is_historical FROM orders WHERE order_key IN (${keys})`;
const stepsSql = (keys: string): string => `SELECT order_key, status_group, sequence, status, ${utc('occurred_at')}
FROM order_status_history WHERE order_key IN (${keys}) AND withdrawn IS NULL`;

const groupOf = (row: Row, status: string, version: string) => {
  const [value, of] = [text(row, status), text(row, version)];
  return value === undefined || of === undefined ? undefined : { status: value, sequence: of.slice(0, 20) };
};

const orderOf = (row: Row, steps: readonly StandingStep[]): StandingOrder => ({
  groups: {
    order: groupOf(row, 'status', 'status_version'), payment: groupOf(row, 'payment_status', 'payment_version'),
    fulfilment: groupOf(row, 'fulfilment_status', 'fulfilment_version'),
  },
  overdue: row['payment_overdue'] === true, historical: row['is_historical'] === true, steps,
});

const returnsSql = (keys: string): string => `SELECT return_key, decision, decided_by, ${utc('decided_at')}, refund_status, ${decimal('refund_amount')},
  ${decimal('processing_fee')}, currency, reason_category, is_historical FROM returns WHERE return_key IN (${keys})`;

const returnOf = (row: Row): StandingReturn => ({
  outcome: decisionOutcome.parse(row['decision']), by: decisionBy.parse(row['decided_by']), at: text(row, 'decided_at') ?? '',
  refund: refundStatus.parse(row['refund_status']), historical: row['is_historical'] === true,
  ...optional('amount', text(row, 'refund_amount')), ...optional('fee', text(row, 'processing_fee')),
  ...optional('currency', text(row, 'currency')), ...optional('reasonCategory', text(row, 'reason_category')),
});

const adjustmentsSql = (keys: string): string => `SELECT adjustment_key FROM adjustment WHERE adjustment_key IN (${keys}) AND is_historical`;

/** What stands, by the Redshift Data API. @throws WarehouseFailed */
export function warehouseStanding(warehouse: WarehouseReader): Standing {
  const rowsOf = async (sql: (keys: string) => string, keys: readonly string[]): Promise<Row[]> => {
    const distinct = [...new Set(keys)];
    const rows: Row[] = [];
    for (let at = 0; at < distinct.length; at += mostKeys) {
      const some = distinct.slice(at, at + mostKeys);
      rows.push(...await warehouse.rows(sql(some.map((_, n) => `:k${n}`).join(', ')), Object.fromEntries(some.map((key, n) => [`k${n}`, key]))));
    }
    return rows;
  };
  return {
    events: async (ids) => new Map((await rowsOf(eventsSql, ids)).map((row) => [String(row['event_id']), eventOf(row)])),
    async orders(keys) {
      const steps = new Map<string, StandingStep[]>();
      for (const row of await rowsOf(stepsSql, keys)) {
        const key = String(row['order_key']);
        const step = { group: historyGroup.parse(row['status_group']), status: String(row['status']), sequence: String(row['sequence']), at: Date.parse(text(row, 'occurred_at') ?? '') };
        steps.set(key, [...(steps.get(key) ?? []), step]);
      }
      return new Map((await rowsOf(ordersSql, keys)).map((row) => [String(row['order_key']), orderOf(row, steps.get(String(row['order_key'])) ?? [])]));
    },
    returns: async (keys) => new Map((await rowsOf(returnsSql, keys)).map((row) => [String(row['return_key']), returnOf(row)])),
    historicalAdjustments: async (keys) => new Set((await rowsOf(adjustmentsSql, keys)).map((row) => String(row['adjustment_key']))),
  };
}
