import type { Clock, Log, Meter } from '@orderflow/shared/lambda';
import { dueShards, inFlightServices, type DueState, type InFlightStore } from '@orderflow/shared/store';
import { pendingPrefix } from '../landed/landed.ts';
import type { StagingBucket } from '../landed/staging.ts';
import type { Warehouse } from '../load/data-api.ts';
import { integrityChecks, totals } from './integrity.ts';

export interface Reconcile {
  readonly warehouse: Warehouse;
  readonly store: Pick<InFlightStore, 'due'>;
  readonly staging: Pick<StagingBucket, 'list'>;
  readonly quarantine: Pick<StagingBucket, 'list'>;
  readonly log: Log;
  readonly meter: Meter;
  readonly clock: Clock;
}

export interface Reconciliation {
  /** By what, source, account, day and currency; amounts as decimal text in that currency. */
  readonly warehouse: { what: string; source: string; account: string; day: string; currency: string; test: boolean; count: number; amount: string }[];
  /** Items of the in-flight table by service and state. */
  readonly inFlight: Record<string, number>;
  /** Landed batches not yet loaded, and entries of the quarantine; at most a thousand are counted. */
  readonly pending: number;
  readonly quarantine: number;
  /** What must not be, each with the keys at fault. */
  readonly faults: { check: string; keys: string[] }[];
}

const states: readonly DueState[] = ['RECEIVED', 'PARKED', 'DONE'];
const far = '9999-12-31T00:00:00.000Z';

async function countInFlight({ store }: Reconcile): Promise<Record<string, number>> {
  const counts: Record<string, number> = {};
  for (const service of inFlightServices) {
    for (const state of states) {
      let count = 0;
      for (let shard = 0; shard < dueShards; shard++) {
        for (let from: string | undefined, first = true; first || from !== undefined; first = false) {
          const page = await store.due({ service, state, shard, until: far, limit: 1_000, ...(from !== undefined && { from }) });
          count += page.items.length;
          from = page.next;
        }
      }
      if (count > 0) counts[`${service} ${state}`] = count;
    }
  }
  return counts;
}

/**
 * Compares the homes of everything: what is in flight, in quarantine and in the warehouse, in counts and money, and
 * checks in the warehouse what Redshift does not enforce. What a source itself says of its totals comes with W6.
 */
export async function handle(_input: unknown, deps: Reconcile): Promise<Reconciliation> {
  const { warehouse, staging, quarantine, log, meter } = deps;
  const faults: Reconciliation['faults'] = [];
  for (const { name, sql } of integrityChecks) {
    const keys = await warehouse.query(sql);
    if (keys.length > 0) faults.push({ check: name, keys: keys.map(([key]) => String(key)) });
  }
  const sums = (await warehouse.query(totals)).map(([what, source, account, day, currency, test, count, amount]) => ({
    what: String(what), source: String(source), account: String(account), day: String(day), currency: String(currency ?? '').trim(),
    test: test === true, count: Number(count), amount: String(amount ?? '0'),
  }));
  const result = {
    warehouse: sums,
    inFlight: await countInFlight(deps),
    pending: (await staging.list(pendingPrefix, 1_000)).length,
    quarantine: (await quarantine.list('index/', 1_000)).length,
    faults,
  };
  meter.count('integrityFaults', faults.length);
  const code = faults.length > 0 ? 'warn' : 'info';
  log[code]('RECONCILED', { faults: faults.length, checks: faults.map(({ check }) => check).join('; '), pending: result.pending, quarantine: result.quarantine });
  return result;
}
