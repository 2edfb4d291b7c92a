import { AwsError } from '../../service.ts';
import type { Body } from './bodies.ts';
import { preconditionFailed, unmodified } from './object-headers.ts';
import type { ObjectStorage } from './object-storage.ts';
import type { ObjectHead } from './object-head.ts';
import type { S3Request } from './s3-request.ts';

/** What `x-amz-copy-source` names. */
export interface CopySource {
  readonly bucket: string;
  readonly key: string;
  readonly version?: string;
  readonly head: ObjectHead;
  /** The body for another owner. */
  share(): Body;
}

/** @throws AwsError NoSuchBucket, NoSuchKey, PreconditionFailed */
export function copySource({ buckets, objects }: ObjectStorage, { headers }: S3Request): CopySource {
  const [path = '', search = ''] = (headers['x-amz-copy-source'] ?? '').split('?');
  const [bucket = '', ...rest] = decodeURIComponent(path).replace(/^\//, '').split('/');
  const key = rest.join('/');
  const version = new URLSearchParams(search).get('versionId') ?? undefined;
  buckets.need(bucket);
  const head = objects.head(bucket, key, version);
  if (!head) throw new AwsError(version === undefined ? 'NoSuchKey' : 'NoSuchVersion', 'The specified key does not exist.', 404, { Key: key });
  if (head.marker) throw new AwsError('InvalidRequest', 'The source of a copy request may not specifically refer to a delete marker by version id.');
  if (unmodified(headers, head, 'x-amz-copy-source-')) throw preconditionFailed('x-amz-copy-source-If-None-Match');
  return { bucket, key, ...(version !== undefined && { version }), head, share: () => objects.share(bucket, key, version) };
}
