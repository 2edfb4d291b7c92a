import { verify as verifyPublic } from 'node:crypto';
import { keyOf } from './keys.ts';
import type { SignedBody, Verdict } from './scheme.ts';

const compact = /^[\w-]+\.[\w-]+\.[\w-]+$/;

/** A part of a JSON Web Signature that holds a JSON object; undefined when it does not. */
function objectIn(part: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const value: unknown = JSON.parse(Buffer.from(part, 'base64url').toString('utf8'));
    return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

/**
 * A body that is one compact JWS (https://www.rfc-editor.org/rfc/rfc7515#section-5.2). The algorithm is the scheme's: a header
 * that names another, `none` among them, is refused, and a key that the header brings is never looked at.
 */
export function verifyJws({ toleranceSeconds }: SignedBody, secrets: readonly string[], body: Uint8Array, now: number | undefined): Verdict {
  const text = Buffer.from(body).toString('latin1').trim();
  if (!compact.test(text)) return 'missing';
  const [header = '', payload = '', signature = ''] = text.split('.');
  if (objectIn(header)?.['alg'] !== 'RS256') return 'wrong';
  let genuine = false;
  for (const secret of secrets) {
    const key = keyOf(secret, { key: { decode: 'pem' } });
    if (key && verifyPublic('sha256', Buffer.from(`${header}.${payload}`), key.object, Buffer.from(signature, 'base64url'))) genuine = true;
  }
  if (!genuine) return 'wrong';
  const { exp, iat } = objectIn(payload) ?? {};
  const seconds = now === undefined ? undefined : now / 1_000;
  if (seconds === undefined) return 'genuine';
  const late = typeof exp === 'number' && seconds > exp + toleranceSeconds;
  const early = typeof iat === 'number' && seconds < iat - toleranceSeconds;
  return late || early ? 'stale' : 'genuine';
}
