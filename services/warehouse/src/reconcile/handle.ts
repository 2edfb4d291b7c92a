import * as z from 'zod/mini';
import type { Clock, Invocation, Log, Meter } from '@orderflow/shared/lambda';
import type { AlertNotice } from '@orderflow/shared/notices';
import { pendingPrefix } from '../landed/landed.ts';
import { absentEvents, acceptedSums, unlikeRows } from './accepted.ts';
import { alertOf } from './alert.ts';
import { compare, compareWithSource, type Difference, type Sum, type Unlike } from './compare.ts';
import { integrityFaults, type IntegrityFault } from './integrity.ts';
import { filesOf, keep, manifestOf, type Keeping } from './keep.ts';
import { placesOf, settleMs, underWay, type Homes } from './places.ts';
import { quarantineKeys } from './quarantined.ts';
import { absentOf, sumOf, unlikeOf } from './read-rows.ts';
import { takeLines, transact } from './statements.ts';
import { askSources, type SourceLists, type Unasked } from './ask-sources.ts';
import { hoursOf, tallyHours, type Tallied } from './tally-hours.ts';

const moment = z.iso.datetime({ offset: true });
/** The schedule sends nothing: the last 26 hours. `run`: the lines are in `tally/<run>/` already (npm run reconcile shows a bar for it). */
export const reconcileInput = z.object({
  run: z.optional(z.string().check(z.regex(/^[0-9a-z]{1,32}$/))),
  from: z.optional(moment), to: z.optional(moment),
  source: z.optional(z.string()),
  /** Whether the sources' own lists are read as well: yes, unless it says no. */
  ask: z.optional(z.boolean()),
  tallied: z.optional(z.object({ deliveries: z.int(), events: z.int(), erased: z.int(), unknown: z.int(), damaged: z.int() })),
});

export interface Reconcile extends Keeping, Homes {
  /** Has ingest read one part of an hour of the raw archive. */
  tally(input: { run: string; hour: string; after?: string; source?: string }): Promise<Tallied>;
  /** Which accounts have a list that can be asked; and has one asked from a moment on. */
  readonly sources: SourceLists;
  /** Tells those in charge. */
  alert(notice: AlertNotice): Promise<unknown>;
  readonly stage: string;
  readonly log: Log;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly newId: () => string;
}

export interface Reconciliation {
  readonly run: string;
  readonly from: string;
  readonly to: string;
  readonly deliveries: number;
  readonly events: number;
  readonly erased: number;
  /** Of sources or accounts that are configured no more: what they say is not compared. */
  readonly unknown: number;
  /** Accounts whose source could not be asked, and why. */
  readonly unasked: readonly Unasked[];
  readonly sums: readonly Sum[];
  /** All of them by kind; the first hundred are named here, every one in the table `reconcile_difference`. */
  readonly differences: number;
  readonly byKind: Readonly<Record<string, number>>;
  readonly named: readonly Difference[];
  /** Landed batches not loaded yet, and entries of the quarantine, whenever they came. */
  readonly pending: number;
  readonly quarantine: number;
  /** What Redshift does not enforce and is broken. */
  readonly faults: readonly IntegrityFault[];
  /** Objects of the raw archive that could not be read to their end: what they held is not compared. */
  readonly damaged: number;
  /** Lines of `sums` that an answer has no room for: all are in the table `reconcile_sum`. */
  readonly moreSums: number;
}

const dayMs = 86_400_000;
const mostNamed = 100;
/** Sums that an answer of Lambda has room for (6 MB); all are in the table. */
const mostSums = 5_000;
/** Time for the comparison, after the archive was read. */
const reserveMs = 120_000;

/**
 * Compares what was accepted in a period with where it is: loaded, in flight, parked or quarantined; what is nowhere or
 * otherwise in the warehouse is named by its key. Then checks what Redshift does not enforce.
 * @throws Error when not all of the archive could be read in time, or the database refuses
 */
export async function handle(input: unknown, deps: Reconcile, { remainingMs, requestId }: Pick<Invocation, 'remainingMs' | 'requestId'>): Promise<Reconciliation> {
  const asked = reconcileInput.parse(input ?? {});
  const { warehouse, staging, quarantine, log, meter, clock } = deps;
  const now = clock();
  const to = asked.to === undefined ? now : Date.parse(asked.to);
  const from = asked.from === undefined ? to - dayMs - 2 * 3_600_000 : Date.parse(asked.from);
  const run = asked.run ?? `${now.toString(36)}${deps.newId().replace(/[^0-9a-z]/g, '').slice(0, 8)}`;
  const token = requestId.slice(0, 40);
  const { source } = asked;
  const read = asked.tallied ?? (asked.run !== undefined ? { deliveries: 0, events: 0, erased: 0, unknown: 0, damaged: 0 } : await tallyHours(
    hoursOf(from, to), (hour, after) => deps.tally({ run, hour, ...(after !== undefined && { after }), ...(source !== undefined && { source }) }),
    { clock, until: now + remainingMs() - reserveMs },
  ));
  const tally = { ...read, damaged: typeof read.damaged === 'number' ? read.damaged : read.damaged.length };
  const unasked = asked.ask === false ? [] : await askSources(deps.sources, { run, from, source }, { clock, until: now + remainingMs() - reserveMs });
  const files = (await filesOf(`tally/${run}/`, deps)).filter((key) => !key.startsWith(`tally/${run}/result/`));
  const quarantineIndex = await quarantineKeys(quarantine);
  let sums: Sum[] = [];
  let differences: Difference[] = [];
  if (files.length > 0) {
    await transact(warehouse, takeLines(await manifestOf(run, files, deps), deps.copyRole), { run }, `${token}-lines`);
    const absent = (await warehouse.query(absentEvents, { run })).map(absentOf);
    const unlike = (await warehouse.query(unlikeRows('intake'), { run })).map(unlikeOf);
    const bySource = (await warehouse.query(unlikeRows('source'), { run })).map(unlikeOf);
    const accepted = (await warehouse.query(acceptedSums, { run })).map(sumOf);
    const places = await placesOf(absent, quarantineIndex, now, deps);
    const found = compare({ places, absent, unlike, sums: accepted });
    const onTheWay = new Set(absent.filter(({ eventId }) => places.has(eventId)).map(({ key }) => key));
    sums = found.sums;
    const parked = await underWay(bySource.filter(({ key }) => !onTheWay.has(key)), deps);
    const changedAt = ({ sequence }: Unlike): number => Number(sequence);
    differences = [...found.differences, ...compareWithSource(bySource, (one) => onTheWay.has(one.key) || parked.has(one.key) || changedAt(one) > Math.min(now - settleMs, to))];
  }
  const byKind: Record<string, number> = {};
  for (const { kind } of differences) byKind[kind] = (byKind[kind] ?? 0) + 1;
  const faults = await integrityFaults(warehouse);
  const result: Reconciliation = {
    run, from: new Date(from).toISOString(), to: new Date(to).toISOString(), deliveries: tally.deliveries, events: tally.events, erased: tally.erased, unknown: tally.unknown, unasked,
    sums, differences: differences.length, byKind, named: differences.slice(0, mostNamed), pending: (await filesOf(pendingPrefix, deps)).length, quarantine: quarantineIndex.length, faults,
    damaged: tally.damaged, moreSums: Math.max(0, sums.length - mostSums),
  };
  await keep(result, differences, source, token, deps);
  await staging.remove(files);
  meter.count('integrityFaults', faults.length);
  meter.count('reconcileDifferences', differences.length);
  const wrong = differences.length > 0 || faults.length > 0 || tally.damaged > 0;
  log[wrong ? 'warn' : 'info']('RECONCILED', { run, events: tally.events, differences: differences.length, faults: faults.length, checks: faults.map(({ check }) => check).join('; ') });
  if (wrong) await deps.alert(alertOf(result, deps.stage, new Date(now).toISOString()));
  return { ...result, sums: sums.slice(0, mostSums) };
}
