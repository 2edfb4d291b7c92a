import { xmlText } from '../../errors.ts';
import { AwsError } from '../../service.ts';
import { listObjects } from './list-objects.ts';
import { elements, unescapeXml, xml } from './s3-request.ts';
import type { S3Operation } from './s3-request.ts';

/** Bucket settings that are kept and given back, without any effect here; some are never missing. */
const SETTINGS = ['acl', 'cors', 'encryption', 'lifecycle', 'logging', 'notification', 'ownershipControls', 'policy', 'publicAccessBlock', 'replication', 'tagging', 'versioning', 'website'];
const NEVER_MISSING = new Set(['notification', 'versioning', 'logging', 'acl']);

const setting = (name: string): S3Operation => {
  const title = `${name.charAt(0).toUpperCase()}${name.slice(1)}`;
  return [`Bucket${title}`, ({ buckets }, { method, bucket, body }) => {
    buckets.need(bucket);
    if (method === 'PUT') {
      buckets.putSetting(bucket, name, body.toString('utf8'));
      return { status: 200 };
    }
    if (method === 'DELETE') {
      buckets.removeSetting(bucket, name);
      return { status: 204 };
    }
    const kept = buckets.setting(bucket, name);
    if (kept === undefined && !NEVER_MISSING.has(name)) throw new AwsError(`NoSuch${title}Configuration`, `The bucket has no ${name} configuration`, 404);
    return { status: 200, headers: { 'content-type': 'application/xml' }, body: kept ?? '<Configuration xmlns="http://s3.amazonaws.com/doc/2006-03-01/"/>' };
  }];
};

/** `METHOD` or `METHOD subresource` → operation. */
export const BUCKET_OPERATIONS: Readonly<Record<string, S3Operation>> = {
  'PUT': ['CreateBucket', ({ buckets }, { bucket }) => {
    if (!buckets.create(bucket)) throw new AwsError('BucketAlreadyOwnedByYou', 'Your previous request to create the named bucket succeeded and you already own it.', 409);
    return { status: 200, headers: { location: `/${bucket}` } };
  }],
  'HEAD': ['HeadBucket', ({ buckets }, { bucket }) => {
    buckets.need(bucket);
    return { status: 200, headers: { 'x-amz-bucket-region': 'eu-west-1' } };
  }],
  'DELETE': ['DeleteBucket', ({ buckets }, { bucket }) => {
    buckets.remove(bucket);
    return { status: 204 };
  }],
  'GET': ['ListObjects', ({ buckets, objects }, { bucket, query }) => {
    buckets.need(bucket);
    return xml(listObjects(objects, bucket, query));
  }],
  'GET location': ['GetBucketLocation', ({ buckets }, { bucket }) => {
    buckets.need(bucket);
    return xml('<LocationConstraint xmlns="http://s3.amazonaws.com/doc/2006-03-01/">eu-west-1</LocationConstraint>');
  }],
  'POST delete': ['DeleteObjects', ({ buckets, objects }, { bucket, body }) => {
    buckets.need(bucket);
    const text = body.toString('utf8');
    const keys = elements(text, 'Key').map(unescapeXml);
    for (const key of keys) objects.remove(bucket, key);
    const deleted = text.includes('<Quiet>true</Quiet>') ? [] : keys.map((key) => `<Deleted><Key>${xmlText(key)}</Key></Deleted>`);
    return xml(`<DeleteResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${deleted.join('')}</DeleteResult>`);
  }],
  ...Object.fromEntries(SETTINGS.flatMap((name) => ['GET', 'PUT', 'DELETE'].map((method) => [`${method} ${name}`, setting(name)]))),
};

export const LIST_BUCKETS: S3Operation = ['ListBuckets', ({ buckets }) => xml(`<ListAllMyBucketsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/"><Owner><ID>000000000000</ID></Owner><Buckets>${buckets.all()
  .map((bucket) => `<Bucket><Name>${bucket.name}</Name><CreationDate>${new Date(bucket.madeAt).toISOString()}</CreationDate></Bucket>`).join('')}</Buckets></ListAllMyBucketsResult>`)];

/** Query parameters that make a request another operation; others only modify one, or are part of the signature. */
export const SUBRESOURCES: ReadonlySet<string> = new Set([
  ...SETTINGS, 'uploads', 'uploadId', 'location', 'delete', 'attributes', 'retention', 'legal-hold', 'restore', 'select', 'versions', 'object-lock', 'torrent', 'accelerate', 'requestPayment',
]);
