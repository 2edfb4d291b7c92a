import { gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import type { Account, AccountName } from '@orderflow/shared/accounts';
import { silentMeter, type Clock, type Invocation, type Log } from '@orderflow/shared/lambda';
import { firstCursor, type PollCursor, type PollCursors } from '../poll-source/cursor.ts';
import { startAt } from '../poll-source/pace.ts';
import { pollAccount, type PollOutcome } from '../poll-source/poll.ts';
import type { SourceDefinition } from '../sources/definition.ts';
import { findSource } from '../sources/registry.ts';
import { lineOf, type TallyLine } from '../tally/line.ts';
import type { VendorPort } from '../vendor/port.ts';

/** Without an account: which can be asked. */
export const askInput = z.union([
  z.strictObject({ accounts: z.literal(true) }),
  z.strictObject({
    run: z.string().check(z.regex(/^[0-9a-z]{1,32}$/)), source: z.string(), account: z.string(), from: z.iso.datetime({ offset: true }),
  }),
]);

/** `readTo`: what changed up to then is in the lines; ask again from there unless the outcome is `polled`. */
export interface Said {
  readonly outcome: PollOutcome;
  readonly readTo: string;
  readonly events: number;
  readonly why?: string;
}

export interface AskDeps {
  readonly accounts: readonly Account[];
  readonly vendor: VendorPort;
  /** Writes an object of the staging bucket. */
  put(key: string, body: Uint8Array): Promise<void>;
  readonly newId: () => string;
  readonly clock: Clock;
  readonly log: Log;
  /** The sources; only tests give others than the registry's. */
  readonly sourceOf?: (name: string) => SourceDefinition | undefined;
}

/** A cursor that nobody shares and nobody keeps. */
function ownCursor(now: number): PollCursors & { readonly last: () => PollCursor } {
  let last = firstCursor(now);
  return {
    last: () => last,
    claim: () => Promise.resolve(last),
    save: (_name, _owner, cursor) => Promise.resolve(void (last = cursor)),
    standings: (names) => Promise.resolve(names.map(() => undefined)),
  };
}

/**
 * What a source itself says it has: its own list read from a moment on, as the poll reads it, into lines for `reconcile`.
 * Nothing is taken in: neither events nor what cannot be read go anywhere else.
 * @throws Error where the account is not configured or its source has no list
 */
export async function handle(input: unknown, deps: AskDeps, { remainingMs }: Pick<Invocation, 'remainingMs'>): Promise<{ accounts: readonly AccountName[] } | Said> {
  const asked = askInput.parse(input);
  const { accounts, sourceOf = findSource } = deps;
  if ('accounts' in asked) return { accounts: accounts.filter(({ source }) => sourceOf(source)?.api?.poll).map(({ source, account }) => ({ source, account })) };
  const account = accounts.find((one) => one.source === asked.source && one.account === asked.account);
  const api = sourceOf(asked.source)?.api;
  if (!account || !api?.poll) throw new Error(`${asked.source}:${asked.account} is no configured account of a source that has a list`);
  const from = Date.parse(asked.from);
  const lines: TallyLine[] = [];
  const cursors = ownCursor(from);
  const outcome = await pollAccount({ account, polled: api.poll, fetched: api.notice }, {
    accounts, vendor: deps.vendor, cursors, newId: deps.newId, clock: deps.clock, log: deps.log, meter: silentMeter,
    sink: { put: (events) => Promise.resolve(void lines.push(...events.flatMap((event) => lineOf(event, 'source') ?? []))) },
    archive: { add: () => 's3://nowhere/asked#0,0', flush: () => Promise.resolve() },
    quarantine: { put: () => Promise.resolve() },
  }, remainingMs, (cursor) => startAt(cursor, from));
  const { highWater, lastError } = cursors.last();
  const file = `tally/${asked.run}/said-${account.source}-${Buffer.from(account.account).toString('hex').slice(0, 64)}-${from.toString(36)}.jsonl.gz`;
  if (lines.length > 0) await deps.put(file, gzipSync(lines.map((line) => JSON.stringify({ run_id: asked.run, ...line })).join('\n') + '\n'));
  return { outcome, readTo: new Date(Math.max(highWater, from)).toISOString(), events: lines.length, ...(lastError !== undefined && { why: lastError }) };
}
