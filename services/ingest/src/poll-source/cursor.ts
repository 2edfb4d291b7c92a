import type { AccountName } from '@orderflow/shared/accounts';
import * as z from 'zod/mini';

/** Milliseconds since 1970. */
const moment = z.int();

/** How far an account has been polled, as it is kept. */
export const pollCursor = z.object({
  /** Whatever changed before this is durable here; at the very first poll its own moment. */
  highWater: moment,
  /** Not polled before this. */
  dueAt: moment,
  /** The window of time in which polling stopped half-way. */
  window: z.exactOptional(z.object({
    from: moment,
    to: moment,
    /** The next page, as the vendor names it; absent: the first. */
    page: z.exactOptional(z.string()),
    /** Hashes of the items read in it so far, as far as they are remembered. */
    found: z.array(z.string()),
    /** Hashes of the names on this page of which the items are durable, where reading stopped among them. */
    named: z.exactOptional(z.array(z.string())),
  })),
  /** Hashes of the items of the last window: what the next one's overlap holds again. */
  seen: z.array(z.string()),
  /** Polls in a row that failed, and why the last one did. */
  failures: z.int(),
  lastError: z.exactOptional(z.string()),
  lastRunAt: z.exactOptional(moment),
  /** Of a backfill: the moment from which on it reads. */
  since: z.exactOptional(moment),
  /** Totals since the first poll; `items`: those that were new to the cursor. */
  counts: z.object({ pages: z.int(), items: z.int(), events: z.int(), rejected: z.int() }),
});

export type PollCursor = z.infer<typeof pollCursor>;
export type Window = NonNullable<PollCursor['window']>;

/** The cursor of an account that was never polled. */
export const firstCursor = (now: number): PollCursor => ({
  highWater: now, dueAt: now, seen: [], failures: 0, counts: { pages: 0, items: 0, events: 0, rejected: 0 },
});

/** What the schedule must know of a cursor to decide who is due. */
export const standing = z.object({ highWater: moment, dueAt: moment, leaseUntil: moment });
export type Standing = z.infer<typeof standing>;

/** Cursors of polled accounts. One invocation at a time owns one, for as long as its lease lasts. */
export interface PollCursors {
  /** Takes the cursor; undefined when another owns it, or it is not due (`anyTime`: whenever it is due). */
  claim(name: AccountName, owner: string, leaseMs: number, anyTime?: 'anyTime'): Promise<PollCursor | undefined>;
  /** Keeps how far the owner is and prolongs its lease; 0 gives it back. @throws LeaseLost */
  save(name: AccountName, owner: string, cursor: PollCursor, leaseMs: number): Promise<void>;
  /** Of every account its standing, in the same order; undefined when it was never polled. */
  standings(names: readonly AccountName[]): Promise<readonly (Standing | undefined)[]>;
}
