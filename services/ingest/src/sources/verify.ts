import { createHash, createHmac, createSecretKey, timingSafeEqual, type KeyObject } from 'node:crypto';

/** A part of the signed message. */
export type Part =
  | 'body'
  | 'url'
  | 'method'
  | 'timestamp'
  | { readonly header: string }
  | { readonly literal: string }
  | { readonly digestOfBody: 'sha256' };

/**
 * One HMAC signature scheme as data; every family F1 to F6 of the catalogue of sources fits it.
 */
export interface Signature {
  readonly algorithm: 'sha1' | 'sha256' | 'sha512';
  /** How the secret's text becomes the key. `prefixed-base64`: after `prefix` it is base64, without it plain text. */
  readonly key: { readonly decode: 'text' | 'hex' | 'base64' } | { readonly decode: 'prefixed-base64'; readonly prefix: string };
  readonly message: readonly Part[];
  readonly header: string;
  /**
   * How the header holds the signature: `plain`; `pairs` such as `t=1,v1=ab,v1=cd`; or a `list` of words of which those
   * with `prefix` count (`v1,ab v1,cd`).
   */
  readonly parser:
    | { readonly form: 'plain' }
    | { readonly form: 'pairs'; readonly separator: string; readonly signature: string; readonly timestamp: string }
    | { readonly form: 'list'; readonly separator: string; readonly prefix: string };
  readonly encoding: 'hex' | 'base64';
  /** The signed time, in seconds since 1970, and how far it may lie from ours, past and future. */
  readonly freshness?: { readonly from: 'pair' | { readonly header: string }; readonly toleranceSeconds: number };
}

/** A request as far as signatures sign it. Header names in lower case. */
export interface Signed {
  readonly method: string;
  /** Public URL, as the sender knows it. */
  readonly url: string;
  readonly headers: Readonly<Record<string, string | undefined>>;
  readonly body: Uint8Array;
}

export type Verdict = 'genuine' | 'missing' | 'wrong' | 'stale';

/** None when the secret is not written as its scheme says: what would be left of it might be an empty key. */
function keyBytes(secret: string, { key }: Signature): Buffer | undefined {
  switch (key.decode) {
    case 'text':
      return Buffer.from(secret, 'utf8');
    case 'hex':
      return /^([0-9a-f]{2})+$/i.test(secret) ? Buffer.from(secret, 'hex') : undefined;
    case 'base64':
      return /^[A-Za-z0-9+/_-]+={0,2}$/.test(secret) ? Buffer.from(secret, 'base64') : undefined;
    case 'prefixed-base64':
      return secret.startsWith(key.prefix)
        ? Buffer.from(secret.slice(key.prefix.length), 'base64')
        : Buffer.from(secret, 'utf8');
  }
}

/** Keys made ready: making one costs more than signing with it. Accounts are few, rotations rare. */
const keys = new Map<string, KeyObject>();
const mostKeys = 1_000;

function keyOf(secret: string, scheme: Signature): KeyObject | undefined {
  const name = `${JSON.stringify(scheme.key)} ${secret}`;
  const known = keys.get(name);
  if (known) return known;
  const bytes = keyBytes(secret, scheme);
  if (bytes === undefined || bytes.length === 0) return undefined;
  if (keys.size >= mostKeys) keys.clear();
  const key = createSecretKey(bytes);
  keys.set(name, key);
  return key;
}

/** Signatures and, where it stands beside them, the time that the header names. */
function parse(header: string, { parser }: Signature): { readonly found: readonly string[]; readonly timestamp?: string } {
  if (parser.form === 'plain') return { found: [header.trim()] };
  const words = header.split(parser.separator).map((word) => word.trim());
  if (parser.form === 'list') {
    return { found: words.filter((word) => word.startsWith(parser.prefix)).map((word) => word.slice(parser.prefix.length)) };
  }
  const valuesOf = (name: string): string[] =>
    words.filter((word) => word.startsWith(`${name}=`)).map((word) => word.slice(name.length + 1));
  const [timestamp] = valuesOf(parser.timestamp);
  return { found: valuesOf(parser.signature), ...(timestamp === undefined ? {} : { timestamp }) };
}

function partOf(part: Part, request: Signed, timestamp: string | undefined): string | Uint8Array {
  if (part === 'body') return request.body;
  if (part === 'url') return request.url;
  if (part === 'method') return request.method;
  if (part === 'timestamp') return timestamp ?? '';
  if ('header' in part) return request.headers[part.header] ?? '';
  if ('literal' in part) return part.literal;
  return createHash(part.digestOfBody).update(request.body).digest('hex');
}

function sign(scheme: Signature, key: KeyObject, request: Signed, timestamp: string | undefined): Buffer {
  const hmac = createHmac(scheme.algorithm, key);
  for (const part of scheme.message) hmac.update(partOf(part, request, timestamp));
  return hmac.digest();
}

/**
 * Checks a request against every secret that is valid at present (two during a rotation). Digests are compared in
 * constant time; which of several secrets matched does not show either.
 * @param now milliseconds since 1970, or `undefined` to leave the signed time unchecked (stored payloads)
 */
export function verify(scheme: Signature, secrets: readonly string[], request: Signed, now: number | undefined): Verdict {
  const header = request.headers[scheme.header];
  if (header === undefined || header === '') return 'missing';
  const { found, timestamp: paired } = parse(header, scheme);
  const { freshness } = scheme;
  const timestamp = freshness === undefined || freshness.from === 'pair' ? paired : request.headers[freshness.from.header];
  if (freshness !== undefined && !/^\d{1,12}$/.test(timestamp ?? '')) return 'missing';

  const given = found.slice(0, 8).map((text) => Buffer.from(text, scheme.encoding));
  let genuine = false;
  for (const secret of secrets) {
    const key = keyOf(secret, scheme);
    if (key === undefined) continue;
    const expected = sign(scheme, key, request, timestamp);
    for (const digest of given) {
      if (digest.length === expected.length && timingSafeEqual(digest, expected)) genuine = true;
    }
  }
  if (!genuine) return 'wrong';
  if (freshness !== undefined && now !== undefined) {
    const seconds = Math.abs(now / 1_000 - Number(timestamp));
    if (seconds > freshness.toleranceSeconds) return 'stale';
  }
  return 'genuine';
}

/** The headers that sign a request under `scheme`: for senders of ours (demo, tests, stand-ins). */
export function signatureHeaders(scheme: Signature, secret: string, request: Signed, seconds: number): Record<string, string> {
  const { freshness, parser } = scheme;
  const timestamp = String(seconds);
  const headers = freshness !== undefined && freshness.from !== 'pair' ? { [freshness.from.header]: timestamp } : {};
  const signed = { ...request, headers: { ...request.headers, ...headers } };
  const digest = sign(scheme, keyOf(secret, scheme) ?? createSecretKey(Buffer.from(secret, 'utf8')), signed, timestamp).toString(scheme.encoding);
  const value =
    parser.form === 'plain' ? digest
    : parser.form === 'list' ? `${parser.prefix}${digest}`
    : [`${parser.timestamp}=${timestamp}`, `${parser.signature}=${digest}`].join(parser.separator);
  return { ...headers, [scheme.header]: value };
}
