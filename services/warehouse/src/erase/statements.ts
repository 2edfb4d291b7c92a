import { blankStatements, personal, type ErasedKind } from '../tables/personal.ts';

export const ordersOf = 'SELECT order_key FROM orders WHERE customer_key = :customer ORDER BY 1';
export const returnsOf = (column: 'customer_key' | 'order_key'): string => `SELECT return_key FROM returns WHERE ${column} = :value ORDER BY 1`;
/** When the first event of an order came: before that the raw archive holds nothing of it. */
export const sinceStatement = "SELECT TO_CHAR(MIN(recorded_at), 'YYYY-MM-DD HH24:MI:SS') FROM loaded_event WHERE event_key = :value";
/** What a body that cannot be read may name them by. */
export const wordsOfOrder = 'SELECT order_id, order_number FROM orders WHERE order_key = :value';
export const wordsOfCustomer = 'SELECT customer_id, email_id, contact_no FROM customer WHERE customer_key = :customer';
export const erasedKeys = 'SELECT kind, entity_key FROM erased WHERE erasure_id = :erasure';

export interface Key {
  readonly kind: ErasedKind;
  readonly key: string;
}

export const keysOf = (customer: string | undefined, orders: readonly string[], returns: readonly string[]): Key[] => [
  ...(customer === undefined ? [] : [{ kind: 'customer' as const, key: customer }]),
  ...orders.map((key) => ({ kind: 'order' as const, key })), ...returns.map((key) => ({ kind: 'return' as const, key })),
];

/** Keys as parameters: as many as fit into one transaction beside the statements that blank. */
export const addKeys = {
  most: 20,
  of: (keys: readonly Key[]) => ({
    statements: keys.map((_, at) => `INSERT INTO erased (kind, entity_key, erasure_id, erased_at) SELECT :kind${at}, :key${at}, :erasure, GETDATE()
WHERE NOT EXISTS (SELECT 1 FROM erased WHERE kind = :kind${at} AND entity_key = :key${at})`),
    parameters: Object.fromEntries(keys.flatMap(({ kind, key }, at) => [[`kind${at}`, kind], [`key${at}`, key]])),
  }),
};

/** Locked first, like a load. The audit row is there from the beginning; without `ended_at` it says that it is not done. */
export const beginStatements = (adding: readonly string[], first: boolean, ofCustomer: boolean): string[] => [
  'LOCK load_lock',
  ...(first
    ? [
        'DELETE FROM erasure WHERE erasure_id = :erasure AND ended_at IS NULL',
        `INSERT INTO erasure (erasure_id, requested_at, requested_by, reason, customer_key, orders, returns)
SELECT :erasure, GETDATE(), :requested_by, :reason, ${ofCustomer ? ':customer' : 'NULL'}, :orders::BIGINT, :returns::BIGINT
WHERE NOT EXISTS (SELECT 1 FROM erasure WHERE erasure_id = :erasure)`,
      ]
    : []),
  ...adding,
  ...blankStatements(personal.map(({ table }) => table)),
  "UPDATE rejected_row SET reason = 'erased' FROM erased e WHERE e.entity_key = rejected_row.fact_key AND rejected_row.reason <> 'erased'",
];

/** What a second run finds is added. */
export const endStatement = `UPDATE erasure SET ended_at = GETDATE(), in_flight = COALESCE(in_flight, 0) + :items::BIGINT, deliveries = COALESCE(deliveries, 0) + :deliveries::BIGINT,
  quarantined = COALESCE(quarantined, 0) + :quarantined::BIGINT, landed_files = COALESCE(landed_files, 0) + :files::BIGINT WHERE erasure_id = :erasure`;
