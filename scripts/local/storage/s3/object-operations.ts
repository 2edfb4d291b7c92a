import { AwsError } from '../../service.ts';
import { isAlgorithm } from './checksums.ts';
import { copySource } from './copy-source.ts';
import { checksumElements, checksumsOf, checkWrite, headerTags, isChecksum, keptHeaders, unmodified, writtenHeaders } from './object-headers.ts';
import type { ObjectStorage } from './object-storage.ts';
import type { ObjectHead } from './object-head.ts';
import { rangeIn } from './range.ts';
import { document, notHere, tag, tagDocument, tagSet, tagsIn, xml } from './s3-request.ts';
import type { S3Operation, S3Request } from './s3-request.ts';

type Act = S3Operation[1];

const versionIn = ({ query }: S3Request): string | undefined => query.get('versionId') ?? undefined;

/** The object that a request is about. @throws AwsError NoSuchKey, NoSuchVersion, MethodNotAllowed */
function needObject({ buckets, objects }: ObjectStorage, request: S3Request): ObjectHead {
  const { bucket, key } = request;
  buckets.need(bucket);
  const version = versionIn(request);
  const head = objects.head(bucket, key, version);
  if (head?.marker) throw new AwsError('MethodNotAllowed', 'The specified method is not allowed against this resource.', 405, { Method: request.method, ResourceType: 'DeleteMarker', marker: true });
  if (head) return head;
  if (version !== undefined) throw new AwsError('NoSuchVersion', 'The specified version does not exist.', 404, { Key: key, VersionId: version });
  throw new AwsError('NoSuchKey', 'The specified key does not exist.', 404, { Key: key, ...(objects.isMarked(bucket, key) && { marker: true }) });
}

const put: Act = (storage, request) => {
  const { bucket, key, incoming } = request;
  if (!incoming) throw new Error('an upload came without its body');
  try {
    checkWrite(storage, request);
    const made = storage.objects.commit({ bucket, key, size: incoming.size, eTag: `"${incoming.md5}"`, event: 'ObjectCreated:Put', headers: keptHeaders(request, incoming.checksums), tags: headerTags(request) }, incoming);
    return { status: 200, headers: { etag: made.eTag, ...incoming.checksums, ...writtenHeaders(storage, bucket, made) } };
  } catch (error) {
    storage.bodies.discard(incoming.files);
    throw error;
  }
};

const copy: Act = (storage, request) => {
  const { bucket, key, headers } = request;
  checkWrite(storage, request);
  const from = copySource(storage, request);
  const { head } = from;
  const replaced = headers['x-amz-metadata-directive'] === 'REPLACE';
  if (!replaced && from.bucket === bucket && from.key === key && from.version === undefined && headers['x-amz-storage-class'] === undefined && headers['x-amz-server-side-encryption'] === undefined) {
    throw new AwsError('InvalidRequest', 'This copy request is illegal because it is trying to copy an object to itself without changing the object\'s metadata, storage class, website redirect location or encryption attributes.');
  }
  const own = keptHeaders(request, checksumsOf(head.headers));
  const chosen = Object.fromEntries(Object.entries(own).filter(([name]) => name.startsWith('x-amz-s')));
  const made = storage.objects.commit({
    bucket, key, size: head.size, eTag: head.eTag, event: 'ObjectCreated:Copy',
    headers: replaced ? own : { ...head.headers, ...chosen }, tags: headers['x-amz-tagging-directive'] === 'REPLACE' ? headerTags(request) : head.tags,
  }, from.share());
  return document('CopyObjectResult', `${tag('ETag', made.eTag)}${tag('LastModified', new Date(made.modifiedAt).toISOString())}${checksumElements(made.headers)}`, {
    ...writtenHeaders(storage, bucket, made), ...(from.version !== undefined && { 'x-amz-copy-source-version-id': from.version }),
  });
};

const OVERRIDES = ['content-type', 'content-language', 'expires', 'cache-control', 'content-disposition', 'content-encoding'];

const read: Act = (storage, request) => {
  const { headers, query, bucket, key, method } = request;
  if (query.has('partNumber')) throw notHere('reading a single part of an object');
  const head = needObject(storage, request);
  if (unmodified(headers, head)) return { status: 304, headers: { etag: head.eTag, 'last-modified': new Date(head.modifiedAt).toUTCString() } };
  const range = rangeIn(headers['range'], head.size);
  // a checksum is that of the whole object: with a part of it the SDK would refuse the body
  const withChecksum = !range.partial && headers['x-amz-checksum-mode']?.toUpperCase() === 'ENABLED';
  const about = {
    ...Object.fromEntries(Object.entries(head.headers).filter(([name, value]) => (withChecksum || !isChecksum(name)) && !(name === 'x-amz-storage-class' && value === 'STANDARD'))),
    ...(withChecksum && Object.keys(checksumsOf(head.headers)).length > 0 && { 'x-amz-checksum-type': head.headers['x-amz-checksum-type'] ?? 'FULL_OBJECT' }),
    ...Object.fromEntries(OVERRIDES.flatMap((name) => (query.has(`response-${name}`) ? [[name, query.get(`response-${name}`) ?? '']] : []))),
    'etag': head.eTag, 'last-modified': new Date(head.modifiedAt).toUTCString(), 'accept-ranges': 'bytes', 'content-length': range.to - range.from + 1,
    ...writtenHeaders(storage, bucket, head),
    ...(Object.keys(head.tags).length > 0 && { 'x-amz-tagging-count': Object.keys(head.tags).length }),
    ...(range.partial && { 'content-range': `bytes ${range.from}-${range.to}/${head.size}` }),
  };
  const status = range.partial ? 206 : 200;
  if (method === 'HEAD') return { status, headers: about };
  return { status, headers: about, body: head.size === 0 ? '' : storage.objects.read(bucket, key, range.from, range.to, versionIn(request)) };
};

const remove: Act = (storage, request) => {
  const { bucket, key } = request;
  checkWrite(storage, request);
  const { version, marker } = storage.objects.remove(bucket, key, versionIn(request));
  return { status: 204, headers: { ...(version !== undefined && { 'x-amz-version-id': version }), ...(marker && { 'x-amz-delete-marker': 'true' }) } };
};

const attributes: Act = (storage, request) => {
  const head = needObject(storage, request);
  const wanted = (request.headers['x-amz-object-attributes'] ?? '').split(',').map((name) => name.trim());
  if (wanted.includes('ObjectParts')) throw notHere('GetObjectAttributes for ObjectParts');
  const sums = Object.keys(checksumsOf(head.headers)).some((name) => isAlgorithm(name.slice(15)));
  const parts: Readonly<Record<string, string>> = {
    ETag: tag('ETag', head.eTag.replaceAll('"', '')), ObjectSize: tag('ObjectSize', head.size), StorageClass: tag('StorageClass', head.headers['x-amz-storage-class'] ?? 'STANDARD'),
    Checksum: sums ? `<Checksum>${checksumElements(head.headers)}${tag('ChecksumType', head.headers['x-amz-checksum-type'] ?? 'FULL_OBJECT')}</Checksum>` : '',
  };
  const answer = document('GetObjectAttributesResponse', wanted.map((name) => parts[name] ?? '').join(''));
  return { ...answer, headers: { ...answer.headers, 'last-modified': new Date(head.modifiedAt).toUTCString() } };
};

/** `METHOD` or `METHOD subresource` → operation. */
export const OBJECT_OPERATIONS: Readonly<Record<string, S3Operation>> = {
  'PUT': ['PutObject', put, 'object'],
  'PUT copy': ['CopyObject', copy],
  'GET': ['GetObject', read],
  'HEAD': ['HeadObject', read],
  'DELETE': ['DeleteObject', remove],
  'GET attributes': ['GetObjectAttributes', attributes],
  'GET tagging': ['GetObjectTagging', (storage, request) => tagDocument(needObject(storage, request).tags)],
  'PUT tagging': ['PutObjectTagging', (storage, request) => {
    needObject(storage, request);
    storage.objects.setTags(request.bucket, request.key, tagsIn(tagSet(request.body)), versionIn(request));
    return { status: 200 };
  }],
  'DELETE tagging': ['DeleteObjectTagging', (storage, request) => {
    needObject(storage, request);
    storage.objects.setTags(request.bucket, request.key, {}, versionIn(request));
    return { status: 204 };
  }],
  'GET acl': ['GetObjectAcl', (storage, request) => (needObject(storage, request), xml(OWNER_ACL))],
};

/** What every bucket and object has whose owner alone may use it. */
export const OWNER_ACL = '<AccessControlPolicy xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>000000000000</ID></Owner><AccessControlList><Grant><Grantee xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance" xsi:type="CanonicalUser"><ID>000000000000</ID></Grantee><Permission>FULL_CONTROL</Permission></Grant></AccessControlList></AccessControlPolicy>';
