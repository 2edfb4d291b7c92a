import type { AccountName } from '@orderflow/shared/accounts';
import type { Invocation } from '@orderflow/shared/lambda';
import * as z from 'zod/mini';
import type { SourceDefinition } from '../sources/definition.ts';
import { findSource } from '../sources/registry.ts';
import { backfill, type BackfillDeps, type Backfilled } from './backfill.ts';
import { lagSeconds, putBack } from './pace.ts';
import { pollAccount, type PolledAccount, type PollOutcome } from './poll.ts';

export interface HandlerDeps extends BackfillDeps {
  /** Invokes a function by name, without waiting for it. */
  readonly invoke: (functionName: string, payload: Input) => Promise<void>;
  /** The sources; only tests give others than the registry's. */
  readonly sourceOf?: (name: string) => SourceDefinition | undefined;
}

/** The schedule's question who is due; one account to poll, and from when on if it shall be read again; or one to be backfilled. */
const input = z.union([
  z.strictObject({ due: z.literal(true) }),
  z.strictObject({ backfill: z.strictObject({ source: z.string(), account: z.string(), from: z.iso.datetime({ offset: true }) }) }),
  z.strictObject({ poll: z.strictObject({ source: z.string(), account: z.string(), from: z.optional(z.iso.datetime({ offset: true })) }) }),
]);
export type Input = z.infer<typeof input>;

function polledAccounts({ accounts, sourceOf = findSource }: HandlerDeps): PolledAccount[] {
  return accounts.flatMap((account) => {
    const api = sourceOf(account.source)?.api;
    return api?.poll ? [{ account, polled: api.poll, fetched: api.notice }] : [];
  });
}

/** Starts an invocation for each account that is due: a slow vendor delays nobody else. */
async function startDue(deps: HandlerDeps, functionName: string): Promise<{ started: number }> {
  const { cursors, clock, meter, invoke } = deps;
  const all = polledAccounts(deps);
  if (all.length === 0) return { started: 0 };
  const now = clock();
  const standings = await cursors.standings(all.map(({ account }) => account));
  const due = all.filter((_, at) => {
    const known = standings[at];
    return !known || (known.dueAt <= now && known.leaseUntil < now);
  });
  const lags: Record<string, number> = {};
  for (const [at, { account: { source }, polled }] of all.entries()) {
    lags[source] = Math.max(lags[source] ?? 0, lagSeconds(standings[at]?.highWater ?? now, polled, now));
  }
  for (const [source, lag] of Object.entries(lags)) meter.count('pollLagSeconds', lag, { source });
  const ended = await Promise.allSettled(due.map(({ account: { source, account } }) => invoke(functionName, { poll: { source, account } })));
  for (const one of ended) if (one.status === 'rejected') throw one.reason;
  return { started: due.length };
}

function accountNamed({ source, account }: AccountName, deps: HandlerDeps): PolledAccount {
  const one = polledAccounts(deps).find(({ account: its }) => its.source === source && its.account === account);
  if (!one) throw new Error(`${source}:${account} is no configured account of a source that is polled`);
  return one;
}

export async function handle(event: unknown, deps: HandlerDeps, { functionName, remainingMs }: Pick<Invocation, 'functionName' | 'remainingMs'>): Promise<PollOutcome | Backfilled | { started: number }> {
  const asked = z.parse(input, event);
  if ('due' in asked) return startDue(deps, functionName);
  if ('backfill' in asked) return backfill(accountNamed(asked.backfill, deps), deps, Date.parse(asked.backfill.from), remainingMs);
  const { from } = asked.poll;
  return pollAccount(accountNamed(asked.poll, deps), deps, remainingMs, from === undefined ? undefined : (cursor) => putBack(cursor, Date.parse(from)));
}
