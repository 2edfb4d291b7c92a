import { AwsError } from '../../service.ts';
import { SETTING_NAMES, SETTING_OPERATIONS } from './bucket-settings.ts';
import { listObjects, listVersions } from './list-objects.ts';
import { listUploads } from './multipart-operations.ts';
import { document, elements, elementText, malformedXml, notHere, tag, xml } from './s3-request.ts';
import type { S3Operation } from './s3-request.ts';

const REGION = 'eu-west-1';
const MOST_DELETES = 1000;

const list: S3Operation[1] = ({ buckets, objects }, { bucket, query }) => {
  buckets.need(bucket);
  return xml(listObjects(objects, bucket, query));
};

const deleteObjects: S3Operation[1] = ({ buckets, objects }, { bucket, body, failing }) => {
  buckets.need(bucket);
  const wanted = elements(body, 'Object').map((one) => ({ key: elementText(one, 'Key'), version: elementText(one, 'VersionId') }));
  if (wanted.length === 0 || wanted.length > MOST_DELETES || wanted.some((one) => one.key === undefined || one.key === '')) throw malformedXml();
  if (/<(ETag|LastModifiedTime|Size)>/.test(body)) throw notHere('DeleteObjects with conditions');
  const quiet = elementText(body, 'Quiet') === 'true';
  const refused = failing?.(wanted.map(({ key = '' }) => key));
  const deleted = wanted.map(({ key = '', version }) => {
    const refusal = refused?.get(key);
    if (refusal) return `<Error>${tag('Key', key)}${tag('VersionId', version)}${tag('Code', refusal.code)}${tag('Message', refusal.message)}</Error>`;
    const gone = objects.remove(bucket, key, version);
    const marker = gone.marker ? `${tag('DeleteMarker', true)}${tag('DeleteMarkerVersionId', gone.version)}` : '';
    return quiet ? '' : `<Deleted>${tag('Key', key)}${tag('VersionId', version)}${marker}</Deleted>`;
  });
  return document('DeleteResult', deleted.join(''));
};

/** `METHOD` or `METHOD subresource` → operation. */
export const BUCKET_OPERATIONS: Readonly<Record<string, S3Operation>> = {
  'PUT': ['CreateBucket', ({ buckets }, { bucket, body, headers }) => {
    const place = elementText(body, 'LocationConstraint');
    if (place !== undefined && place !== REGION) throw new AwsError('IllegalLocationConstraintException', `The ${place} location constraint is incompatible for the region specific endpoint this request was sent to.`);
    if (headers['x-amz-bucket-object-lock-enabled'] === 'true') throw notHere('object lock');
    if (!buckets.create(bucket)) throw new AwsError('BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded and you already own it.', 409, { BucketName: bucket });
    return { status: 200, headers: { location: `/${bucket}` } };
  }],
  'HEAD': ['HeadBucket', ({ buckets }, { bucket }) => {
    buckets.need(bucket);
    return { status: 200, headers: { 'x-amz-bucket-region': REGION } };
  }],
  'DELETE': ['DeleteBucket', ({ buckets }, { bucket }) => {
    buckets.remove(bucket);
    return { status: 204 };
  }],
  'GET': ['ListObjects', list],
  'GET list-type': ['ListObjectsV2', list],
  'GET versions': ['ListObjectVersions', ({ buckets, objects }, { bucket, query }) => {
    buckets.need(bucket);
    return xml(listVersions(objects, bucket, query));
  }],
  'GET uploads': ['ListMultipartUploads', listUploads],
  'GET location': ['GetBucketLocation', ({ buckets }, { bucket }) => {
    buckets.need(bucket);
    return xml(`<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${REGION}</LocationConstraint>`);
  }],
  'GET policyStatus': ['GetBucketPolicyStatus', ({ buckets }, { bucket }) => {
    buckets.need(bucket);
    if (buckets.setting(bucket, 'policy') === undefined) throw new AwsError('NoSuchBucketPolicy', 'The bucket policy does not exist', 404, { BucketName: bucket });
    return document('PolicyStatus', tag('IsPublic', false));
  }],
  'POST delete': ['DeleteObjects', deleteObjects],
  ...SETTING_OPERATIONS,
};

export const LIST_BUCKETS: S3Operation = ['ListBuckets', ({ buckets }, { query }) => {
  const prefix = query.get('prefix') ?? '';
  const most = Number(query.get('max-buckets') ?? 10_000);
  const after = Buffer.from(query.get('continuation-token') ?? '', 'base64url').toString();
  const left = buckets.all().filter(({ name }) => name.startsWith(prefix) && name > after);
  const shown = left.slice(0, most);
  const one = (bucket: { name: string; madeAt: number }): string => `<Bucket>${tag('Name', bucket.name)}${tag('CreationDate', new Date(bucket.madeAt).toISOString())}${tag('BucketRegion', REGION)}</Bucket>`;
  return document('ListAllMyBucketsResult', `<Owner><ID>000000000000</ID></Owner><Buckets>${shown.map(one).join('')}</Buckets>${left.length > shown.length ? tag('ContinuationToken', Buffer.from(shown.at(-1)?.name ?? '').toString('base64url')) : ''}`);
}];

/** Query parameters that make a request another operation; others only modify one, or are part of the signature. */
export const SUBRESOURCES: readonly string[] = [
  ...SETTING_NAMES, 'uploads', 'uploadId', 'location', 'delete', 'attributes', 'retention', 'legal-hold', 'restore', 'select', 'versions', 'torrent', 'policyStatus',
  'analytics', 'inventory', 'metrics', 'intelligent-tiering', 'renameObject', 'session', 'list-type',
];
