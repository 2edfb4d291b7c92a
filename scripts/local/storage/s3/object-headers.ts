import { AwsError } from '../../service.ts';
import { ALGORITHMS } from './checksums.ts';
import type { ObjectHead } from './object-head.ts';
import type { ObjectStorage } from './object-storage.ts';
import { notHere, tagsIn } from './s3-request.ts';
import type { S3Request } from './s3-request.ts';

const KEPT = ['content-type', 'content-encoding', 'content-language', 'content-disposition', 'cache-control', 'expires', 'x-amz-website-redirect-location', 'x-amz-server-side-encryption', 'x-amz-server-side-encryption-aws-kms-key-id', 'x-amz-storage-class'];
/** Headers that would make another object of it than we can keep. */
const REFUSED = /^x-amz-(server-side-encryption-customer-|object-lock-|grant-|write-offset-bytes)/;
const OWN_ACLS = new Set(['private', 'bucket-owner-full-control']);
const MOST_METADATA = 2048;
const MOST_KEY = 1024;

/** Headers to keep with an object. @throws AwsError for what S3 refuses, or the local cloud does not do */
export function keptHeaders({ key, headers }: S3Request, checksums: Readonly<Record<string, string>> = {}): Record<string, string> {
  if (Buffer.byteLength(key) > MOST_KEY) throw new AwsError('KeyTooLongError', 'Your key is too long', 400, { Size: Buffer.byteLength(key), MaxSizeAllowed: MOST_KEY });
  const refused = Object.keys(headers).find((name) => REFUSED.test(name));
  if (refused !== undefined) throw notHere(`the header ${refused}`);
  const acl = headers['x-amz-acl'];
  if (acl !== undefined && !OWN_ACLS.has(acl)) throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs');
  const kept: Record<string, string> = { 'content-type': 'binary/octet-stream' };
  let metadata = 0;
  for (const [name, value] of Object.entries(headers)) {
    if (name.startsWith('x-amz-meta-')) metadata += name.length - 11 + Buffer.byteLength(value, 'latin1');
    else if (!KEPT.includes(name)) continue;
    kept[name] = value;
  }
  if (metadata > MOST_METADATA) throw new AwsError('MetadataTooLarge', 'Your metadata headers exceed the maximum allowed metadata size');
  const { 'content-encoding': encoding = '', ...rest } = kept;
  const own = encoding.split(',').map((one) => one.trim()).filter((one) => one !== '' && one !== 'aws-chunked').join(',');
  return { ...rest, ...(own !== '' && { 'content-encoding': own }), ...checksums };
}

/** Tags that came as a header. */
export const headerTags = ({ headers }: S3Request): Record<string, string> => tagsIn(new URLSearchParams(headers['x-amz-tagging'] ?? ''));

export const isChecksum = (name: string): boolean => name.startsWith('x-amz-checksum-');
export const checksumsOf = (headers: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(headers).filter(([name]) => isChecksum(name)));
/** Elements such as `<ChecksumCRC32>`. */
export const checksumElements = (headers: Readonly<Record<string, string>>): string => ALGORITHMS.map((algorithm) => {
  const value = headers[`x-amz-checksum-${algorithm}`];
  return value === undefined ? '' : `<Checksum${algorithm.toUpperCase()}>${value}</Checksum${algorithm.toUpperCase()}>`;
}).join('');

/** What every answer about an object that was written tells. */
export const writtenHeaders = ({ buckets }: ObjectStorage, bucket: string, head: Pick<ObjectHead, 'headers' | 'version'>): Record<string, string> => ({
  'x-amz-server-side-encryption': head.headers['x-amz-server-side-encryption'] ?? 'AES256',
  ...(buckets.versioning(bucket) !== undefined && { 'x-amz-version-id': head.version }),
});

export const preconditionFailed = (condition: string): AwsError => new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412, { Condition: condition });
const bare = (eTag: string): string => eTag.trim().replaceAll('"', '');
const matches = (header: string, eTag: string): boolean => header.trim() === '*' || header.split(',').some((one) => bare(one) === bare(eTag));

/** Conditional writes and deletes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
export function checkWrite({ buckets, objects }: ObjectStorage, { bucket, key, headers }: S3Request): void {
  buckets.need(bucket);
  const { 'if-none-match': unless, 'if-match': only } = headers;
  if (unless === undefined && only === undefined) return;
  const there = objects.head(bucket, key);
  if (unless !== undefined) {
    if (unless !== '*') throw notHere('If-None-Match with an ETag on a write');
    if (there) throw preconditionFailed('If-None-Match');
  }
  if (only === undefined) return;
  if (!there) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  if (!matches(only, there.eTag)) throw preconditionFailed('If-Match');
}

/** Whether a conditional read is answered with "not modified". @throws AwsError PreconditionFailed. RFC 9110, 13.2.2 */
export function unmodified(headers: Readonly<Record<string, string | undefined>>, head: ObjectHead, prefix = ''): boolean {
  const at = (name: string): number => Math.floor(Date.parse(headers[`${prefix}${name}`] ?? '') / 1000);
  const modified = Math.floor(head.modifiedAt / 1000);
  const only = headers[`${prefix}if-match`];
  if (only !== undefined) {
    if (!matches(only, head.eTag)) throw preconditionFailed('If-Match');
  } else if (modified > at('if-unmodified-since')) throw preconditionFailed('If-Unmodified-Since');
  const unless = headers[`${prefix}if-none-match`];
  return unless === undefined ? modified <= at('if-modified-since') : matches(unless, head.eTag);
}
