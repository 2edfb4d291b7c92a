import type { Readable } from 'node:stream';
import { AwsError } from '../../service.ts';
import { unchunk } from './chunked-body.ts';
import type { ObjectStorage } from './object-storage.ts';
import type { ObjectHead } from './objects.ts';

export interface S3Request {
  readonly method: string;
  readonly bucket: string;
  /** Empty for a request about the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface S3Answer {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Buffer | string | Readable;
}

/** One operation: its name on AWS, and what it does. */
export type S3Operation = readonly [name: string, act: (storage: ObjectStorage, request: S3Request) => S3Answer];

const KEPT_HEADERS = ['content-type', 'content-encoding', 'content-language', 'content-disposition', 'cache-control', 'expires'];
const ENTITIES: Readonly<Record<string, string>> = { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' };

export const xml = (body: string): S3Answer => ({ status: 200, headers: { 'content-type': 'application/xml' }, body: `<?xml version="1.0" encoding="UTF-8"?>${body}` });

/** Texts of all elements of this name, in order. */
export function elements(body: string, tag: string): string[] {
  return [...body.matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map((match) => match[1] ?? '');
}

export function unescapeXml(text: string): string {
  return text.replace(/&(?:#x([\da-f]+)|#(\d+)|(lt|gt|quot|apos|amp));/gi, (_all, hex?: string, decimal?: string, name = '') =>
    hex !== undefined ? String.fromCodePoint(Number.parseInt(hex, 16)) : decimal !== undefined ? String.fromCodePoint(Number(decimal)) : (ENTITIES[(name as string).toLowerCase()] ?? ''));
}

/** A query parameter that the operation cannot do without. */
export function need(request: S3Request, name: string): string {
  const value = request.query.get(name);
  if (value === null) throw new AwsError('InvalidRequest', `The query parameter ${name} is missing`);
  return value;
}

export function needObject({ buckets, objects }: ObjectStorage, { bucket, key }: S3Request): ObjectHead {
  buckets.need(bucket);
  const head = objects.head(bucket, key);
  if (!head) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  return head;
}

/** Headers to keep with an object; `trailers` are those of a chunked body. */
export function keptHeaders(request: S3Request, trailers: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept: Record<string, string> = {};
  for (const [name, value] of Object.entries({ 'content-type': 'application/octet-stream', ...request.headers, ...trailers })) {
    if (KEPT_HEADERS.includes(name) || name.startsWith('x-amz-meta-') || /^x-amz-checksum-(crc|sha)/.test(name)) kept[name] = value;
  }
  const { 'content-encoding': encoding = '', ...rest } = kept;
  const own = encoding.split(',').map((one) => one.trim()).filter((one) => one !== '' && one !== 'aws-chunked').join(',');
  return own === '' ? rest : { ...rest, 'content-encoding': own };
}

export function withoutFraming(request: S3Request): ReturnType<typeof unchunk> {
  const chunked = request.headers['content-encoding']?.includes('aws-chunked') === true || request.headers['x-amz-content-sha256']?.startsWith('STREAMING-') === true;
  return chunked ? unchunk(request.body) : { body: request.body, trailers: {} };
}

export const isChecksum = (name: string): boolean => name.startsWith('x-amz-checksum-');
export const checksums = (headers: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(headers).filter(([name]) => isChecksum(name)));

/** Conditional writes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export function checkWrite({ objects }: ObjectStorage, { bucket, key, headers }: S3Request): void {
  const { 'if-none-match': unless, 'if-match': only } = headers;
  if (unless === undefined && only === undefined) return;
  const eTag = objects.head(bucket, key)?.eTag.replaceAll('"', '');
  if ((unless === '*' && eTag !== undefined) || (only !== undefined && only.replaceAll('"', '') !== eTag)) throw preconditionFailed();
}

export const preconditionFailed = (): AwsError => new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
