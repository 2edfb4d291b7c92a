import { randomUUID } from 'node:crypto';
import { AwsError } from '../../service.ts';
import { BUCKET_OPERATIONS, LIST_BUCKETS, SUBRESOURCES } from './bucket-operations.ts';
import { MULTIPART_OPERATIONS } from './multipart-operations.ts';
import { OBJECT_OPERATIONS } from './object-operations.ts';
import type { ObjectStorage } from './object-storage.ts';
import { tag, xml } from './s3-request.ts';
import type { S3Answer, S3Operation, S3Request } from './s3-request.ts';

type About = Pick<S3Request, 'method' | 'bucket' | 'key' | 'query' | 'headers'>;

const ON_OBJECTS: Readonly<Record<string, S3Operation>> = { ...OBJECT_OPERATIONS, ...MULTIPART_OPERATIONS };
const OWNER = '000000000000';

function find({ method, bucket, key, query, headers }: About): S3Operation | undefined {
  if (bucket === '') return method === 'GET' ? LIST_BUCKETS : undefined;
  const sub = SUBRESOURCES.find((name) => query.has(name) && !(name === 'list-type' && key !== ''));
  const wanted = [method, sub, key !== '' && method === 'PUT' && headers['x-amz-copy-source'] !== undefined && 'copy'].filter(Boolean).join(' ');
  return (key === '' ? BUCKET_OPERATIONS : ON_OBJECTS)[wanted];
}

/** As the API reference names it: `PutObject`. */
export const s3Operation = (request: About): string => find(request)?.[0] ?? `${request.method} ${[...request.query.keys()].join(' ')}`.trim();

/** What a request's body is: an object's content, a part's, or a document. */
export const bodyOf = (request: About): 'object' | 'part' | 'document' => find(request)?.[2] ?? 'document';

/** One S3 request. */
export async function s3(storage: ObjectStorage, request: S3Request): Promise<S3Answer> {
  const found = find(request);
  if (!found) {
    const operation = s3Operation(request);
    process.stderr.write(`local cloud: s3 has no operation ${operation}\n`);
    throw request.method === 'POST' && request.key === '' && request.bucket !== '' ? new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405) : new AwsError('NotImplemented', `${operation} is not implemented by the local cloud`, 501);
  }
  const expected = request.headers['x-amz-expected-bucket-owner'];
  if (expected !== undefined && expected !== OWNER) throw new AwsError('AccessDenied', 'Access Denied', 403);
  return found[1](storage, request);
}

/** An error as S3 answers it: a document of its own, and nothing but the status to a HEAD. */
export function s3Error(error: unknown, { method, bucket, key }: Pick<S3Request, 'method' | 'bucket' | 'key'>): S3Answer {
  const known = error instanceof AwsError ? error : new AwsError('InternalError', 'We encountered an internal error. Please try again.', 500);
  if (known !== error) process.stderr.write(`local cloud: s3: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
  const { marker, ...extra } = known.extra;
  const about = Object.entries(extra).map(([name, value]) => tag(name, value as string | number)).join('');
  const body = `<Error>${tag('Code', known.code)}${tag('Message', known.message)}${about}${tag('Resource', `/${bucket}${key && `/${key}`}`)}${tag('RequestId', randomUUID())}<HostId>local</HostId></Error>`;
  const answer = xml(body, marker ? { 'x-amz-delete-marker': 'true' } : {});
  return { ...answer, status: known.status, body: method === 'HEAD' ? '' : (answer.body ?? '') };
}
