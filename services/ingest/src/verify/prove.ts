import { createSecretKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { localCurvePair, localKeyId, localKeyPair } from '../accounts/local-key-pair.ts';
import { valueAt } from '../sources/place.ts';
import { keyOf } from './keys.ts';
import { digestOf, messageOf, subjectsOf, type Subject } from './message.ts';
import { isPublic, publicAlgorithms, type HttpVerify, type Signature, type Signed } from './scheme.ts';
import { sharedHeader } from './verify.ts';

const written = ({ parser }: Signature, digest: string, timestamp: string, label: string): string => {
  switch (parser.form) {
    case 'labelled':
      return `${label}${parser.mark}${digest}`;
    case 'inside':
      return Buffer.from(JSON.stringify({ kid: localKeyId, [parser.field]: digest })).toString('base64');
    case 'plain':
      return `${parser.prefix ?? ''}${digest}`;
    case 'list':
      return `${parser.prefix}${digest}`;
    case 'timeFirst':
      return [timestamp, digest].join(parser.separator);
    case 'pairs':
      return [...(parser.timestamp === undefined ? [] : [`${parser.timestamp}=${timestamp}`]), `${parser.signature}=${digest}`].join(parser.separator);
  }
};

/** Puts a value at a path of a JSON value, making the objects on the way. */
function put(target: unknown, path: string, value: string): void {
  const names = path.split('.');
  const last = names.pop() as string;
  let at = target as Record<string, unknown>;
  for (const name of names) at = (at[name] ??= {}) as Record<string, unknown>;
  at[last] = value;
}

const bytes = (value: unknown): Uint8Array => Buffer.from(JSON.stringify(value), 'utf8');

const forgers = new Map<string, KeyObject>();

/** A key that nobody has given out. */
function forger(type: 'rsa' | 'ec' | 'ed25519'): KeyObject {
  const made = forgers.get(type) ?? (type === 'rsa' ? generateKeyPairSync('rsa', { modulusLength: 2048 })
    : type === 'ec' ? generateKeyPairSync('ec', { namedCurve: 'P-256' }) : generateKeyPairSync('ed25519')).privateKey;
  forgers.set(type, made);
  return made;
}

const privateKeys = { rsa: localKeyPair.privateKey, ec: localCurvePair.privateKey, ed25519: undefined };

/** The private key of a vendor: the local stage's for its own secrets, which begin with `local-` or hold its public key; for any other one that nobody has given out. */
const privateKeyOf = (secret: string, type: 'rsa' | 'ec' | 'ed25519' = 'rsa'): string | KeyObject =>
  (secret.startsWith('local-') || secret.includes(localKeyPair.publicKey.trim()) ? privateKeys[type] : undefined) ?? forger(type);

const labelOf = (scheme: Signature, secret: string): string => keyOf(secret, scheme)?.label ?? secret.split('-----BEGIN ', 1)[0]?.trim() ?? secret;

function signature(scheme: Signature, secret: string, subject: Subject, timestamp: string): Buffer {
  if (isPublic(scheme.algorithm)) {
    const { digest, type } = publicAlgorithms[scheme.algorithm];
    return sign(digest, messageOf(scheme, labelOf(scheme, secret), subject, timestamp), privateKeyOf(secret, type));
  }
  return digestOf(scheme, keyOf(secret, scheme) ?? { object: createSecretKey(Buffer.from(secret, 'utf8')), label: '' }, subject, timestamp);
}

/** The JSON body with a word put at a path. */
function withWord(text: Uint8Array, path: string, word: string): Uint8Array {
  const body: unknown = JSON.parse(Buffer.from(text).toString('utf8'));
  put(body, path, word);
  return bytes(body);
}

const base64url = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url');

/** The body as a compact JWS of itself. */
function asJws(body: Uint8Array, secret: string): Uint8Array {
  const content = `${base64url(JSON.stringify({ alg: 'RS256', typ: 'JWT' }))}.${base64url(body)}`;
  return Buffer.from(`${content}.${base64url(sign('sha256', Buffer.from(content), privateKeyOf(secret)))}`);
}

/** A JWS of the body without the body. */
function detachedJws(body: Uint8Array, secret: string): string {
  const header = base64url(JSON.stringify({ alg: 'RS256', kid: localKeyId }));
  return `${header}..${base64url(sign('sha256', Buffer.from(`${header}.${base64url(body)}`), privateKeyOf(secret)))}`;
}

/**
 * A request as its sender proves it under `scheme`: for senders of ours (demo, tests, stand-ins). Where signature or time
 * stand in the body, the body is written anew.
 * @param ms since 1970: the time that is signed
 */
export function proven<T extends Signed>(scheme: HttpVerify, secret: string, request: T, ms: number): T {
  if ('unsigned' in scheme) return request;
  if ('jws' in scheme) return { ...request, body: asJws(request.body, secret) };
  if ('anyOf' in scheme) return scheme.anyOf[0] ? proven(scheme.anyOf[0], secret, request, ms) : request;
  if ('detached' in scheme) return { ...request, headers: { ...request.headers, [scheme.header]: detachedJws(request.body, secret) } };
  if ('shared' in scheme) {
    const { shared } = scheme;
    if (typeof shared === 'string' || 'header' in shared) return { ...request, headers: { ...request.headers, ...Object.fromEntries([sharedHeader(shared, secret)]) } };
    return { ...request, body: withWord(request.body, shared.json, secret) };
  }
  const { freshness, each, header } = scheme;
  const unit = freshness?.unit ?? 'seconds';
  const timestamp = unit === 'iso' ? new Date(ms).toISOString() : String(unit === 'seconds' ? Math.floor(ms / 1_000) : ms);
  const from = freshness?.from;
  let timed = request;
  if (typeof from === 'object' && 'header' in from) timed = { ...request, headers: { ...request.headers, [from.header]: timestamp } };
  if (typeof from === 'object' && 'json' in from) timed = { ...request, body: withWord(request.body, from.json, timestamp) };
  if (scheme.addressed) timed = { ...timed, body: withWord(timed.body, scheme.addressed.json, labelOf(scheme, secret)) };
  const digests = subjectsOf(scheme, timed).map((subject) => written(scheme, signature(scheme, secret, subject, timestamp).toString(scheme.encoding), timestamp, labelOf(scheme, secret)));
  if (typeof header === 'string') return { ...timed, headers: { ...timed.headers, [header]: digests[0] ?? '' } };
  if ('form' in header) {
    const fields = new URLSearchParams(Buffer.from(timed.body).toString('utf8'));
    fields.set(header.form, digests[0] ?? '');
    return { ...timed, body: Buffer.from(fields.toString()) };
  }
  if (!('json' in header)) return { ...timed, headers: { ...timed.headers, [header[0] ?? '']: digests[0] ?? '' } };
  const body: unknown = JSON.parse(Buffer.from(timed.body).toString('utf8'));
  const targets = each ? (valueAt(body, each.list) as readonly unknown[]).map((entry) => (each.item === undefined ? entry : valueAt(entry, each.item))) : [body];
  targets.forEach((target, at) => put(target, header.json, digests[at] ?? ''));
  return { ...timed, body: bytes(body) };
}
