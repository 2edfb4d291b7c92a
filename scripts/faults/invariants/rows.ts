import type { Home } from '../../start/scan/settle.ts';
import { orderRows, reconcile, returnRows, type Sent } from '../../start/scan/money.ts';
import { rows } from '../world/look.ts';
import type { World } from '../world/world.ts';
import type { Scanned } from './scan.ts';

/** Keys of the tables that loads write; Redshift does not enforce them. */
const keys: Readonly<Record<string, string>> = {
  orders: 'order_key', order_product: 'order_key, line_id', order_line_fulfilment: 'order_key, line_id', returns: 'return_key', return_line: 'return_key, line_id',
  feedback: 'feedback_key', product: 'product_key', customer: 'customer_key', loaded_event: 'event_id', load_batch: 'batch_id, chunk', model_decision: 'return_key, decided_at',
};

/**
 * I3: one row a key, with the content of its highest version. I11: the warehouse's counts and sums, by currency, are those
 * of what was sent. I12: nobody's row stands under another's key.
 */
export async function rowsAsSent({ settlement }: Scanned, world: World): Promise<string[]> {
  const sent = world.ledger.all().flatMap(({ id, said, ending }): Sent[] => {
    if (said.type !== 'order.created' && said.type !== 'return.requested') return [];
    const home: Home | undefined = settlement.homes.get(id);
    return home === undefined ? [] : [{ said, home, ...(ending ? { ending } : {}) }];
  });
  const { balances, wrong } = reconcile(sent, await orderRows(world.stage.warehouse), await returnRows(world.stage.warehouse));
  const twice = await Promise.all(Object.entries(keys).map(async ([table, key]) =>
    (await rows(world, `SELECT ${key}, CAST(COUNT(*) AS VARCHAR(20)) FROM ${table} GROUP BY ${key} HAVING COUNT(*) > 1 LIMIT 3`)).map((row) => `I3: ${table} holds ${row.join(' ')} times`)));
  const foreign = await rows(world, "SELECT order_key FROM orders WHERE source IS NOT NULL AND order_key NOT LIKE source || ':' || account || ':%' LIMIT 3");
  return [
    ...twice.flat(),
    ...wrong.map((line) => `I3: ${line}`),
    ...balances.filter(({ balanced }) => !balanced).map((one) => `I11: ${one.what} in ${one.currency}: sent ${one.sent.count} = ${one.sent.money}; warehouse ${one.warehouse.count} = ${one.warehouse.money}, waiting ${one.waiting.count} = ${one.waiting.money}, quarantine ${one.quarantine.count} = ${one.quarantine.money}`),
    ...foreign.map(([key]) => `I12: ${String(key)} is not its account's`),
  ];
}
