import type { Account } from '@orderflow/shared/accounts';
import { bytesHash } from '@orderflow/shared/events';
import type { Clock } from '@orderflow/shared/lambda';
import { readJson, Unreadable } from '../convert/index.ts';
import { LeaseLost } from '../cursors/leases.ts';
import type { AskedDeps } from '../intake/take-asked.ts';
import type { FetchedByNotice, Polled } from '../sources/api.ts';
import { fetchItem } from '../vendor/fetch-item.ts';
import { VendorUnreachable, type VendorAnswer, type VendorPort } from '../vendor/port.ts';
import type { PollCursor, PollCursors } from './cursor.ts';
import { afterFailure, afterPage, afterRefusal, dueAfter, nextWindow, remembered } from './pace.ts';
import { bytesOf, short, takeItems } from './take-items.ts';

export interface PollDeps extends AskedDeps {
  readonly vendor: VendorPort;
  readonly cursors: PollCursors;
  readonly newId: () => string;
  readonly clock: Clock;
}

/** What is polled: an account, and how its source is asked; `fetched`: how what a page only names is. */
export interface PolledAccount {
  readonly account: Account;
  readonly polled: Polled;
  readonly fetched?: FetchedByNotice | undefined;
}

/** `busy`: another invocation polls it, or it is not due. `continued`: the time is over, and more waits. */
export type PollOutcome = 'polled' | 'busy' | 'continued' | 'waiting' | 'refused' | 'failed';

/** Longer than any one page can take: who was not heard of for this long is dead. */
const leaseMs = 180_000;
/** Left of the invocation's time when no further page is begun. */
const spareMs = 90_000;

const iso = (moment: number): string => new Date(moment).toISOString();

/** Where a poll stands after a step, and how it ended if it did. */
interface Step {
  readonly cursor: PollCursor;
  readonly ended?: PollOutcome;
}

/** Why a page was not read to its end, and how far it was: what of it is durable is not asked for again. */
class Half extends Error {
  readonly cursor: PollCursor;
  constructor(cause: Error, cursor: PollCursor) {
    super(cause.message, { cause });
    this.cursor = cursor;
  }
}

/** The vendor answered, and not with a page. */
function stopped(answer: Exclude<VendorAnswer, { status: 'ok' }>, cursor: PollCursor, { account: { source, account } }: PolledAccount, deps: PollDeps): Step {
  const now = deps.clock();
  if (answer.status === 'wait') {
    deps.meter.count('pollWaits', 1, { source });
    deps.log.info('POLL_WAITS', { source, account, seconds: answer.seconds });
    return { cursor: { ...cursor, dueAt: now + answer.seconds * 1_000 }, ended: 'waiting' };
  }
  const code = answer.status === 'absent' ? 'absent' : answer.code;
  deps.meter.count('pollRefused', 1, { source });
  deps.log.error('POLL_REFUSED', { source, account, reason: code });
  return { cursor: afterRefusal(cursor, code, now), ended: 'refused' };
}

/** What a page holds, as far as it could be had. */
interface Had {
  readonly bytes: readonly Uint8Array[];
  /** Hashes of the names that are done with, now or before. */
  readonly named: readonly string[];
  /** What kept the rest from being fetched. */
  readonly stop?: Exclude<VendorAnswer, { status: 'ok' }> | Error;
}

/** The items of a page: as it holds them, or fetched one by one where it only names them, those left out that `before` has had. */
async function itemsOf(items: readonly unknown[], before: readonly string[], { account, polled, fetched }: PolledAccount, deps: PollDeps): Promise<Had> {
  if (!polled.names || !fetched) return { bytes: items.map(bytesOf), named: [] };
  const bytes: Uint8Array[] = [];
  const named = [...before];
  for (const item of items) {
    const name = short(bytesHash(bytesOf(item)));
    if (named.includes(name)) continue;
    try {
      const answer = await fetchItem(fetched, polled.names(item), account, deps.vendor);
      // absent: deleted since it was named
      if (answer.status !== 'ok' && answer.status !== 'absent') return { bytes, named, stop: answer };
      if (answer.status === 'ok') bytes.push(answer.body);
      named.push(name);
    } catch (error) {
      return { bytes, named, stop: error as Error };
    }
  }
  return { bytes, named };
}

/** Asks for the next page and makes it durable. The cursor moves only after that. */
async function step(cursor: PollCursor, one: PolledAccount, deps: PollDeps): Promise<Step> {
  const { account, polled } = one;
  const window = nextWindow(cursor, polled, deps.clock());
  const path = polled.path({ from: iso(window.from), to: iso(window.to) }, window.page, account);
  const answer = await deps.vendor.get(account.source, account.account, path);
  // the window stays as it is: a page token belongs to its own times
  if (answer.status !== 'ok') return stopped(answer, { ...cursor, window }, one, deps);
  const { items, next } = polled.read(readJson(answer.body), window.page);
  if (next !== undefined && next === window.page) throw new Unreadable('pages', '$', 'names the page that was asked for as the next one');
  const had = await itemsOf(items, window.named ?? [], one, deps);
  const known = new Set([...cursor.seen, ...window.found]);
  const taken = await takeItems(had.bytes, { account, topic: polled.topic, path }, known, deps);
  deps.meter.count('polledItems', taken.items, { source: account.source });
  const { counts } = cursor;
  const counted = {
    pages: counts.pages + (had.stop ? 0 : 1), items: counts.items + taken.items, events: counts.events + taken.events, rejected: counts.rejected + taken.rejected,
  };
  if (had.stop) {
    const half = { ...cursor, counts: counted, window: { ...window, found: remembered(window.found, taken.hashes), named: [...had.named] } };
    if (had.stop instanceof Error) throw new Half(had.stop, half);
    return stopped(had.stop, half, one, deps);
  }
  return {
    cursor: { ...afterPage(cursor, window, taken.hashes, next), counts: counted },
    // up to now, as far as the next poll's own overlap is concerned
    ...(next === undefined && deps.clock() - window.to < polled.everyMinutes * 60_000 ? { ended: 'polled' } : {}),
  };
}

async function readOn(one: PolledAccount, owner: string, before: PollCursor, deps: PollDeps, remainingMs: () => number): Promise<PollOutcome> {
  const { account, polled } = one;
  const startedAt = deps.clock();
  let cursor: PollCursor = { ...before, lastRunAt: startedAt };
  for (;;) {
    if (remainingMs() < spareMs) {
      await deps.cursors.save(account, owner, { ...cursor, dueAt: deps.clock() }, 0);
      return 'continued';
    }
    let result: Step;
    try {
      result = await step(cursor, one, deps);
    } catch (thrown) {
      const error: unknown = thrown instanceof Half ? thrown.cause : thrown;
      if (thrown instanceof Half) cursor = thrown.cursor;
      const code = error instanceof VendorUnreachable ? error.code : error instanceof Unreadable ? 'unreadable' : 'own';
      deps.meter.count('pollFailed', 1, { source: account.source });
      deps.log.warn('POLL_FAILED', { source: account.source, account: account.account, reason: code, failures: cursor.failures + 1 });
      await deps.cursors.save(account, owner, afterFailure(cursor, code, deps.clock()), 0);
      if (code === 'own') throw error;
      return 'failed';
    }
    cursor = result.cursor;
    if (result.ended === 'polled') {
      deps.log.info('POLLED', { source: account.source, account: account.account, pages: cursor.counts.pages - before.counts.pages, items: cursor.counts.items - before.counts.items });
      cursor = { ...cursor, dueAt: dueAfter(startedAt, polled.everyMinutes) };
    }
    await deps.cursors.save(account, owner, cursor, result.ended === undefined ? leaseMs : 0);
    if (result.ended !== undefined) return result.ended;
  }
}

/**
 * Polls one account: window by window up to now, page by page, each page durable before the cursor moves. A crash anywhere
 * reads the page again: the same items are the same events, so nothing is taken twice in the end. `start`: the cursor to begin
 * with instead of the one that stands; then it is polled whether it is due or not.
 */
export async function pollAccount(one: PolledAccount, deps: PollDeps, remainingMs: () => number, start?: (cursor: PollCursor) => PollCursor): Promise<PollOutcome> {
  const owner = deps.newId();
  const claimed = await deps.cursors.claim(one.account, owner, leaseMs, start === undefined ? undefined : 'anyTime');
  if (!claimed) return 'busy';
  try {
    return await readOn(one, owner, start === undefined ? claimed : start(claimed), deps, remainingMs);
  } catch (error) {
    if (error instanceof LeaseLost) return 'busy';
    throw error;
  } finally {
    await deps.archive.flush();
  }
}
