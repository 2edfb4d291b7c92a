import { createHash } from 'node:crypto';
import { AwsError } from '../../service.ts';
import { isAlgorithm } from './checksums.ts';
import { copySource } from './copy-source.ts';
import { checksumElements, checksumsOf, checkWrite, headerTags, keptHeaders, writtenHeaders } from './object-headers.ts';
import type { ObjectStorage } from './object-storage.ts';
import { rangeIn } from './range.ts';
import { document, elements, elementText, need, tag } from './s3-request.ts';
import type { S3Operation, S3Request } from './s3-request.ts';
import type { Part, Upload } from './uploads.ts';

const uploadOf = ({ buckets, uploads }: ObjectStorage, request: S3Request): Upload => {
  buckets.need(request.bucket);
  return uploads.need(need(request, 'uploadId'), request.bucket, request.key);
};

const start: S3Operation[1] = ({ buckets, uploads }, request) => {
  const { bucket, key, headers } = request;
  buckets.need(bucket);
  const algorithm = headers['x-amz-checksum-algorithm']?.toLowerCase();
  if (algorithm !== undefined && !isAlgorithm(algorithm)) throw new AwsError('InvalidRequest', 'Checksum algorithm provided is unsupported. Please try again with any of the valid types: [CRC32, CRC32C, CRC64NVME, SHA1, SHA256]');
  const checksumType = headers['x-amz-checksum-type'];
  const id = uploads.start({ bucket, key, headers: keptHeaders(request), tags: headerTags(request), ...(algorithm !== undefined && { algorithm }), ...(checksumType !== undefined && { checksumType }) });
  return document('InitiateMultipartUploadResult', `${tag('Bucket', bucket)}${tag('Key', key)}${tag('UploadId', id)}`, { ...(algorithm !== undefined && { 'x-amz-checksum-algorithm': algorithm.toUpperCase() }) });
};

const putPart: S3Operation[1] = (storage, request) => {
  const { incoming } = request;
  if (!incoming?.files) throw new Error('a part came without its body');
  const { files, size, md5, checksums } = incoming;
  try {
    storage.uploads.put(uploadOf(storage, request), { number: Number(need(request, 'partNumber')), size, eTag: `"${md5}"`, files, checksums });
    return { status: 200, headers: { etag: `"${md5}"`, ...checksums, 'x-amz-server-side-encryption': 'AES256' } };
  } catch (error) {
    storage.bodies.discard(files);
    throw error;
  }
};

const copyPart: S3Operation[1] = async (storage, request) => {
  const upload = uploadOf(storage, request);
  const { head, bucket, key, version } = copySource(storage, request);
  const { from, to } = rangeIn(request.headers['x-amz-copy-source-range'], head.size);
  const writer = storage.bodies.writer(true);
  const md5 = createHash('md5');
  const take = (bytes: Buffer): void => {
    md5.update(bytes);
    writer.write(bytes);
  };
  const bytes = storage.objects.read(bucket, key, from, to, version);
  if (Buffer.isBuffer(bytes)) take(bytes);
  else for await (const chunk of bytes as AsyncIterable<Buffer>) take(chunk);
  const eTag = `"${md5.digest('hex')}"`;
  storage.uploads.put(upload, { number: Number(need(request, 'partNumber')), size: to - from + 1, eTag, files: writer.done().files ?? '', checksums: {} });
  return document('CopyPartResult', `${tag('ETag', eTag)}${tag('LastModified', new Date().toISOString())}`);
};

const complete: S3Operation[1] = async (storage, request) => {
  const upload = uploadOf(storage, request);
  checkWrite(storage, request);
  const wanted = elements(request.body, 'Part').map((part) => ({ number: Number(elementText(part, 'PartNumber')), eTag: elementText(part, 'ETag') ?? '' }));
  const made = await storage.uploads.complete(upload, wanted, checksumsOf(request.headers));
  const { bucket, key } = request;
  const location = `http://${request.headers['host'] ?? 's3.amazonaws.com'}/${bucket}/${key.split('/').map(encodeURIComponent).join('/')}`;
  return document('CompleteMultipartUploadResult', `${tag('Location', location)}${tag('Bucket', bucket)}${tag('Key', key)}${tag('ETag', made.eTag)}${checksumElements(made.headers)}${tag('ChecksumType', made.headers['x-amz-checksum-type'])}`, writtenHeaders(storage, bucket, made));
};

const count = (query: URLSearchParams, name: string): number => {
  const value = Number(query.get(name) ?? 1000);
  if (!Number.isInteger(value) || value < 0) throw new AwsError('InvalidArgument', `Provided ${name} not an integer or within integer range`, 400, { ArgumentName: name });
  return Math.min(value, 1000);
};

const listParts: S3Operation[1] = (storage, request) => {
  const upload = uploadOf(storage, request);
  const after = Number(request.query.get('part-number-marker') ?? 0);
  const most = count(request.query, 'max-parts');
  const left = storage.uploads.parts(upload).filter((part) => part.number > after);
  const shown = left.slice(0, most);
  const one = (part: Part): string => `<Part>${tag('PartNumber', part.number)}${tag('LastModified', new Date(part.at).toISOString())}${tag('ETag', part.eTag)}${tag('Size', part.size)}${checksumElements(part.checksums)}</Part>`;
  return document('ListPartsResult', [
    tag('Bucket', request.bucket), tag('Key', request.key), tag('UploadId', upload.id), tag('PartNumberMarker', after), tag('NextPartNumberMarker', shown.at(-1)?.number ?? 0),
    tag('MaxParts', most), tag('IsTruncated', left.length > shown.length), ...shown.map(one), tag('StorageClass', upload.headers['x-amz-storage-class'] ?? 'STANDARD'),
  ].join(''));
};

export const listUploads: S3Operation[1] = ({ buckets, uploads }, { bucket, query }) => {
  buckets.need(bucket);
  const [prefix, keyMarker, idMarker] = [query.get('prefix') ?? '', query.get('key-marker') ?? '', query.get('upload-id-marker') ?? ''];
  const most = count(query, 'max-uploads');
  const delimiter = query.get('delimiter') ?? '';
  const groups = new Set<string>();
  const left = uploads.all(bucket).filter((one) => {
    if (!one.key.startsWith(prefix) || one.key < keyMarker || (one.key === keyMarker && (idMarker === '' || one.id <= idMarker))) return false;
    const cut = delimiter === '' ? -1 : one.key.indexOf(delimiter, prefix.length);
    if (cut >= 0) groups.add(one.key.slice(0, cut + delimiter.length));
    return cut < 0;
  });
  const shown = left.slice(0, most);
  const truncated = left.length > shown.length;
  const last = shown.at(-1);
  return document('ListMultipartUploadsResult', [
    tag('Bucket', bucket), tag('KeyMarker', keyMarker), tag('UploadIdMarker', idMarker), ...(truncated ? [tag('NextKeyMarker', last?.key), tag('NextUploadIdMarker', last?.id)] : []), tag('Prefix', prefix),
    delimiter && tag('Delimiter', delimiter), tag('MaxUploads', most), tag('IsTruncated', truncated),
    ...shown.map((one) => `<Upload>${tag('Key', one.key)}${tag('UploadId', one.id)}<Initiator><ID>000000000000</ID></Initiator><Owner><ID>000000000000</ID></Owner>${tag('StorageClass', 'STANDARD')}${tag('Initiated', new Date(one.at).toISOString())}</Upload>`),
    ...[...groups].map((group) => `<CommonPrefixes>${tag('Prefix', group)}</CommonPrefixes>`),
  ].join(''));
};

/** `METHOD subresource` → operation. */
export const MULTIPART_OPERATIONS: Readonly<Record<string, S3Operation>> = {
  'POST uploads': ['CreateMultipartUpload', start],
  'PUT uploadId': ['UploadPart', putPart, 'part'],
  'PUT uploadId copy': ['UploadPartCopy', copyPart],
  'GET uploadId': ['ListParts', listParts],
  'POST uploadId': ['CompleteMultipartUpload', complete],
  'DELETE uploadId': ['AbortMultipartUpload', (storage, request) => {
    storage.uploads.abort(uploadOf(storage, request));
    return { status: 204 };
  }],
};
