import { findAccount, type Account } from '@orderflow/shared/accounts';
import * as z from 'zod/mini';
import { askedFor } from '../intake/delivery.ts';
import { interpret } from '../intake/interpret.ts';
import type { IntakeDeps } from '../intake/ports.ts';
import { findSource } from '../sources/registry.ts';
import type { SourceDefinition } from '../sources/definition.ts';
import { accountFor } from '../take-queue/whose.ts';
import { replayRecord, type RecordDeps } from './record.ts';
import type { QuarantineStore } from './store.ts';

export interface ReplayInput {
  /** Says what would happen and changes nothing. */
  readonly dryRun?: boolean;
  /** Only this entry. */
  readonly id?: string;
}

/** What became of one entry. */
export interface Replayed {
  readonly id: string;
  readonly code: string;
  /** `taken`: on its stream, entry removed. `unreadable`: still so. `by-hand`: nothing that a replay could mend. */
  readonly outcome: 'taken' | 'unreadable' | 'by-hand';
  readonly message?: string;
}

export interface ReplayDeps extends Pick<IntakeDeps, 'clock' | 'log'>, RecordDeps {
  readonly store: QuarantineStore;
}

/** Entries of intake know their delivery; entries of consumers hold a whole stream record. */
const intakeEntry = z.object({
  id: z.string(), code: z.string(), origin: z.literal('intake'), at: z.string(), rawKey: z.string(),
  source: z.string(), account: z.string(), position: z.int(), headers: z.record(z.string(), z.string()),
  via: z.optional(z.enum(['fetch', 'poll'])), topic: z.optional(z.string()), cause: z.optional(z.string()),
});
/** A message of a vendor's queue that was nobody's when it came (take-queue). */
const messageEntry = z.object({ id: z.string(), code: z.string(), origin: z.string().check(z.regex(/^message \S+ of \S+$/)), at: z.string(), rawKey: z.string() });
const otherEntry = z.object({ id: z.string(), code: z.string(), rawKey: z.string() });

async function replayDelivery(entry: z.infer<typeof intakeEntry>, dryRun: boolean, deps: ReplayDeps): Promise<Omit<Replayed, 'id' | 'code'>> {
  const source = findSource(entry.source);
  const account = findAccount(deps.accounts, entry.source, entry.account);
  if (!source || !account) return { outcome: 'unreadable', message: 'its source or account is not configured' };
  if (source.verify === 'not-http' && source.queue === undefined && entry.via === undefined) return { outcome: 'by-hand', message: 'a line of a file: mend the file and drop it again' };
  const body = await deps.store.raw(entry.rawKey);
  const { events, rejected } = interpret(
    {
      source: entry.source, account: entry.account, method: 'POST', url: '', headers: entry.headers, body,
      // the entry's own time, so that the same bytes say the same whenever they are read again
      receivedAt: Date.parse(entry.at),
      ...(entry.via === undefined ? {} : askedFor(entry)),
    },
    { source, account, accounts: deps.accounts },
  );
  const still = rejected.find(({ position }) => position === entry.position);
  if (still) return { outcome: 'unreadable', message: `${still.path}: ${still.message}` };
  // the other items of the delivery went on when it came
  const event = events.find(({ id }) => id === entry.id);
  if (!event) return { outcome: 'unreadable', message: 'the delivery no longer holds this item' };
  if (!dryRun) await deps.sink.put([event], account);
  return { outcome: 'taken' };
}

/** A message whose account may be configured by now. */
async function replayMessage({ origin, at, rawKey }: z.infer<typeof messageEntry>, dryRun: boolean, deps: ReplayDeps): Promise<Omit<Replayed, 'id' | 'code'>> {
  const source = findSource(origin.split(' ').at(-1) ?? '');
  const body = await deps.store.raw(rawKey);
  const account = source && accountOrNone(source, body, deps);
  if (!source || !account) return { outcome: 'unreadable', message: 'it names no configured account' };
  const delivery = { source: source.name, account: account.account, method: 'POST', url: '', headers: {}, body, receivedAt: Date.parse(at) };
  const { events, rejected } = interpret(delivery, { source, account, accounts: deps.accounts });
  if (rejected[0]) return { outcome: 'unreadable', message: `${rejected[0].path}: ${rejected[0].message}` };
  if (!dryRun) await deps.sink.put(events, account);
  return { outcome: 'taken' };
}

function accountOrNone(source: SourceDefinition, body: Uint8Array, { accounts }: ReplayDeps): Account | undefined {
  try {
    return accountFor(source, body, accounts);
  } catch {
    return undefined; // still unreadable
  }
}

/**
 * Everything in quarantine, once more through intake or onto its stream. Ids are the same as the first time, so that
 * work that was done after all is recognised and not done again. An entry goes only when its events are durable.
 */
export async function handle({ dryRun = false, id }: ReplayInput, deps: ReplayDeps): Promise<{ entries: readonly Replayed[] }> {
  const entries: Replayed[] = [];
  for await (const { key, eTag, entry } of deps.store.entries()) {
    const other = otherEntry.safeParse(entry);
    if (!other.success || (id !== undefined && other.data.id !== id)) continue;
    const own = intakeEntry.safeParse(entry);
    const message = messageEntry.safeParse(entry);
    const result = own.success ? await replayDelivery(own.data, dryRun, deps)
      : message.success ? await replayMessage(message.data, dryRun, deps)
      : await replayRecord(await deps.store.raw(other.data.rawKey), dryRun, deps);
    if (result.outcome === 'taken' && !dryRun) await deps.store.remove(key, eTag);
    deps.log.info('QUARANTINED', { id: other.data.id, outcome: result.outcome, dryRun });
    entries.push({ id: other.data.id, code: other.data.code, ...result });
  }
  return { entries };
}
