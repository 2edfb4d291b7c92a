import type { VendorAnswer } from './port.ts';

/** A vendor that wants us to wait and does not say how long. */
const usualWait = 60;
/** The longest wait that is taken at its word; SQS hides a message no longer (12 h). */
const longestWait = 12 * 3_600;

/** Seconds of a Retry-After header: a number, or an HTTP date (https://www.rfc-editor.org/rfc/rfc9110#field.retry-after). */
export function retryAfter(header: string | null, now: number): number {
  const text = header?.trim() ?? '';
  const seconds = /^\d{1,9}$/.test(text) ? Number(text) : Math.ceil((Date.parse(text) - now) / 1_000);
  return Number.isNaN(seconds) ? usualWait : Math.min(Math.max(seconds, 1), longestWait);
}

/**
 * What a status code means: an answer; `body`, the body has still to be read; `credential`, the credential was not taken;
 * `trouble`, the vendor's own, or passing.
 */
export function verdictOn(
  status: number, headers: Pick<Headers, 'get'>, now: number,
): VendorAnswer | 'body' | 'credential' | 'trouble' {
  if (status >= 200 && status < 300) return 'body';
  if (status >= 300 && status < 400) return { status: 'refused', code: 'redirect' };
  if (status === 404 || status === 410) return { status: 'absent' };
  if (status === 401 || status === 403) return 'credential';
  if (status === 429 || (status === 503 && headers.get('retry-after') !== null)) {
    return { status: 'wait', seconds: retryAfter(headers.get('retry-after'), now) };
  }
  if (status >= 500 || status === 408) return 'trouble';
  return { status: 'refused', code: `http-${status}` };
}
