import type { Polled } from '../sources/api.ts';
import type { PollCursor, Window } from './cursor.ts';

const minute = 60_000;

/** The window to read next: the one in which reading stopped, else from a little before the high-water mark on. */
export function nextWindow({ window, highWater }: PollCursor, { overlapMinutes, mostWindowMinutes }: Polled, now: number): Window {
  if (window) return window;
  const from = highWater - overlapMinutes * minute;
  return { from, to: Math.max(highWater, Math.min(now, from + mostWindowMinutes * minute)), found: [] };
}

/** Hashes that are remembered: enough for any ordinary overlap, and the cursor stays a small item (16 KB). */
const mostRemembered = 500;

/** The hashes of a window with those of one more page, or of a part of it. */
export const remembered = (found: readonly string[], hashes: readonly string[]): string[] => [...found, ...hashes].slice(0, mostRemembered);

/** The cursor after a page of which everything is durable. */
export function afterPage(cursor: PollCursor, window: Window, hashes: readonly string[], next: string | undefined): PollCursor {
  const found = remembered(window.found, hashes);
  const { window: _, lastError: __, ...rest } = cursor;
  if (next !== undefined) return { ...rest, failures: 0, window: { from: window.from, to: window.to, page: next, found } };
  return { ...rest, failures: 0, highWater: Math.max(cursor.highWater, window.to), seen: found };
}

/** The schedule fires once a minute, a little early or late: an account that is due within half of that is due. */
const early = minute / 2;

export const dueAfter = (startedAt: number, minutes: number): number => startedAt + minutes * minute - early;

/** After so many failures in a row, minutes until the next attempt: growing, so that a vendor in trouble is left alone. */
const pauses = [1, 2, 4, 8, 15];

/** The cursor after a poll that failed: the same page again, later. */
export function afterFailure(cursor: PollCursor, code: string, now: number): PollCursor {
  const failures = cursor.failures + 1;
  const minutes = pauses[Math.min(failures, pauses.length) - 1] ?? 1;
  return { ...cursor, failures, lastError: code, dueAt: dueAfter(now, minutes) };
}

/** The cursor after a refusal. Page tokens are the vendor's to forget: one that it refuses begins its window anew. */
export function afterRefusal(cursor: PollCursor, code: string, now: number): PollCursor {
  const failed = afterFailure(cursor, code, now);
  if (failed.window?.page === undefined || !code.startsWith('http-')) return failed;
  const { page: _, ...window } = failed.window;
  return { ...failed, window };
}

/** The cursor put back to an earlier moment, so that everything since then is read once more. */
export function putBack(cursor: PollCursor, from: number): PollCursor {
  const { window: _, ...rest } = cursor;
  return { ...rest, highWater: Math.min(cursor.highWater, from), seen: [] };
}

/** The cursor of a backfill at its beginning, whatever an earlier one has left in it. */
export function startAt({ window: _, lastError: __, ...cursor }: PollCursor, from: number): PollCursor {
  return { ...cursor, highWater: from, since: from, seen: [], failures: 0, counts: { pages: 0, items: 0, events: 0, rejected: 0 } };
}

/** Whether a backfill from that moment on was begun and not ended. */
export const unfinished = ({ since, highWater }: PollCursor, from: number, { everyMinutes }: Polled, now: number): boolean =>
  since === from && now - highWater > (everyMinutes + 1) * minute;

/** Seconds by which an account is behind its own rhythm. */
export const lagSeconds = (highWater: number, { everyMinutes }: Polled, now: number): number =>
  Math.max(0, Math.round((now - highWater - everyMinutes * minute) / 1_000));
