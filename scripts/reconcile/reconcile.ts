import type { LambdaClient } from '@aws-sdk/client-lambda';
import * as z from 'zod/mini';
import { ask } from '../rebuild/ask.ts';
import { hoursOf, tallied } from '../../services/warehouse/src/reconcile/tally-hours.ts';
import type { ReconcileOptions } from './options.ts';
import { tableOf } from './table.ts';

const counted = z.object({ count: z.number(), amount: z.string() });
const group = { what: z.string(), source: z.string(), account: z.string(), day: z.string(), currency: z.string() };
export const answer = z.object({
  run: z.string(),
  sums: z.array(z.object({ ...group, accepted: counted, loaded: counted, inFlight: counted, parked: counted, quarantined: counted, different: counted })),
  differences: z.number(), byKind: z.record(z.string(), z.number()),
  named: z.array(z.object({ ...group, kind: z.string(), key: z.string(), eventId: z.string(), amount: z.nullable(z.string()), warehouseAmount: z.nullable(z.string()) })),
  unasked: z.array(z.object({ source: z.string(), account: z.string(), why: z.string() })),
  pending: z.number(), quarantine: z.number(),
  damaged: z.number(), moreSums: z.number(),
  faults: z.array(z.object({ check: z.string(), count: z.number(), keys: z.array(z.string()) })),
});
export type Answer = z.infer<typeof answer>;

export interface ReconcileDeps {
  readonly client: Pick<LambdaClient, 'send'>;
  /** A result, to standard output. */
  readonly out: (line: string) => void;
  readonly show: (share: number, text: string) => void;
  readonly note: (line: string) => void;
}

const many = (count: number, one: string): string => `${count.toLocaleString('en')} ${one}${count === 1 ? '' : 's'}`;

/** The differences by their keys, at most as many as the function names; where all of them are. */
function tellDifferences({ differences, byKind, named, run }: Answer, { out }: ReconcileDeps): void {
  for (const [kind, count] of Object.entries(byKind)) {
    out(`${kind}: ${count}`);
    for (const { source, account, day, key, eventId, amount, warehouseAmount, currency, what } of named.filter((one) => one.kind === kind)) {
      out(`  ${what === 'other' ? `${source}:${account} event ${eventId}` : key}  ${day}  ${amount ?? '-'} ${currency}${warehouseAmount === null ? '' : `, in the warehouse ${warehouseAmount}`}`);
    }
  }
  if (differences > named.length) out(`${differences - named.length} more: SELECT * FROM reconcile_difference WHERE run_id = '${run}'`);
}

/**
 * Has the raw archive of a period read hour by hour, and compared.
 * @returns the exit status: 0; 1 when something differs or is broken, or the stage cannot be reached
 */
export async function reconcile({ from, to, source, ask: asks, all, stage }: ReconcileOptions, deps: ReconcileDeps): Promise<number> {
  const { client, out, show, note } = deps;
  const run = `${Date.now().toString(36)}${Math.random().toString(36).slice(2, 8)}`;
  const sum = { deliveries: 0, events: 0, erased: 0, unknown: 0, damaged: 0 };
  try {
    const hours = hoursOf(Date.parse(from), Date.parse(to));
    for (const [at, hour] of hours.entries()) {
      for (let after: string | undefined, first = true; first || after !== undefined; first = false) {
        const part = z.parse(tallied, await ask(client, stage, 'ingest/tally', { run, hour, ...(after !== undefined && { after }), ...(source !== undefined && { source }) }));
        for (const name of ['deliveries', 'events', 'erased', 'unknown'] as const) sum[name] += part[name];
        sum.damaged += part.damaged.length;
        for (const { key, offset, reason } of part.damaged) note(`the raw archive is damaged: ${key} from byte ${offset} on (${reason})`);
        after = part.after;
      }
      show((at + 1) / hours.length, `${hour}  ${many(sum.deliveries, 'delivery').replace('deliverys', 'deliveries')}, ${many(sum.events, 'event')}`);
    }
    const result = z.parse(answer, await ask(client, stage, 'warehouse/reconcile', { run, from, to, ask: asks, tallied: sum, ...(source !== undefined && { source }) }));
    for (const line of tableOf(result.sums, all)) out(line);
    tellDifferences(result, deps);
    for (const { check, count, keys } of result.faults) out(`broken: ${check}: ${count} (${keys.slice(0, 5).join(', ')}${count > 5 ? ', …' : ''})`);
    for (const { source: its, account, why } of result.unasked) note(`${its}:${account} was not asked: ${why}`);
    if (sum.erased > 0) note(`${many(sum.erased, 'delivery').replace('deliverys', 'deliveries')} erased since`);
    if (sum.unknown > 0) note(`${sum.unknown} of sources or accounts that are configured no more: not compared`);
    note(`${many(result.quarantine, 'entry').replace('entrys', 'entries')} in quarantine, ${many(result.pending, 'batch').replace('batchs', 'batches')} to load`);
    if (result.moreSums > 0) out(`${result.moreSums} more lines: SELECT * FROM reconcile_sum WHERE run_id = '${result.run}'`);
    const even = result.differences === 0 && result.faults.length === 0 && result.damaged === 0;
    note(even ? `even: everything accepted from ${from} to ${to} is in one place, and every key holds` : `not even: ${many(result.differences, 'difference')}, ${many(result.faults.length, 'broken rule')}${result.damaged > 0 ? `, ${many(result.damaged, 'damaged object')}` : ''}`);
    return even ? 0 : 1;
  } catch (error) {
    note(`reconcile: ${error instanceof Error ? error.message : 'unknown'}`);
    return 1;
  }
}
