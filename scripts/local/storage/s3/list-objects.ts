import { xmlText } from '../../errors.ts';
import { AwsError } from '../../service.ts';
import { LAST } from './object-head.ts';
import type { ObjectHead } from './object-head.ts';
import type { Objects } from './objects.ts';
import { tag } from './s3-request.ts';

const MOST_KEYS = 1000;
const OWNER = '<Owner><ID>000000000000</ID></Owner>';

interface Page<T> {
  readonly found: readonly T[];
  readonly common: readonly string[];
  /** Where the next page begins behind: a key, or a group's last possible one. */
  readonly last: string;
  readonly truncated: boolean;
}

function mostOf(query: URLSearchParams): number {
  const given = query.get('max-keys') ?? String(MOST_KEYS);
  if (!/^\d+$/.test(given)) throw new AwsError('InvalidArgument', 'Provided max-keys not an integer or within integer range', 400, { ArgumentName: 'max-keys', ArgumentValue: given });
  return Math.min(Number(given), MOST_KEYS);
}

/** Takes up to `most` objects and groups; `from` starts the walk again behind a group. */
function take<T extends { readonly key: string }>(from: (after: string) => Iterable<T>, start: string, prefix: string, delimiter: string, most: number): Page<T> {
  const found: T[] = [];
  const common: string[] = [];
  let last = start;
  for (let after: string | undefined = start; after !== undefined; ) {
    const begin: string = after;
    after = undefined;
    for (const one of from(begin)) {
      if (found.length + common.length >= most) return { found, common, last, truncated: most > 0 };
      const cut = delimiter === '' ? -1 : one.key.indexOf(delimiter, prefix.length);
      if (cut < 0) {
        found.push(one);
        last = one.key;
        continue;
      }
      const group = one.key.slice(0, cut + delimiter.length);
      common.push(group);
      last = after = group + LAST; // skip the rest of the group
      break;
    }
  }
  return { found, common, last, truncated: false };
}

const encoder = (query: URLSearchParams): ((text: string) => string) => (query.get('encoding-type') === 'url' ? (text) => encodeURIComponent(text).replaceAll('%2F', '/').replace(/[!'()*]/g, (c) => `%${c.charCodeAt(0).toString(16).toUpperCase()}`) : xmlText);

/** ListObjectsV2 and, without `list-type=2`, ListObjects. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjects(objects: Objects, bucket: string, query: URLSearchParams): string {
  const second = query.get('list-type') === '2';
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const most = mostOf(query);
  const token = query.get('continuation-token');
  if (token === '') throw new AwsError('InvalidArgument', 'The continuation token provided is incorrect', 400, { ArgumentName: 'continuation-token' });
  const marker = query.get('marker') ?? '';
  // a group that was the last of the page before is given back by its name alone
  const behind = !second && delimiter !== '' && marker.endsWith(delimiter) && marker.length > prefix.length ? marker + LAST : marker;
  const start = second ? (token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString()) : behind;
  const { found, common, last, truncated } = take((after) => objects.list(bucket, prefix, after), start, prefix, delimiter, most);
  const encode = encoder(query);
  const owner = !second || query.get('fetch-owner') === 'true' ? OWNER : '';
  const content = (object: ObjectHead): string => [
    `<Contents><Key>${encode(object.key)}</Key><LastModified>${new Date(object.modifiedAt).toISOString()}</LastModified><ETag>${xmlText(object.eTag)}</ETag>`,
    ...Object.keys(object.headers).flatMap((name) => (/^x-amz-checksum-(crc|sha)/.test(name) ? [tag('ChecksumAlgorithm', name.slice(15).toUpperCase())] : [])),
    `<Size>${object.size}</Size><StorageClass>${object.headers['x-amz-storage-class'] ?? 'STANDARD'}</StorageClass>${owner}</Contents>`,
  ].join('');
  return [
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    `<Name>${bucket}</Name><Prefix>${encode(prefix)}</Prefix><MaxKeys>${most}</MaxKeys><IsTruncated>${truncated}</IsTruncated>`,
    delimiter && `<Delimiter>${encode(delimiter)}</Delimiter>`,
    query.has('encoding-type') && '<EncodingType>url</EncodingType>',
    second && `<KeyCount>${found.length + common.length}</KeyCount>`,
    second && token !== null && tag('ContinuationToken', token),
    second && query.has('start-after') && `<StartAfter>${encode(query.get('start-after') ?? '')}</StartAfter>`,
    !second && `<Marker>${encode(marker)}</Marker>`,
    truncated && (second ? `<NextContinuationToken>${Buffer.from(last).toString('base64url')}</NextContinuationToken>` : delimiter !== '' && `<NextMarker>${encode(last.replace(LAST, ''))}</NextMarker>`),
    ...found.map(content),
    ...common.map((group) => `<CommonPrefixes><Prefix>${encode(group)}</Prefix></CommonPrefixes>`),
    '</ListBucketResult>',
  ].filter(Boolean).join('');
}

/** https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectVersions.html */
export function listVersions(objects: Objects, bucket: string, query: URLSearchParams): string {
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const most = mostOf(query);
  const keyMarker = query.get('key-marker') ?? '';
  const versionMarker = query.get('version-id-marker') ?? undefined;
  let first = true;
  const { found, common, last, truncated } = take((after) => {
    const walk = objects.versions(bucket, prefix, after, first && versionMarker !== undefined && versionMarker !== '' ? versionMarker : undefined);
    first = false;
    return walk;
  }, keyMarker, prefix, delimiter, most);
  const encode = encoder(query);
  const one = (object: ObjectHead): string => {
    const about = `<Key>${encode(object.key)}</Key><VersionId>${object.version}</VersionId><IsLatest>${object.latest}</IsLatest><LastModified>${new Date(object.modifiedAt).toISOString()}</LastModified>${OWNER}`;
    return object.marker ? `<DeleteMarker>${about}</DeleteMarker>` : `<Version>${about}<ETag>${xmlText(object.eTag)}</ETag><Size>${object.size}</Size><StorageClass>${object.headers['x-amz-storage-class'] ?? 'STANDARD'}</StorageClass></Version>`;
  };
  return [
    '<ListVersionsResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    `<Name>${bucket}</Name><Prefix>${encode(prefix)}</Prefix><KeyMarker>${encode(keyMarker)}</KeyMarker><VersionIdMarker>${versionMarker ?? ''}</VersionIdMarker><MaxKeys>${most}</MaxKeys><IsTruncated>${truncated}</IsTruncated>`,
    delimiter && `<Delimiter>${encode(delimiter)}</Delimiter>`,
    query.has('encoding-type') && '<EncodingType>url</EncodingType>',
    truncated && `<NextKeyMarker>${encode(last)}</NextKeyMarker>${tag('NextVersionIdMarker', found.at(-1)?.key === last ? found.at(-1)?.version : undefined)}`,
    ...found.map(one),
    ...common.map((group) => `<CommonPrefixes><Prefix>${encode(group)}</Prefix></CommonPrefixes>`),
    '</ListVersionsResult>',
  ].filter(Boolean).join('');
}
