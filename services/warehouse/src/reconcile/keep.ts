import { gzipSync } from 'node:zlib';
import type { Clock } from '@orderflow/shared/lambda';
import type { StagingBucket } from '../landed/staging.ts';
import type { Warehouse } from '@orderflow/shared/aws';
import type { Difference, Sum } from './compare.ts';
import type { Reconciliation } from './handle.ts';
import { keepResults, transact } from './statements.ts';

export interface Keeping {
  readonly staging: StagingBucket;
  readonly warehouse: Warehouse;
  readonly copyRole: string;
  readonly clock: Clock;
}

const lines = (rows: readonly object[]): Buffer => gzipSync(rows.map((row) => JSON.stringify(row)).join('\n') + '\n');

/** Writes objects for COPY and the manifest that names them. */
export async function manifestOf(name: string, keys: readonly string[], { staging }: Pick<Keeping, 'staging'>): Promise<string> {
  const key = `manifests/reconcile/${name}.json`;
  await staging.put(key, Buffer.from(JSON.stringify({ entries: keys.map((one) => ({ url: `s3://${staging.name}/${one}`, mandatory: true })) })));
  return `s3://${staging.name}/${key}`;
}

/** All keys below a prefix. */
export async function filesOf(prefix: string, { staging }: Pick<Keeping, 'staging'>): Promise<string[]> {
  const keys: string[] = [];
  for (let last: string | undefined, first = true; first || last !== undefined; first = false) {
    const page = await staging.list(prefix, 1_000, last);
    keys.push(...page);
    last = page.length === 1_000 ? page.at(-1) : undefined;
  }
  return keys;
}

/** Results into their tables: as files, by COPY, in one transaction that takes an earlier attempt's away. */
export async function keep(result: Reconciliation, differences: readonly Difference[], source: string | undefined, token: string, deps: Keeping): Promise<void> {
  const { run } = result;
  const of = ({ what, source: its, account, day, currency }: Sum | Difference) => ({ run_id: run, what, source: its, account, day, currency });
  const tables: Record<string, object[]> = {
    reconcile_run: [{
      run_id: run, run_at: new Date(deps.clock()).toISOString(), period_from: result.from, period_to: result.to, only_source: source ?? null,
      deliveries: result.deliveries, events: result.events, erased: result.erased, differences: differences.length,
    }],
    reconcile_sum: result.sums.map((sum) => ({
      ...of(sum), accepted: sum.accepted.count, accepted_amount: sum.accepted.amount, loaded: sum.loaded.count, loaded_amount: sum.loaded.amount,
      in_flight: sum.inFlight.count, in_flight_amount: sum.inFlight.amount, parked: sum.parked.count, parked_amount: sum.parked.amount,
      quarantined: sum.quarantined.count, quarantined_amount: sum.quarantined.amount, different: sum.different.count, different_amount: sum.different.amount,
    })),
    reconcile_difference: differences.map((one) => ({
      ...of(one), kind: one.kind, entity_key: one.key, event_id: one.eventId, accepted_amount: one.amount, warehouse_amount: one.warehouseAmount,
    })),
  };
  const manifests: Record<string, string> = {};
  const written: string[] = [];
  for (const [table, rows] of Object.entries(tables)) {
    if (rows.length === 0) continue;
    const key = `tally/${run}/result/${table}.jsonl.gz`;
    await deps.staging.put(key, lines(rows));
    written.push(key);
    manifests[table] = await manifestOf(`${run}-${table}`, [key], deps);
  }
  await transact(deps.warehouse, keepResults(manifests, deps.copyRole), { run }, `${token}-keep`);
  await deps.staging.remove(written);
}
