import type { Account } from '@orderflow/shared/accounts';
import type { PollCursor, PollCursors } from './cursor.ts';
import { startAt, unfinished } from './pace.ts';
import { pollAccount, type PollDeps, type PolledAccount, type PollOutcome } from './poll.ts';

export interface BackfillDeps extends PollDeps {
  /** Cursors of backfills: the poll of the present goes on beside them. */
  readonly backfills: PollCursors;
}

/** How far a backfill has come; moments in UTC ISO 8601. `polled`: it has reached the present. */
export interface Backfilled extends Pick<PollCursor, 'counts'> {
  readonly outcome: PollOutcome;
  readonly from: string;
  readonly readTo: string;
  /** Why the last attempt failed, where it did, and when the next may be made. */
  readonly lastError?: string | undefined;
  readonly dueAt?: string | undefined;
}

/** So long an invocation reads before it says how far it is, milliseconds. */
const reportsAfterMs = 15_000;
/** What pollAccount keeps for the page that is under way. */
const spareMs = 90_000;
/** Orders older than this come too late to write to anybody about them. */
const historicalAfterDays = 1;

/** What is read late is recorded, and nobody is told of it, unless the account says from when on. */
const withHistory = (accounts: readonly Account[], { source, account }: Account): readonly Account[] =>
  accounts.map((one) => (one.source === source && one.account === account ? { ...one, historicalAfterDays: one.historicalAfterDays ?? historicalAfterDays } : one));

/**
 * Reads an account's past, from a moment (milliseconds) up to now, a part an invocation; called again it goes on where it
 * stopped, also after a crash. What was known already is recognised, for the same bytes are the same events.
 */
export async function backfill(one: PolledAccount, deps: BackfillDeps, from: number, remainingMs: () => number): Promise<Backfilled> {
  const { clock, backfills, accounts } = deps;
  let last: PollCursor | undefined;
  const cursors: PollCursors = {
    ...backfills,
    save: (name, owner, cursor, leaseMs) => {
      last = cursor;
      return backfills.save(name, owner, cursor, leaseMs);
    },
  };
  const until = clock() + reportsAfterMs;
  const start = (cursor: PollCursor): PollCursor => (last = unfinished(cursor, from, one.polled, clock()) ? cursor : startAt(cursor, from));
  const outcome = await pollAccount(one, { ...deps, cursors, accounts: withHistory(accounts, one.account) }, () => Math.min(remainingMs(), until - clock() + spareMs), start);
  const iso = (ms: number): string => new Date(ms).toISOString();
  return {
    outcome, from: iso(from), readTo: iso(Math.max(last?.highWater ?? from, from)), counts: last?.counts ?? { pages: 0, items: 0, events: 0, rejected: 0 },
    lastError: last?.lastError, ...(outcome === 'failed' || outcome === 'waiting' || outcome === 'refused' ? { dueAt: iso(last?.dueAt ?? clock()) } : {}),
  };
}
