import type { Readable } from 'node:stream';
import { xmlText } from '../errors.ts';
import { AwsError } from '../service.ts';
import { unchunk } from './chunked-body.ts';
import { listObjects } from './list-objects.ts';
import type { ObjectHead, ObjectStore } from './objects.ts';
import { rangeIn } from './range.ts';

export interface S3Request {
  readonly method: string;
  readonly bucket: string;
  /** Empty for a request about the bucket itself. */
  readonly key: string;
  readonly query: URLSearchParams;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Buffer;
}

export interface S3Response {
  readonly operation: string;
  readonly status: number;
  readonly headers?: Readonly<Record<string, string | number>>;
  readonly body?: Buffer | string | Readable;
}

type Act = (store: ObjectStore, request: S3Request) => Omit<S3Response, 'operation'>;

const KEPT_HEADERS = ['content-type', 'content-encoding', 'content-language', 'content-disposition', 'cache-control', 'expires'];
/** Bucket settings that are kept and given back, without any effect here. */
const SETTINGS = ['acl', 'cors', 'encryption', 'lifecycle', 'logging', 'notification', 'ownershipControls', 'policy', 'publicAccessBlock', 'replication', 'tagging', 'versioning', 'website'];
const ALWAYS_THERE = new Set(['notification', 'versioning', 'logging', 'acl']);

const xml = (body: string): Omit<S3Response, 'operation'> => ({ status: 200, headers: { 'content-type': 'application/xml' }, body: `<?xml version="1.0" encoding="UTF-8"?>${body}` });
const unescape = (text: string): string => text.replace(/&(?:#x([\da-f]+)|#(\d+)|(lt|gt|quot|apos|amp));/gi, (_all, hex?: string, dec?: string, name?: string) =>
  hex ? String.fromCodePoint(Number.parseInt(hex, 16)) : dec ? String.fromCodePoint(Number(dec)) : { lt: '<', gt: '>', quot: '"', apos: "'", amp: '&' }[name!.toLowerCase()]!);
const each = (body: Buffer, tag: string): string[] => [...body.toString('utf8').matchAll(new RegExp(`<${tag}>([\\s\\S]*?)</${tag}>`, 'g'))].map((match) => match[1]!);

/** Headers to keep with an object; `trailers` are those of a chunked body. */
function keptHeaders(request: S3Request, trailers: Readonly<Record<string, string>> = {}): Record<string, string> {
  const kept: Record<string, string> = { 'content-type': 'application/octet-stream' };
  for (const [name, value] of Object.entries({ ...request.headers, ...trailers })) {
    if (KEPT_HEADERS.includes(name) || name.startsWith('x-amz-meta-') || /^x-amz-checksum-(crc|sha)/.test(name)) kept[name] = value;
  }
  const encoding = kept['content-encoding']?.split(',').map((one) => one.trim()).filter((one) => one !== 'aws-chunked').join(',');
  if (encoding) kept['content-encoding'] = encoding;
  else delete kept['content-encoding'];
  return kept;
}

function plainBody(request: S3Request): ReturnType<typeof unchunk> {
  const chunked = request.headers['content-encoding']?.includes('aws-chunked') || request.headers['x-amz-content-sha256']?.startsWith('STREAMING-');
  return chunked ? unchunk(request.body) : { body: request.body, trailers: {} };
}

function need(store: ObjectStore, { bucket, key }: S3Request): ObjectHead {
  store.need(bucket);
  const head = store.head(bucket, key);
  if (!head) throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
  return head;
}

/** Conditional writes. https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html */
function checkWrite(store: ObjectStore, { bucket, key, headers }: S3Request): void {
  if (headers['if-none-match'] === undefined && headers['if-match'] === undefined) return;
  const head = store.head(bucket, key);
  const refused = headers['if-none-match'] === '*' ? head !== undefined : headers['if-match'] !== undefined && headers['if-match'].replaceAll('"', '') !== head?.eTag.replaceAll('"', '');
  if (refused) throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
}

const putObject: Act = (store, request) => {
  const { bucket, key, headers } = request;
  store.need(bucket);
  checkWrite(store, request);
  const source = headers['x-amz-copy-source'];
  if (source !== undefined) {
    const [fromBucket = '', ...rest] = decodeURIComponent(source.split('?')[0]!).replace(/^\//, '').split('/');
    store.need(fromBucket);
    const made = store.copy({ bucket: fromBucket, key: rest.join('/') }, bucket, key, headers['x-amz-metadata-directive'] === 'REPLACE' ? keptHeaders(request) : undefined);
    return xml(`<CopyObjectResult><ETag>${xmlText(made.eTag)}</ETag><LastModified>${new Date(made.modifiedAt).toISOString()}</LastModified></CopyObjectResult>`);
  }
  const { body, trailers } = plainBody(request);
  const kept = keptHeaders(request, trailers);
  return { status: 200, headers: { etag: store.put(bucket, key, body, kept).eTag, ...checksums(kept) } };
};

const checksums = (headers: Readonly<Record<string, string>>): Record<string, string> => Object.fromEntries(Object.entries(headers).filter(([name]) => name.startsWith('x-amz-checksum-')));

const readObject: Act = (store, request) => {
  const head = need(store, request);
  const { headers } = request;
  if (headers['if-match'] !== undefined && headers['if-match'] !== head.eTag) throw new AwsError('PreconditionFailed', 'At least one of the pre-conditions you specified did not hold', 412);
  const about = { ...head.headers, etag: head.eTag, 'last-modified': new Date(head.modifiedAt).toUTCString(), 'accept-ranges': 'bytes' } as Record<string, string | number>;
  if (headers['if-none-match'] === head.eTag) return { status: 304, headers: about };
  const range = rangeIn(headers['range'], head.size);
  // a checksum is that of the whole object: with a part of it the SDK would refuse the body
  if (range.partial || headers['x-amz-checksum-mode'] !== 'ENABLED') for (const name of Object.keys(checksums(head.headers))) delete about[name];
  about['content-length'] = range.to - range.from + 1;
  if (range.partial) about['content-range'] = `bytes ${range.from}-${range.to}/${head.size}`;
  const status = range.partial ? 206 : 200;
  if (request.method === 'HEAD') return { status, headers: about };
  return { status, headers: about, body: head.size === 0 ? '' : store.read(request.bucket, request.key, range.from, range.to) };
};

const deleteObjects: Act = (store, { bucket, body }) => {
  store.need(bucket);
  const keys = each(body, 'Key').map(unescape);
  for (const key of keys) store.remove(bucket, key);
  const quiet = body.includes('<Quiet>true</Quiet>');
  return xml(`<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${quiet ? '' : keys.map((key) => `<Deleted><Key>${xmlText(key)}</Key></Deleted>`).join('')}</DeleteResult>`);
};

const multipart = (name: string, { bucket, key }: S3Request, more: string): Omit<S3Response, 'operation'> =>
  xml(`<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Bucket>${bucket}</Bucket><Key>${xmlText(key)}</Key>${more}</${name}>`);

const completeUpload: Act = (store, request) => {
  checkWrite(store, request);
  const parts = each(request.body, 'Part').map((part) => ({ number: Number(/<PartNumber>(\d+)/.exec(part)?.[1]), eTag: unescape(/<ETag>(.*?)<\/ETag>/.exec(part)?.[1] ?? '') }));
  const made = store.completeUpload(request.query.get('uploadId')!, parts);
  return multipart('CompleteMultipartUploadResult', request, `<ETag>${xmlText(made.eTag)}</ETag>`);
};

const bucketSetting = (name: string): [string, Act] => [`Bucket${name[0]!.toUpperCase()}${name.slice(1)}`, (store, { method, bucket, body }) => {
  store.need(bucket);
  if (method === 'PUT') return store.putSetting(bucket, name, body.toString('utf8')), { status: 200 };
  if (method === 'DELETE') return store.removeSetting(bucket, name), { status: 204 };
  const kept = store.setting(bucket, name);
  if (kept === undefined && !ALWAYS_THERE.has(name)) throw new AwsError(`NoSuch${name[0]!.toUpperCase()}${name.slice(1)}Configuration`, `The bucket has no ${name} configuration`, 404);
  return { status: 200, headers: { 'content-type': 'application/xml' }, body: kept ?? '<Configuration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>' };
}];

const ABOUT_OBJECTS: Readonly<Record<string, [string, Act]>> = {
  'PUT': ['PutObject', putObject],
  'GET': ['GetObject', readObject],
  'HEAD': ['HeadObject', readObject],
  'DELETE': ['DeleteObject', (store, { bucket, key }) => (store.need(bucket), store.remove(bucket, key), { status: 204 })],
  'POST uploads': ['CreateMultipartUpload', (store, request) => {
    store.need(request.bucket);
    return multipart('InitiateMultipartUploadResult', request, `<UploadId>${store.startUpload(request.bucket, request.key, keptHeaders(request))}</UploadId>`);
  }],
  'PUT uploadId': ['UploadPart', (store, request) => {
    const { body, trailers } = plainBody(request);
    return { status: 200, headers: { etag: store.putPart(request.query.get('uploadId')!, Number(request.query.get('partNumber')), body), ...checksums({ ...request.headers, ...trailers }) } };
  }],
  'GET uploadId': ['ListParts', (store, request) => multipart('ListPartsResult', request, store.parts(request.query.get('uploadId')!)
    .map((part) => `<Part><PartNumber>${part.number}</PartNumber><ETag>${xmlText(part.eTag)}</ETag><Size>${part.size}</Size></Part>`).join(''))],
  'POST uploadId': ['CompleteMultipartUpload', completeUpload],
  'DELETE uploadId': ['AbortMultipartUpload', (store, { query }) => (store.abortUpload(query.get('uploadId')!), { status: 204 })],
};

const ABOUT_BUCKETS: Readonly<Record<string, [string, Act]>> = {
  'PUT': ['CreateBucket', (store, { bucket }) => {
    if (!store.createBucket(bucket)) throw new AwsError('BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded and you already own it.', 409);
    return { status: 200, headers: { location: `/${bucket}` } };
  }],
  'HEAD': ['HeadBucket', (store, { bucket }) => (store.need(bucket), { status: 200, headers: { 'x-amz-bucket-region': 'eu-west-1' } })],
  'DELETE': ['DeleteBucket', (store, { bucket }) => (store.removeBucket(bucket), { status: 204 })],
  'GET': ['ListObjects', (store, { bucket, query }) => (store.need(bucket), { status: 200, headers: { 'content-type': 'application/xml' }, body: listObjects(store, bucket, query) })],
  'GET location': ['GetBucketLocation', (store, { bucket }) => (store.need(bucket), xml('<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-west-1</LocationConstraint>'))],
  'POST delete': ['DeleteObjects', deleteObjects],
};

const listBuckets: Act = (store) => xml(`<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>000000000000</ID></Owner><Buckets>${store.buckets()
  .map((bucket) => `<Bucket><Name>${bucket.name}</Name><CreationDate>${new Date(bucket.madeAt).toISOString()}</CreationDate></Bucket>`).join('')}</Buckets></ListAllMyBucketsResult>`);

/** Query parameters that make it another operation; others only modify one, or are part of the signature. */
const SUBRESOURCES = new Set([...SETTINGS, 'uploads', 'uploadId', 'location', 'delete', 'attributes', 'retention', 'legal-hold', 'restore', 'select', 'versions', 'object-lock', 'torrent', 'accelerate', 'requestPayment']);

function find({ method, bucket, key, query }: S3Request): [string, Act] | undefined {
  const sub = [...query.keys()].find((name) => SUBRESOURCES.has(name));
  if (bucket === '') return method === 'GET' ? ['ListBuckets', listBuckets] : undefined;
  const which = sub === undefined ? method : `${method} ${sub}`;
  if (key !== '') return ABOUT_OBJECTS[which];
  return sub !== undefined && SETTINGS.includes(sub) ? bucketSetting(sub) : ABOUT_BUCKETS[which];
}

/** One S3 request. Errors are answered, not thrown, as they have a body of their own. */
export function s3(store: ObjectStore, request: S3Request): S3Response {
  const [operation, act] = find(request) ?? [`${request.method} ${[...request.query.keys()].join(' ')}`.trim(), undefined];
  try {
    if (!act) {
      process.stderr.write(`local cloud: s3 has no operation ${operation}\n`);
      throw new AwsError('NotImplemented', `${operation} is not implemented by the local cloud`, 501);
    }
    return { operation, ...act(store, request) };
  } catch (error) {
    const known = error instanceof AwsError ? error : new AwsError('InternalError', 'internal fault of the local cloud', 500);
    if (known !== error) process.stderr.write(`local cloud: s3: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}\n`);
    const body = request.method === 'HEAD' ? '' : `<?xml version="1.0" encoding="UTF-8"?><Error><Code>${known.code}</Code><Message>${xmlText(known.message)}</Message><Key>${xmlText(request.key)}</Key></Error>`;
    return { operation, status: known.status, headers: { 'content-type': 'application/xml' }, body };
  }
}
