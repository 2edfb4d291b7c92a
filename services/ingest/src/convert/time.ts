import { DateTime } from 'luxon';
import { Unreadable } from './unreadable.ts';

/** Further into the future than clocks differ: a time that far ahead is a fault, not a time. */
const mostAheadMs = 366 * 24 * 3_600_000;

const utc = (ms: number, path: string, now: number): string => {
  if (!Number.isFinite(ms) || ms < 0) throw new Unreadable('time', path, 'is no time since 1970');
  if (ms > now + mostAheadMs) throw new Unreadable('time', path, 'lies more than a year in the future');
  const text = new Date(ms).toISOString();
  return text.endsWith('.000Z') ? `${text.slice(0, -5)}Z` : text;
};

const iso = /^\d{4}-\d{2}-\d{2}[T ]\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z| ?[+-]\d{2}:?\d{2})?$/i;

/** What most sources write; the engine reads this form itself, as long as the month has that day. */
const plainIso = /^(\d{4})-(\d{2})-(\d{2})T(?:[01]\d|2[0-3]):[0-5]\d:[0-5]\d(?:\.\d{1,9})?(?:Z|[+-](?:0\d|1[0-4]):[0-5]\d)$/;

function millisecondsOf(text: string): number {
  const match = plainIso.exec(text);
  const exists = match && Number(match[3]) <= new Date(Date.UTC(Number(match[1]), Number(match[2]), 0)).getUTCDate();
  return exists ? Date.parse(text) : DateTime.fromISO(text.replace(/^(\S+) (?=\d)/, '$1T').replace(' ', '')).toMillis();
}

/** How a source writes a time that has no zone of its own. */
export interface TimeReading {
  /** IANA zone for text without offset; such text is refused when none is given. */
  readonly zone?: string;
  /** Luxon format, for text that is neither ISO 8601 nor RFC 2822 (https://moment.github.io/luxon/#/parsing). */
  readonly format?: string;
  /** Milliseconds since 1970: now, for the limit on the future. */
  readonly now: number;
}

/** Text of a time → UTC ISO 8601. Takes ISO 8601 (with offset, or in `zone`), RFC 2822, or `format`. */
export function timeOfText(text: string, path: string, { zone, format, now }: TimeReading): string {
  if (format !== undefined) {
    if (zone === undefined && !/Z/.test(format)) throw new Unreadable('time', path, 'has no zone');
    return utc(DateTime.fromFormat(text, format, { zone: zone ?? 'utc' }).toMillis(), path, now);
  }
  const match = iso.exec(text);
  if (match) {
    if (match[3] !== undefined) return utc(millisecondsOf(text), path, now);
    if (zone === undefined) throw new Unreadable('time', path, 'has no zone');
    return utc(DateTime.fromISO(text.replace(' ', 'T'), { zone }).toMillis(), path, now);
  }
  return utc(DateTime.fromRFC2822(text).toMillis(), path, now);
}

/** Seconds since 1970 → UTC ISO 8601. */
export const timeOfSeconds = (seconds: number, path: string, now: number): string => utc(seconds * 1_000, path, now);

/** Milliseconds since 1970 → UTC ISO 8601. */
export const timeOfMilliseconds = (ms: number, path: string, now: number): string => utc(ms, path, now);
