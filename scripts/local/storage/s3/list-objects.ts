import { xmlText } from '../../errors.ts';
import type { ObjectHead, Objects } from './objects.ts';

const MOST_KEYS = 1000;
/** Above every character, so that `prefix + LAST` lies behind all keys with the prefix. */
const LAST = '\u{10ffff}';

/** ListObjectsV2 and, without `list-type=2`, ListObjects. https://docs.aws.amazon.com/AmazonS3/latest/API/API_ListObjectsV2.html */
export function listObjects(objects: Objects, bucket: string, query: URLSearchParams): string {
  const second = query.get('list-type') === '2';
  const prefix = query.get('prefix') ?? '';
  const delimiter = query.get('delimiter') ?? '';
  const most = Math.min(Number(query.get('max-keys') ?? MOST_KEYS), MOST_KEYS);
  const token = query.get('continuation-token');
  const start = second ? (token === null ? (query.get('start-after') ?? '') : Buffer.from(token, 'base64url').toString()) : (query.get('marker') ?? '');

  const found: ObjectHead[] = [];
  const common: string[] = [];
  let last = start;
  let truncated = false;
  for (let after: string | undefined = start; after !== undefined; ) {
    const from: string = after;
    after = undefined;
    for (const object of objects.list(bucket, prefix, from)) {
      const cut = delimiter === '' ? -1 : object.key.indexOf(delimiter, prefix.length);
      if (found.length + common.length >= most) {
        truncated = true;
        break;
      }
      if (cut < 0) {
        found.push(object);
        last = object.key;
        continue;
      }
      const group = object.key.slice(0, cut + delimiter.length);
      common.push(group);
      last = after = group + LAST; // skip the rest of the group
      break;
    }
  }
  const encode = query.get('encoding-type') === 'url' ? (text: string) => encodeURIComponent(text).replaceAll('%2F', '/') : xmlText;
  return [
    '<ListBucketResult xmlns="http://s3.amazonaws.com/doc/2006-03-01/">',
    `<Name>${bucket}</Name><Prefix>${encode(prefix)}</Prefix><MaxKeys>${most}</MaxKeys><IsTruncated>${truncated}</IsTruncated>`,
    delimiter && `<Delimiter>${encode(delimiter)}</Delimiter>`,
    query.has('encoding-type') && '<EncodingType>url</EncodingType>',
    second && `<KeyCount>${found.length + common.length}</KeyCount>`,
    truncated && (second ? `<NextContinuationToken>${Buffer.from(last).toString('base64url')}</NextContinuationToken>` : `<NextMarker>${encode(last)}</NextMarker>`),
    ...found.map((object) => `<Contents><Key>${encode(object.key)}</Key><LastModified>${new Date(object.modifiedAt).toISOString()}</LastModified><ETag>${xmlText(object.eTag)}</ETag><Size>${object.size}</Size><StorageClass>STANDARD</StorageClass></Contents>`),
    ...common.map((group) => `<CommonPrefixes><Prefix>${encode(group)}</Prefix></CommonPrefixes>`),
    '</ListBucketResult>',
  ].filter(Boolean).join('');
}
