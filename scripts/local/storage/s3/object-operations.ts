import { xmlText } from '../../errors.ts';
import { rangeIn } from './range.ts';
import { checkWrite, checksums, elements, isChecksum, keptHeaders, need, needObject, preconditionFailed, unescapeXml, withoutFraming, xml } from './s3-request.ts';
import type { S3Answer, S3Operation, S3Request } from './s3-request.ts';

type Act = S3Operation[1];

const put: Act = (storage, request) => {
  const { bucket, key, headers } = request;
  storage.buckets.need(bucket);
  checkWrite(storage, request);
  const source = headers['x-amz-copy-source'];
  if (source !== undefined) {
    const [fromBucket = '', ...rest] = decodeURIComponent(source.split('?')[0] ?? '').replace(/^\//, '').split('/');
    storage.buckets.need(fromBucket);
    const made = storage.objects.copy({ bucket: fromBucket, key: rest.join('/') }, bucket, key, headers['x-amz-metadata-directive'] === 'REPLACE' ? keptHeaders(request) : undefined);
    return xml(`<CopyObjectResult><ETag>${xmlText(made.eTag)}</ETag><LastModified>${new Date(made.modifiedAt).toISOString()}</LastModified></CopyObjectResult>`);
  }
  const { body, trailers } = withoutFraming(request);
  const kept = keptHeaders(request, trailers);
  return { status: 200, headers: { etag: storage.objects.put(bucket, key, body, kept).eTag, ...checksums(kept) } };
};

const read: Act = (storage, request) => {
  const head = needObject(storage, request);
  const { headers } = request;
  if (headers['if-match'] !== undefined && headers['if-match'] !== head.eTag) throw preconditionFailed();
  const range = rangeIn(headers['range'], head.size);
  // a checksum is that of the whole object: with a part of it the SDK would refuse the body
  const withChecksum = !range.partial && headers['x-amz-checksum-mode'] === 'ENABLED';
  const about = {
    ...Object.fromEntries(Object.entries(head.headers).filter(([name]) => withChecksum || !isChecksum(name))),
    'etag': head.eTag, 'last-modified': new Date(head.modifiedAt).toUTCString(), 'accept-ranges': 'bytes', 'content-length': range.to - range.from + 1,
    ...(range.partial && { 'content-range': `bytes ${range.from}-${range.to}/${head.size}` }),
  };
  if (headers['if-none-match'] === head.eTag) return { status: 304, headers: { etag: head.eTag } };
  const status = range.partial ? 206 : 200;
  if (request.method === 'HEAD') return { status, headers: about };
  return { status, headers: about, body: head.size === 0 ? '' : storage.objects.read(request.bucket, request.key, range.from, range.to) };
};

const answer = (name: string, { bucket, key }: S3Request, more: string): S3Answer =>
  xml(`<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Bucket>${bucket}</Bucket><Key>${xmlText(key)}</Key>${more}</${name}>`);

const complete: Act = (storage, request) => {
  checkWrite(storage, request);
  const parts = elements(request.body.toString('utf8'), 'Part').map((part) => ({ number: Number(elements(part, 'PartNumber')[0]), eTag: unescapeXml(elements(part, 'ETag')[0] ?? '') }));
  return answer('CompleteMultipartUploadResult', request, `<ETag>${xmlText(storage.uploads.complete(need(request, 'uploadId'), parts).eTag)}</ETag>`);
};

/** `METHOD` or `METHOD subresource` → operation. */
export const OBJECT_OPERATIONS: Readonly<Record<string, S3Operation>> = {
  'PUT': ['PutObject', put],
  'GET': ['GetObject', read],
  'HEAD': ['HeadObject', read],
  'DELETE': ['DeleteObject', (storage, { bucket, key }) => {
    storage.buckets.need(bucket);
    storage.objects.remove(bucket, key);
    return { status: 204 };
  }],
  'POST uploads': ['CreateMultipartUpload', (storage, request) => {
    storage.buckets.need(request.bucket);
    return answer('InitiateMultipartUploadResult', request, `<UploadId>${storage.uploads.start(request.bucket, request.key, keptHeaders(request))}</UploadId>`);
  }],
  'PUT uploadId': ['UploadPart', (storage, request) => {
    const { body, trailers } = withoutFraming(request);
    return { status: 200, headers: { etag: storage.uploads.put(need(request, 'uploadId'), Number(need(request, 'partNumber')), body), ...checksums({ ...request.headers, ...trailers }) } };
  }],
  'GET uploadId': ['ListParts', (storage, request) => answer('ListPartsResult', request, storage.uploads.parts(need(request, 'uploadId'))
    .map((part) => `<Part><PartNumber>${part.number}</PartNumber><ETag>${xmlText(part.eTag)}</ETag><Size>${part.size}</Size></Part>`).join(''))],
  'POST uploadId': ['CompleteMultipartUpload', complete],
  'DELETE uploadId': ['AbortMultipartUpload', (storage, request) => {
    storage.uploads.abort(need(request, 'uploadId'));
    return { status: 204 };
  }],
};
