import type { Readable } from 'node:stream';
import { xmlText } from '../../errors.ts';
import { AwsError } from '../../service.ts';
import type { IncomingBody } from './incoming-body.ts';
import type { ObjectStorage } from './object-storage.ts';

export interface S3Request {
  readonly method: string;
  readonly bucket: string;
  /** Empty for a request about the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  /** The document that came with it; an object's content is `incoming`. */
  readonly body: string;
  readonly incoming?: IncomingBody;
  /** Of several keys at once, those that fail although the request succeeds. */
  readonly failing?: (keys: readonly string[]) => ReadonlyMap<string, AwsError> | undefined;
}

export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Buffer | string | Readable;
}

/** One operation: its name on AWS, what it does, and whether its body is an object's content. */
export type S3Operation = readonly [name: string, act: (storage: ObjectStorage, request: S3Request) => S3Answer | Promise<S3Answer>, content?: 'object' | 'part'];

const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

export const xml = (body: string, headers: Readonly<Record<string, string>> = {}): S3Answer => ({ status: 200, headers: { 'content-type': 'application/xml', ...headers }, body: `<?xml version="1.0" encoding="UTF-8"?>\n${body}` });

/** A root element in S3's namespace. */
export const document = (name: string, content: string, headers?: Readonly<Record<string, string>>): S3Answer => xml(`<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${name}>`, headers);

export const tag = (name: string, value: string | number | boolean | undefined): string => (value === undefined ? '' : `<${name}>${xmlText(String(value))}</${name}>`);

/** Texts of all elements of this name, in order. */
export function elements(body: string, name: string): string[] {
  return [...body.matchAll(new RegExp(`<${name}(?:\\s[^>]*)?>([\\s\\S]*?)</${name}>`, 'g'))].map((match) => match[1] ?? '');
}

export const elementText = (body: string, name: string): string | undefined => {
  const found = elements(body, name)[0];
  return found === undefined ? undefined : unescapeXml(found);
};

export function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(lt|gt|quot|apos|amp));/gi, (_all, hex?: string, decimal?: string, name = '') =>
    hex !== undefined ? String.fromCodePoint(Number.parseInt(hex, 16)) : decimal !== undefined ? String.fromCodePoint(Number(decimal)) : (ENTITIES[(name as string).toLowerCase()] ?? ''));
}

export const malformedXml = (): AwsError => new AwsError('MalformedXML', 'The XML you provided was not well-formed or did not validate against our published schema');
export const notHere = (what: string): AwsError => {
  process.stderr.write(`local cloud: s3 does not do ${what}\n`);
  return new AwsError('NotImplemented', `${what} is not implemented by the local cloud`, 501);
};

/** A query parameter that the operation cannot do without. */
export function need(request: S3Request, name: string): string {
  const value = request.query.get(name);
  if (value === null) throw new AwsError('InvalidRequest', `The query parameter ${name} is missing`);
  return value;
}

/** Tags as a header or a document gives them. @throws AwsError InvalidTag */
export function tagsIn(pairs: Iterable<readonly [string, string]>): Record<string, string> {
  const all = [...pairs];
  const tags = Object.fromEntries(all);
  if (Object.keys(tags).length !== all.length) throw new AwsError('InvalidTag', 'Cannot provide multiple Tags with the same key');
  if (all.length > 10) throw new AwsError('BadRequest', 'Object tags cannot be greater than 10');
  if (all.some(([key, value]) => key.length === 0 || key.length > 128 || value.length > 256)) throw new AwsError('InvalidTag', 'The TagKey or TagValue you have provided is invalid');
  return tags;
}

export const tagSet = (body: string): [string, string][] => elements(body, 'Tag').map((one) => [elementText(one, 'Key') ?? '', elementText(one, 'Value') ?? '']);
export const tagDocument = (tags: Readonly<Record<string, string>>): S3Answer => document('Tagging', `<TagSet>${Object.entries(tags).map(([key, value]) => `<Tag>${tag('Key', key)}${tag('Value', value)}</Tag>`).join('')}</TagSet>`);
