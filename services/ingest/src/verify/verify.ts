import { createHash, timingSafeEqual, verify as verifyPublic } from 'node:crypto';
import { wordIn } from '../sources/place.ts';
import { verifyJws } from './jws.ts';
import { keyOf, type Key } from './keys.ts';
import { digestOf, messageOf, subjectsOf, type Subject } from './message.ts';
import type { HttpVerify, SharedSecret, Signature, Signed, Verdict } from './scheme.ts';

/** Signatures and, where it stands beside them, the time that the header names. */
function parse(header: string, { parser }: Signature): { readonly found: readonly string[]; readonly timestamp?: string | undefined } {
  if (parser.form === 'plain') {
    const word = header.trim();
    const prefix = parser.prefix ?? '';
    return { found: word.startsWith(prefix) ? [word.slice(prefix.length)] : [] };
  }
  const words = header.split(parser.separator).map((word) => word.trim());
  if (parser.form === 'timeFirst') return { found: words.slice(1), timestamp: words[0] };
  if (parser.form === 'list') {
    return { found: words.filter((word) => word.startsWith(parser.prefix)).map((word) => word.slice(parser.prefix.length)) };
  }
  const valuesOf = (name: string): string[] =>
    words.filter((word) => word.startsWith(`${name}=`)).map((word) => word.slice(name.length + 1));
  return { found: valuesOf(parser.signature), timestamp: parser.timestamp === undefined ? undefined : valuesOf(parser.timestamp)[0] };
}

/** Seconds since 1970 that a scheme's signed time says; undefined when it is no time. */
function secondsOf(text: string | undefined, unit: 'seconds' | 'milliseconds' | 'iso'): number | undefined {
  if (text === undefined) return undefined;
  if (unit === 'iso') {
    const ms = Date.parse(text);
    return Number.isNaN(ms) ? undefined : ms / 1_000;
  }
  if (!/^\d{1,15}$/.test(text)) return undefined;
  return unit === 'seconds' ? Number(text) : Number(text) / 1_000;
}

/** Whether one of the given signatures is that of a key. Digests are compared in constant time. */
function signedBy(scheme: Signature, key: Key, subject: Subject, timestamp: string | undefined, given: readonly Buffer[]): boolean {
  if (scheme.algorithm === 'rsa-sha256') {
    const message = messageOf(scheme, key.label, subject, timestamp);
    return given.some((signature) => verifyPublic('sha256', message, key.object, signature));
  }
  const expected = digestOf(scheme, key, subject, timestamp);
  let found = false;
  for (const digest of given) if (digest.length === expected.length && timingSafeEqual(digest, expected)) found = true;
  return found;
}

/** One subject against every key. Which of them matched does not show. */
function verdictOn(scheme: Signature, keys: readonly Key[], subject: Subject, now: number | undefined): Verdict {
  const { freshness } = scheme;
  const written = typeof scheme.header === 'string' ? subject.request.headers[scheme.header] : wordIn(subject.json(), scheme.header.json);
  if (written === undefined || written === '') return 'missing';
  const { found, timestamp: paired } = parse(written, scheme);
  const timestamp = freshness === undefined || freshness.from === 'pair' ? paired
    : 'header' in freshness.from ? subject.request.headers[freshness.from.header]
    : wordIn(subject.json(), freshness.from.json);
  const signedAt = freshness && secondsOf(timestamp, freshness.unit ?? 'seconds');
  if (freshness !== undefined && signedAt === undefined) return 'missing';

  const given = found.slice(0, 8).map((text) => Buffer.from(text, scheme.encoding));
  let genuine = false;
  for (const key of keys) if (signedBy(scheme, key, subject, timestamp, given)) genuine = true;
  if (!genuine) return 'wrong';
  const late = freshness !== undefined && signedAt !== undefined && now !== undefined && Math.abs(now / 1_000 - signedAt) > freshness.toleranceSeconds;
  return late ? 'stale' : 'genuine';
}

function verifySignature(scheme: Signature, secrets: readonly string[], request: Signed, now: number | undefined): Verdict {
  // cheap for what is not signed at all: no body is read for it
  if (typeof scheme.header === 'string' && (request.headers[scheme.header] ?? '') === '') return 'missing';
  const keys = secrets.map((secret) => keyOf(secret, scheme)).filter((key) => key !== undefined);
  try {
    const verdicts = subjectsOf(scheme, request).map((subject) => verdictOn(scheme, keys, subject, now));
    return verdicts.length === 0 ? 'missing' : verdicts.find((verdict) => verdict !== 'genuine') ?? 'genuine';
  } catch {
    return 'wrong'; // what has to be read to be verified, and cannot be
  }
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The header in which a sender repeats a shared secret, and what it must say. */
export const sharedHeader = ({ shared }: SharedSecret, secret: string): readonly [name: string, value: string] =>
  shared === 'basic' ? ['authorization', `Basic ${Buffer.from(secret, 'utf8').toString('base64')}`] : [shared.header, `${shared.prefix ?? ''}${secret}`];

function verifyShared(scheme: SharedSecret, secrets: readonly string[], { headers }: Signed): Verdict {
  const given = headers[sharedHeader(scheme, '')[0]];
  if (given === undefined || given === '') return 'missing';
  let genuine = false;
  // hashes are of equal length, so that not even the secret's length shows
  for (const secret of secrets) if (secret !== '' && timingSafeEqual(sha256(given), sha256(sharedHeader(scheme, secret)[1]))) genuine = true;
  return genuine ? 'genuine' : 'wrong';
}

/**
 * Checks a request against every secret that is valid at present (two during a rotation).
 * @param now milliseconds since 1970, or `undefined` to leave the signed time unchecked (stored payloads)
 */
export function verify(scheme: HttpVerify, secrets: readonly string[], request: Signed, now: number | undefined): Verdict {
  if ('unsigned' in scheme) return 'genuine';
  if ('jws' in scheme) return verifyJws(scheme, secrets, request.body, now);
  return 'shared' in scheme ? verifyShared(scheme, secrets, request) : verifySignature(scheme, secrets, request, now);
}
