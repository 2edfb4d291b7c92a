import { createSecretKey, generateKeyPairSync, sign, type KeyObject } from 'node:crypto';
import { localKeyPair } from '../accounts/local-key-pair.ts';
import { valueAt } from '../sources/place.ts';
import { keyOf } from './keys.ts';
import { digestOf, messageOf, subjectsOf, type Subject } from './message.ts';
import type { HttpVerify, Signature, Signed } from './scheme.ts';
import { sharedHeader } from './verify.ts';

const written = ({ parser }: Signature, digest: string, timestamp: string): string => {
  switch (parser.form) {
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

let forger: KeyObject | undefined;

/** The private key of a public one: the local pair's, and for any other secret one that nobody has given out. */
const privateKeyOf = (secret: string): string | KeyObject =>
  secret.includes(localKeyPair.publicKey.trim()) ? localKeyPair.privateKey : (forger ??= generateKeyPairSync('rsa', { modulusLength: 2048 }).privateKey);

function signature(scheme: Signature, secret: string, subject: Subject, timestamp: string): Buffer {
  if (scheme.algorithm === 'rsa-sha256') {
    return sign('sha256', messageOf(scheme, keyOf(secret, scheme)?.label ?? secret, subject, timestamp), privateKeyOf(secret));
  }
  return digestOf(scheme, keyOf(secret, scheme) ?? { object: createSecretKey(Buffer.from(secret, 'utf8')), label: '' }, subject, timestamp);
}

const base64url = (value: string | Uint8Array): string => Buffer.from(value).toString('base64url');

/** The body as a compact JWS of itself. */
function asJws(body: Uint8Array, secret: string): Uint8Array {
  const content = `${base64url(JSON.stringify({ alg: 'RS256', typ: 'JWT' }))}.${base64url(body)}`;
  return Buffer.from(`${content}.${base64url(sign('sha256', Buffer.from(content), privateKeyOf(secret)))}`);
}

/**
 * A request as its sender proves it under `scheme`: for senders of ours (demo, tests, stand-ins). Where signature or time
 * stand in the body, the body is written anew.
 * @param ms since 1970: the time that is signed
 */
export function proven<T extends Signed>(scheme: HttpVerify, secret: string, request: T, ms: number): T {
  if ('unsigned' in scheme) return request;
  if ('jws' in scheme) return { ...request, body: asJws(request.body, secret) };
  if ('shared' in scheme) return { ...request, headers: { ...request.headers, ...Object.fromEntries([sharedHeader(scheme, secret)]) } };
  const { freshness, each, header } = scheme;
  const unit = freshness?.unit ?? 'seconds';
  const timestamp = unit === 'iso' ? new Date(ms).toISOString() : String(unit === 'seconds' ? Math.floor(ms / 1_000) : ms);
  const from = freshness?.from;
  let timed = request;
  if (typeof from === 'object' && 'header' in from) timed = { ...request, headers: { ...request.headers, [from.header]: timestamp } };
  if (typeof from === 'object' && 'json' in from) {
    const body: unknown = JSON.parse(Buffer.from(request.body).toString('utf8'));
    put(body, from.json, timestamp);
    timed = { ...request, body: bytes(body) };
  }
  const digests = subjectsOf(scheme, timed).map((subject) => written(scheme, signature(scheme, secret, subject, timestamp).toString(scheme.encoding), timestamp));
  if (typeof header === 'string') return { ...timed, headers: { ...timed.headers, [header]: digests[0] ?? '' } };
  const body: unknown = JSON.parse(Buffer.from(timed.body).toString('utf8'));
  const targets = each ? (valueAt(body, each.list) as readonly unknown[]).map((entry) => (each.item === undefined ? entry : valueAt(entry, each.item))) : [body];
  targets.forEach((target, at) => put(target, header.json, digests[at] ?? ''));
  return { ...timed, body: bytes(body) };
}
