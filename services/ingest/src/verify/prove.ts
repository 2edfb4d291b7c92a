import { createSecretKey } from 'node:crypto';
import { valueAt } from '../sources/place.ts';
import { keyOf } from './keys.ts';
import { digestOf, subjectsOf } from './message.ts';
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

/**
 * A request as its sender proves it under `scheme`: for senders of ours (demo, tests, stand-ins). Where signature or time
 * stand in the body, the body is written anew.
 * @param ms since 1970: the time that is signed
 */
export function proven<T extends Signed>(scheme: HttpVerify, secret: string, request: T, ms: number): T {
  if ('unsigned' in scheme) return request;
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
  const key = keyOf(secret, scheme) ?? createSecretKey(Buffer.from(secret, 'utf8'));
  const digests = subjectsOf(scheme, timed).map((subject) => written(scheme, digestOf(scheme, key, subject, timestamp).toString(scheme.encoding), timestamp));
  if (typeof header === 'string') return { ...timed, headers: { ...timed.headers, [header]: digests[0] ?? '' } };
  const body: unknown = JSON.parse(Buffer.from(timed.body).toString('utf8'));
  const targets = each ? (valueAt(body, each.list) as readonly unknown[]).map((entry) => (each.item === undefined ? entry : valueAt(entry, each.item))) : [body];
  targets.forEach((target, at) => put(target, header.json, digests[at] ?? ''));
  return { ...timed, body: bytes(body) };
}
