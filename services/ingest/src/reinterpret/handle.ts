import type { Account } from '@orderflow/shared/accounts';
import { asHistory } from '@orderflow/shared/events';
import { correctionMark } from '@orderflow/shared/facts';
import type { Clock, Invocation, Log } from '@orderflow/shared/lambda';
import type { Facts } from '@orderflow/shared/workflow';
import * as z from 'zod/mini';
import { hourOf, startOfHour } from '../archive/hours.ts';
import type { ArchiveStore } from '../archive/store.ts';
import { inParallel } from '../intake/in-parallel.ts';
import type { SinkPort } from '../intake/ports.ts';
import type { ClaimRegister } from './claims.ts';
import { correctionOf, entityKeyOf, orderKeyOf, type Stands } from './correction.ts';
import { noCounts, type Counts, type Damage, type Sample } from './counts.ts';
import { judge, type Differing, type Unaccepted } from './judge.ts';
import { readObject } from './read-object.ts';
import type { Standing } from './standing.ts';

const moment = z.iso.datetime();

export const reinterpretInput = z.strictObject({
  /** Deliveries that came from then on … */
  from: moment,
  /** … and before then. */
  until: moment,
  /** When the whole run began: what it corrects stands above what an earlier one did. */
  at: moment,
  /** Only this source's. */
  source: z.optional(z.string()),
  /** Counts, and changes nothing. */
  dryRun: z.optional(z.boolean()),
  /** Where to go on: an hour's folder, and its last object that was read. */
  next: z.optional(z.strictObject({ hour: z.string(), after: z.optional(z.string()) })),
});
export type ReinterpretInput = z.infer<typeof reinterpretInput>;

export interface Reinterpreted {
  readonly counts: Counts;
  readonly samples: readonly Sample[];
  readonly damaged: readonly Damage[];
  /** Objects read. */
  readonly objects: number;
  /** Absent: it has come to the end. */
  readonly next?: { readonly hour: string; readonly after?: string };
}

export interface ReinterpretDeps {
  readonly accounts: readonly Account[];
  readonly bucket: string;
  readonly archive: Pick<ArchiveStore, 'keys' | 'get'>;
  readonly standing: Standing;
  readonly claims: ClaimRegister;
  readonly facts: Facts;
  readonly sink: SinkPort;
  /** Takes away the entry of an event that is accepted now. */
  readonly release: (eventId: string, receivedAt: string) => Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

const hourMs = 3_600_000;
/** So long an invocation reads before it says how far it is, milliseconds. */
const reportsAfterMs = 15_000;
/** Kept for the object that is under way. */
const spareMs = 120_000;
/** Calls to the register and to quarantine at a time. */
const atOnce = 16;

/** An object may lie in the folder of the hour before its deliveries, and comes up to ten minutes late. */
const firstHour = ({ from, next }: ReinterpretInput): string => next?.hour ?? hourOf(Date.parse(from) - 60_000);
const lastHour = ({ until }: ReinterpretInput): number => startOfHour(hourOf(Date.parse(until) + 10 * 60_000));

async function standsOf(differing: readonly Differing[], { standing }: ReinterpretDeps): Promise<Stands> {
  const keys = (of: (one: Differing) => string | undefined): string[] => differing.flatMap((one) => of(one) ?? []);
  const returns = differing.filter(({ event }) => event.type === 'return.requested');
  const [orders, decided, historicalAdjustments] = await Promise.all([
    standing.orders(keys(({ event, known }) => orderKeyOf(event, known))),
    standing.returns(returns.flatMap(({ event, known }) => [entityKeyOf(event) ?? '', known.factKey])),
    standing.historicalAdjustments(keys(({ event }) => (event.type === 'adjustment.recorded' ? entityKeyOf(event) : undefined))),
  ]);
  return { orders, returns: decided, historicalAdjustments };
}

/** Facts first: until they are loaded, whoever runs this again finds the same difference. */
async function correct(differing: readonly Differing[], mark: string, deps: ReinterpretDeps): Promise<void> {
  if (differing.length === 0) return;
  const stands = await standsOf(differing, deps);
  const facts = differing.flatMap(({ event, known }) => correctionOf(event, known, stands, mark));
  await deps.facts.write(facts);
  await inParallel(atOnce, facts.flatMap(({ events }) => events), ({ id, hash }) => deps.claims.reads(id, hash));
}

async function accept(unaccepted: readonly Unaccepted[], { sink, release }: ReinterpretDeps): Promise<void> {
  for (const account of new Set(unaccepted.map((one) => one.account))) {
    await sink.put(unaccepted.filter((one) => one.account === account).map(({ event }) => asHistory(event)), account);
  }
  // only now, as an entry goes when its event is durable
  await inParallel(atOnce, unaccepted, ({ event }) => release(event.id, event.recordedtime ?? event.time));
}

/**
 * Reads the raw archive anew after a mapping was mended, hour by hour, a part an invocation. What says something else than
 * the warehouse has is corrected by facts; what was never accepted is taken as history. Run again it finds nothing to do.
 * @throws ZodError when the input is none
 */
export async function handle(given: unknown, deps: ReinterpretDeps, { remainingMs }: Pick<Invocation, 'remainingMs'>): Promise<Reinterpreted> {
  const input = reinterpretInput.parse(given);
  const { clock, archive, bucket, accounts, standing, claims, log } = deps;
  const wanted = { from: Date.parse(input.from), until: Date.parse(input.until), source: input.source };
  const mark = correctionMark(Date.parse(input.at));
  const counts = noCounts();
  const samples: Sample[] = [];
  const damaged: Damage[] = [];
  let objects = 0;
  const until = clock() + reportsAfterMs;
  const timeIsUp = (): boolean => clock() >= until || remainingMs() < spareMs;
  const told = (next?: Reinterpreted['next']): Reinterpreted => {
    log.info('REINTERPRETED', { objects, ...counts, damaged: damaged.length, dryRun: input.dryRun ?? false });
    return { counts, samples, damaged, objects, ...(next && { next }) };
  };

  const one = async (key: string): Promise<void> => {
    const { said, damage } = readObject({ bucket, key, object: await archive.get(key) }, wanted, accounts, counts);
    if (damage) {
      damaged.push(damage);
      log.warn('ARCHIVE_DAMAGED', { ...damage });
    }
    const ids = said.flatMap(({ events, rejected }) => [...events.filter(({ type }) => type !== 'source.notified'), ...rejected].map(({ id }) => id));
    const known = ids.length === 0 ? new Map() : await standing.events(ids);
    const unknown = ids.filter((id) => !known.has(id));
    const claimed = unknown.length === 0 ? new Set<string>() : await claims.taken(unknown);
    const { differing, unaccepted } = judge(said, known, claimed, clock(), counts, samples);
    objects++;
    if (input.dryRun === true) return;
    await correct(differing, mark, deps);
    await accept(unaccepted, deps);
  };

  let after = input.next?.after;
  for (let at = startOfHour(firstHour(input)); at <= lastHour(input); at += hourMs) {
    const hour = hourOf(at);
    for await (const key of archive.keys(hour, after)) {
      await one(key);
      after = key;
      if (timeIsUp()) return told({ hour, after });
    }
    after = undefined;
    if (timeIsUp() && at < lastHour(input)) return told({ hour: hourOf(at + hourMs) });
  }
  return told();
}
