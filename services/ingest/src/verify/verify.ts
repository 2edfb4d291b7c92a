import { createHash, timingSafeEqual, verify as verifyPublic } from 'node:crypto';
import { readJson } from '../convert/index.ts';
import { wordIn } from '../sources/place.ts';
import { verifyDetached, verifyJws } from './jws.ts';
import { keysOf, type Key } from './keys.ts';
import { digestOf, messageOf, subjectsOf, type Subject } from './message.ts';
import { isPublic, publicAlgorithms, type HttpVerify, type SharedSecret, type Signature, type Signed, type Verdict } from './scheme.ts';
import { parse, textsOf, type Written } from './written.ts';

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

/** Most signatures of one request that are looked at. */
const mostSignatures = 8;

/** Whether one of the given signatures is that of a key. Digests are compared in constant time. */
function signedBy(scheme: Signature, key: Key, subject: Subject, timestamp: string | undefined, found: readonly Written[]): boolean {
  const { algorithm, encoding, addressed } = scheme;
  if (addressed !== undefined && (key.label === '' || wordIn(subject.json(), addressed.json) !== key.label)) return false;
  const given = found.filter(({ label }) => label === undefined || label === key.label).slice(0, mostSignatures).map(({ text }) => Buffer.from(text, encoding));
  if (isPublic(algorithm)) {
    const { digest, type } = publicAlgorithms[algorithm];
    if (key.object.asymmetricKeyType !== type) return false;
    const message = messageOf(scheme, key.label, subject, timestamp);
    return given.some((signature) => verifyPublic(digest, message, key.object, signature));
  }
  const expected = digestOf(scheme, key, subject, timestamp);
  let same = false;
  for (const digest of given) if (digest.length === expected.length && timingSafeEqual(digest, expected)) same = true;
  return same;
}

/** One subject against every key. Which of them matched does not show. */
function verdictOn(scheme: Signature, keys: readonly Key[], subject: Subject, now: number | undefined): Verdict {
  const { freshness } = scheme;
  const read = textsOf(scheme, subject).map((text) => parse(text, scheme));
  if (read.length === 0) return 'missing';
  const timestamp = freshness === undefined || freshness.from === 'pair' ? read[0]?.timestamp
    : 'header' in freshness.from ? subject.request.headers[freshness.from.header]
    : wordIn(subject.json(), freshness.from.json);
  const signedAt = freshness && secondsOf(timestamp, freshness.unit ?? 'seconds');
  if (freshness !== undefined && signedAt === undefined) return 'missing';

  const found = read.flatMap((one) => one.found);
  let genuine = false;
  for (const key of keys) if (signedBy(scheme, key, subject, timestamp, found)) genuine = true;
  if (!genuine) return 'wrong';
  const late = freshness !== undefined && signedAt !== undefined && now !== undefined && Math.abs(now / 1_000 - signedAt) > freshness.toleranceSeconds;
  return late ? 'stale' : 'genuine';
}

function verifySignature(scheme: Signature, keys: readonly Key[], request: Signed, now: number | undefined): Verdict {
  // cheap for what is not signed at all: no body is read for it
  if (typeof scheme.header === 'string' && (request.headers[scheme.header] ?? '') === '') return 'missing';
  try {
    const verdicts = subjectsOf(scheme, request).map((subject) => verdictOn(scheme, keys, subject, now));
    return verdicts.length === 0 ? 'missing' : verdicts.find((verdict) => verdict !== 'genuine') ?? 'genuine';
  } catch {
    return 'wrong'; // what has to be read to be verified, and cannot be
  }
}

const sha256 = (text: string): Buffer => createHash('sha256').update(text).digest();

/** The header in which a sender repeats a shared secret, and what it must say. */
export const sharedHeader = (shared: Exclude<SharedSecret['shared'], { json: string }>, secret: string): readonly [name: string, value: string] =>
  shared === 'basic' ? ['authorization', `Basic ${Buffer.from(secret, 'utf8').toString('base64')}`] : [shared.header, `${shared.prefix ?? ''}${secret}`];

function wordInBody(body: Uint8Array, path: string): string | undefined {
  try {
    return wordIn(readJson(body), path);
  } catch {
    return undefined;
  }
}

function verifyShared({ shared }: SharedSecret, secrets: readonly string[], { headers, body }: Signed): Verdict {
  const inBody = typeof shared === 'object' && 'json' in shared;
  const given = inBody ? wordInBody(body, shared.json) : headers[sharedHeader(shared, '')[0]];
  if (given === undefined || given === '') return 'missing';
  let genuine = false;
  // hashes are of equal length, so that not even the secret's length shows
  for (const secret of secrets) {
    const expected = inBody ? secret : sharedHeader(shared, secret)[1];
    if (secret !== '' && timingSafeEqual(sha256(given), sha256(expected))) genuine = true;
  }
  return genuine ? 'genuine' : 'wrong';
}

const best: readonly Verdict[] = ['genuine', 'stale', 'wrong', 'missing'];

/** Of several schemes, each of which suffices: the best that one of them says. */
async function verifyAny(schemes: readonly HttpVerify[], judge: (scheme: HttpVerify) => Verdict | Promise<Verdict>): Promise<Verdict> {
  const verdicts = await Promise.all(schemes.map(async (scheme) => judge(scheme)));
  return best.find((verdict) => verdicts.includes(verdict)) ?? 'missing';
}

/**
 * Checks a request against every secret that is valid at present (two during a rotation).
 * @param now milliseconds since 1970, or `undefined` to leave the signed time unchecked (stored payloads)
 * @param published the vendor's public keys: PEM, or JSON Web Key Sets as text
 * @returns a promise only where several schemes are tried, or a JOSE library checks
 */
export function verify(scheme: HttpVerify, secrets: readonly string[], request: Signed, now: number | undefined, published: readonly string[] = []): Verdict | Promise<Verdict> {
  if ('unsigned' in scheme) return 'genuine';
  if ('anyOf' in scheme) return verifyAny(scheme.anyOf, (one) => verify(one, secrets, request, now, published));
  if ('jws' in scheme) return verifyJws(scheme, [...secrets, ...published], request.body, now);
  if ('detached' in scheme) return verifyDetached(scheme, published, request);
  return 'shared' in scheme ? verifyShared(scheme, secrets, request) : verifySignature(scheme, keysOf(scheme, secrets, published), request, now);
}
