import { createHash, createHmac } from 'node:crypto';
import { crc32 } from 'node:zlib';
import { readJson } from '../convert/index.ts';
import { valueAt, wordIn } from '../sources/place.ts';
import type { Key } from './keys.ts';
import type { Part, Signature, Signed } from './scheme.ts';

/** What is signed: a request, and of it one item where items are signed one by one. */
export interface Subject {
  readonly request: Signed;
  /** The JSON in which `json` parts are looked up, parsed when it is first asked for. @throws Unreadable */
  readonly json: () => unknown;
}

/** What a request's signatures are over. @throws Unreadable when the body has to be read for that and cannot be */
export function subjectsOf({ each }: Signature, request: Signed): readonly Subject[] {
  if (each) {
    const list = valueAt(readJson(request.body), each.list);
    return Array.isArray(list) ? list.map((entry: unknown) => ({ request, json: () => (each.item === undefined ? entry : valueAt(entry, each.item)) })) : [];
  }
  let parsed: { readonly value: unknown } | undefined;
  return [{ request, json: () => (parsed ??= { value: readJson(request.body) }).value }];
}

/** A field of a form-encoded body, decoded. */
export const formField = ({ body }: Signed, name: string): string | undefined => new URLSearchParams(Buffer.from(body).toString('utf8')).get(name) ?? undefined;

function partOf(part: Part, { request, json }: Subject, timestamp: string | undefined, label: string): string | Uint8Array {
  if (part === 'body') return request.body;
  if (part === 'url') return request.url;
  if (part === 'method') return request.method;
  if (part === 'timestamp') return timestamp ?? '';
  if (part === 'path') return new URL(request.url).pathname;
  if (part === 'target') return request.url.slice(new URL(request.url).origin.length);
  if ('header' in part) return request.headers[part.header] ?? '';
  if ('query' in part) return new URL(request.url).searchParams.get(part.query) ?? '';
  if ('json' in part) return wordIn(json(), part.json) ?? '';
  if ('literal' in part) return part.literal;
  if ('form' in part) return formField(request, part.form) ?? '';
  if ('secret' in part) return label;
  return part.digestOfBody === 'crc32' ? String(crc32(request.body)) : createHash(part.digestOfBody).update(request.body).digest('hex');
}

/** The HMAC of a subject's signed message. @throws Unreadable */
export function digestOf(scheme: Signature, { object, label }: Key, subject: Subject, timestamp: string | undefined): Buffer {
  const hmac = createHmac(scheme.algorithm, object);
  for (const part of scheme.message) hmac.update(partOf(part, subject, timestamp, label));
  return hmac.digest();
}

/** The signed message itself, for signatures of public keys. @throws Unreadable */
export const messageOf = (scheme: Signature, label: string, subject: Subject, timestamp: string | undefined): Buffer =>
  Buffer.concat(scheme.message.map((part) => Buffer.from(partOf(part, subject, timestamp, label))));
