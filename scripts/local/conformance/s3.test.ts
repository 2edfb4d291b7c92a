import { createHash, randomBytes } from 'node:crypto';
import {
  AbortMultipartUploadCommand, CompleteMultipartUploadCommand, CopyObjectCommand, CreateBucketCommand, CreateMultipartUploadCommand, DeleteBucketCommand, DeleteObjectCommand, DeleteObjectsCommand, DeleteObjectTaggingCommand,
  GetBucketEncryptionCommand, GetBucketLifecycleConfigurationCommand, GetBucketLocationCommand, GetBucketPolicyCommand, GetBucketTaggingCommand, GetBucketVersioningCommand, GetObjectAttributesCommand, GetObjectCommand, GetObjectTaggingCommand,
  GetPublicAccessBlockCommand, HeadBucketCommand, HeadObjectCommand, ListBucketsCommand, ListMultipartUploadsCommand, ListObjectsCommand, ListObjectsV2Command, ListObjectVersionsCommand, ListPartsCommand, paginateListObjectsV2,
  PutBucketLifecycleConfigurationCommand, PutBucketPolicyCommand, PutBucketTaggingCommand, PutBucketVersioningCommand, PutBucketWebsiteCommand, PutObjectCommand, PutObjectTaggingCommand, S3Client, UploadPartCommand, UploadPartCopyCommand,
} from '@aws-sdk/client-s3';
import type { ChecksumAlgorithm, GetObjectCommandInput, PutObjectCommandInput } from '@aws-sdk/client-s3';
import { conformanceTarget } from './target.ts';
import type { ConformanceTarget } from './target.ts';

let target: ConformanceTarget;
let s3: S3Client;
let Bucket: string;
const buckets: string[] = [];

beforeAll(async () => {
  target = await conformanceTarget();
  s3 = new S3Client({ ...target.client, forcePathStyle: true, maxAttempts: 1 });
  Bucket = await bucket();
});
afterAll(async () => {
  for (const name of buckets) await empty(name);
  s3.destroy();
  await target.close();
});

async function bucket(): Promise<string> {
  const name = target.unique('orderflow');
  await s3.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }));
  buckets.push(name);
  return name;
}
async function empty(name: string): Promise<void> {
  const { Versions = [], DeleteMarkers = [] } = await s3.send(new ListObjectVersionsCommand({ Bucket: name }));
  for (const one of [...Versions, ...DeleteMarkers]) await s3.send(new DeleteObjectCommand({ Bucket: name, Key: one.Key!, VersionId: one.VersionId! }));
  await s3.send(new DeleteBucketCommand({ Bucket: name }));
}
const put = (Key: string, Body: string | Buffer = 'x', more: Partial<PutObjectCommandInput> = {}) => s3.send(new PutObjectCommand({ Bucket, Key, Body, ...more }));
const get = (Key: string, more: Partial<GetObjectCommandInput> = {}) => s3.send(new GetObjectCommand({ Bucket, Key, ...more }));
const read = async (Key: string, more: Partial<GetObjectCommandInput> = {}) => (await get(Key, more)).Body!.transformToString();
const named = (name: string) => expect.objectContaining({ name }) as unknown;

describe('objects', () => {
  test('come back as they were put, in whole or in part', async () => {
    const Key = 'a folder/ü & <x>+y.csv';
    await put(Key, 'hello', { ContentType: 'text/csv', ContentEncoding: 'gzip', CacheControl: 'no-store', Metadata: { source: 'shop' } });
    const got = await get(Key);
    expect(got).toMatchObject({ ContentType: 'text/csv', ContentEncoding: 'gzip', CacheControl: 'no-store', ContentLength: 5, Metadata: { source: 'shop' }, ETag: '"5d41402abc4b2a76b9719d911017c592"' });
    expect(await got.Body!.transformToString()).toBe('hello');
    expect([await read(Key, { Range: 'bytes=1-2' }), await read(Key, { Range: 'bytes=-2' }), await read(Key, { Range: 'bytes=3-99' })]).toEqual(['el', 'lo', 'lo']);
    expect(await get(Key, { Range: 'bytes=1-2' })).toMatchObject({ ContentRange: 'bytes 1-2/5', ContentLength: 2 });
    await expect(read(Key, { Range: 'bytes=9-' })).rejects.toMatchObject({ name: 'InvalidRange' });
    expect((await get(Key, { ResponseContentType: 'text/plain', ResponseContentDisposition: 'attachment' }))).toMatchObject({ ContentType: 'text/plain', ContentDisposition: 'attachment' });
  });

  test('what is not there says so', async () => {
    await expect(read('absent')).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(s3.send(new HeadObjectCommand({ Bucket, Key: 'absent' }))).rejects.toMatchObject({ name: 'NotFound' });
    await expect(s3.send(new GetObjectCommand({ Bucket: target.unique('absent'), Key: 'x' }))).rejects.toMatchObject({ name: 'NoSuchBucket' });
    await s3.send(new DeleteObjectCommand({ Bucket, Key: 'absent' }));
    await expect(put('k'.repeat(1025))).rejects.toMatchObject({ name: 'KeyTooLongError' });
  });

  test.each<[ChecksumAlgorithm, string]>([['CRC32', 'NhCmhg=='], ['CRC32C', 'mnG7TA=='], ['CRC64NVME', 'M3eFcAZSQlc='], ['SHA1', 'qvTGHdzF6KLavt4PO0gs2a6pQ00='], ['SHA256', 'LPJNul+wow4m6DsqxbninhsWHlwfp0JecwQzYpOLmCQ=']])('a wrong %s is refused, the right one given back', async (ChecksumAlgorithm, right) => {
    const name = `Checksum${ChecksumAlgorithm}`;
    await put('sum', 'hello', { ChecksumAlgorithm, [name]: right });
    expect(await get('sum', { ChecksumMode: 'ENABLED' })).toMatchObject({ [name]: right });
    await expect(put('sum', 'other', { [name]: right })).rejects.toMatchObject({ name: expect.stringMatching(/BadDigest|InvalidRequest|XAmzContentChecksumMismatch/) as string });
    expect(await read('sum')).toBe('hello');
  });

  test('are written and read under conditions', async () => {
    const { ETag } = await put('once', '1', { IfNoneMatch: '*' });
    await expect(put('once', '2', { IfNoneMatch: '*' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(put('once', '2', { IfMatch: '"0000"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await put('once', '2', { IfMatch: ETag! });
    await expect(put('never', '1', { IfMatch: ETag! })).rejects.toMatchObject({ name: 'NoSuchKey' });
    const second = await get('once');
    await expect(get('once', { IfNoneMatch: second.ETag! })).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    await expect(get('once', { IfMatch: ETag! })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(get('once', { IfUnmodifiedSince: new Date(0) })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    const wins = await Promise.allSettled(Array.from({ length: 10 }, (_, i) => put('race', String(i), { IfNoneMatch: '*' })));
    expect(wins.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  });

  test('are copied with their tags, or with others', async () => {
    await put('from', 'text', { ContentType: 'text/plain', Metadata: { a: '1' }, Tagging: 'k=v' });
    const copy = (more: object) => s3.send(new CopyObjectCommand({ Bucket, Key: 'to', CopySource: `${Bucket}/from`, ...more }));
    await copy({});
    expect(await get('to')).toMatchObject({ ContentType: 'text/plain', Metadata: { a: '1' }, TagCount: 1 });
    await copy({ MetadataDirective: 'REPLACE', Metadata: { b: '2' }, TaggingDirective: 'REPLACE', Tagging: 'x=1&y=2' });
    expect((await get('to')).Metadata).toEqual({ b: '2' });
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'to' }))).TagSet).toEqual([{ Key: 'x', Value: '1' }, { Key: 'y', Value: '2' }]);
    await s3.send(new PutObjectTaggingCommand({ Bucket, Key: 'to', Tagging: { TagSet: [{ Key: 'z', Value: '3' }] } }));
    expect((await s3.send(new GetObjectTaggingCommand({ Bucket, Key: 'to' }))).TagSet).toEqual([{ Key: 'z', Value: '3' }]);
    await s3.send(new DeleteObjectTaggingCommand({ Bucket, Key: 'to' }));
    expect((await get('to')).TagCount).toBeUndefined();
    await expect(copy({ CopySourceIfMatch: '"0000"' })).rejects.toMatchObject({ name: 'PreconditionFailed' });
    await expect(s3.send(new CopyObjectCommand({ Bucket, Key: 'from', CopySource: `${Bucket}/from` }))).rejects.toMatchObject({ name: 'InvalidRequest' });
    expect(await s3.send(new GetObjectAttributesCommand({ Bucket, Key: 'to', ObjectAttributes: ['ETag', 'ObjectSize'] }))).toMatchObject({ ObjectSize: 4, ETag: createHash('md5').update('text').digest('hex') });
  });

  test('are deleted by the hundred', async () => {
    for (const key of ['d/1', 'd/<2>&', 'd/3']) await put(key);
    const { Deleted } = await s3.send(new DeleteObjectsCommand({ Bucket, Delete: { Objects: [{ Key: 'd/1' }, { Key: 'd/<2>&' }, { Key: 'd/none' }] } }));
    expect(Deleted!.map((one) => one.Key)).toEqual(['d/1', 'd/<2>&', 'd/none']);
    expect((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'd/' }))).Contents!.map((one) => one.Key)).toEqual(['d/3']);
  });

  test('a presigned address is good for its time', async () => {
    if (!target.own) return;
    await put('signed', 'content');
    const address = (at: number, seconds: number) => `${target.client.endpoint}/${Bucket}/signed?X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=local%2F20260101%2Feu-west-1%2Fs3%2Faws4_request&X-Amz-Date=${new Date(at).toISOString().replace(/[-:]|\.\d+/g, '')}&X-Amz-Expires=${seconds}&X-Amz-SignedHeaders=host&X-Amz-Signature=x`;
    expect(await (await fetch(address(Date.now(), 60))).text()).toBe('content');
    const late = await fetch(address(Date.now() - 61_000, 60));
    expect([late.status, await late.text()]).toEqual([403, expect.stringContaining('<Code>AccessDenied</Code><Message>Request has expired</Message>')]);
  });
});

describe('multipart uploads', () => {
  const MIB = 1024 * 1024;
  const start = async (Key: string, more: object = {}) => (await s3.send(new CreateMultipartUploadCommand({ Bucket, Key, ...more }))).UploadId!;

  test('parts become one object, in their order, whatever they are copied from', async () => {
    const bytes = randomBytes(5 * MIB);
    await put('source', bytes);
    const Key = 'parts';
    const UploadId = await start(Key, { ContentType: 'text/plain', Metadata: { a: '1' } });
    const two = await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 2, Body: 'end' }));
    const one = await s3.send(new UploadPartCopyCommand({ Bucket, Key, UploadId, PartNumber: 1, CopySource: `${Bucket}/source`, CopySourceRange: `bytes=0-${5 * MIB - 1}` }));
    expect((await s3.send(new ListMultipartUploadsCommand({ Bucket, Prefix: 'parts' }))).Uploads).toMatchObject([{ Key, UploadId }]);
    const first = await s3.send(new ListPartsCommand({ Bucket, Key, UploadId, MaxParts: 1 }));
    expect(first).toMatchObject({ IsTruncated: true, NextPartNumberMarker: '1', Parts: [{ PartNumber: 1, Size: 5 * MIB }] });
    expect((await s3.send(new ListPartsCommand({ Bucket, Key, UploadId, PartNumberMarker: '1' }))).Parts).toMatchObject([{ PartNumber: 2, Size: 3 }]);
    const complete = (Parts: { PartNumber: number; ETag: string }[]) => s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }));
    const [ETag1, ETag2] = [one.CopyPartResult!.ETag!, two.ETag!];
    await expect(complete([{ PartNumber: 2, ETag: ETag2 }, { PartNumber: 1, ETag: ETag1 }])).rejects.toMatchObject({ name: 'InvalidPartOrder' });
    await expect(complete([{ PartNumber: 1, ETag: ETag2 }])).rejects.toMatchObject({ name: 'InvalidPart' });
    expect((await complete([{ PartNumber: 1, ETag: ETag1 }, { PartNumber: 2, ETag: ETag2 }])).ETag).toMatch(/-2"$/);
    const got = await get(Key);
    expect(got).toMatchObject({ ContentLength: 5 * MIB + 3, ContentType: 'text/plain', Metadata: { a: '1' } });
    expect(Buffer.from(await got.Body!.transformToByteArray()).equals(Buffer.concat([bytes, Buffer.from('end')]))).toBe(true);
    expect(Buffer.from(await (await get(Key, { Range: `bytes=${5 * MIB - 2}-${5 * MIB + 1}` })).Body!.transformToByteArray())).toEqual(Buffer.concat([bytes.subarray(-2), Buffer.from('en')]));
    // a copy lives on without its source
    await s3.send(new CopyObjectCommand({ Bucket, Key: 'parts-copy', CopySource: `${Bucket}/${Key}` }));
    await s3.send(new DeleteObjectCommand({ Bucket, Key }));
    expect((await get('parts-copy', { Range: 'bytes=-3' })).ContentLength).toBe(3);
    expect(await read('parts-copy', { Range: 'bytes=-3' })).toBe('end');
  });

  test('small parts are refused, ended uploads are gone', async () => {
    const Key = 'small';
    const UploadId = await start(Key);
    const Parts = [];
    for (const PartNumber of [1, 2]) Parts.push({ PartNumber, ETag: (await s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber, Body: 'x' }))).ETag! });
    await expect(s3.send(new CompleteMultipartUploadCommand({ Bucket, Key, UploadId, MultipartUpload: { Parts } }))).rejects.toMatchObject({ name: 'EntityTooSmall' });
    await expect(s3.send(new UploadPartCommand({ Bucket, Key, UploadId, PartNumber: 10_001, Body: 'x' }))).rejects.toMatchObject({ name: 'InvalidArgument' });
    await s3.send(new AbortMultipartUploadCommand({ Bucket, Key, UploadId }));
    await expect(s3.send(new ListPartsCommand({ Bucket, Key, UploadId }))).rejects.toMatchObject({ name: 'NoSuchUpload' });
  });
});

describe('listing', () => {
  const keys = ['list/B', 'list/_a', 'list/a-b', 'list/a/1', 'list/a/2', 'list/b/1', 'list/ä +', 'list/z'];
  beforeAll(async () => {
    for (const key of [...keys].reverse()) await put(key);
  });

  test('is in byte order, by prefix, in groups, and page after page', async () => {
    const inBytes = [...keys].sort((a, b) => Buffer.compare(Buffer.from(a), Buffer.from(b)));
    const listed: string[] = [];
    for await (const page of paginateListObjectsV2({ client: s3, pageSize: 3 }, { Bucket, Prefix: 'list/' })) listed.push(...(page.Contents ?? []).map((one) => one.Key!));
    expect(listed).toEqual(inBytes);
    const groups: string[] = [];
    for await (const page of paginateListObjectsV2({ client: s3, pageSize: 2 }, { Bucket, Prefix: 'list/', Delimiter: '/' })) groups.push(...(page.Contents ?? []).map((one) => one.Key!), ...(page.CommonPrefixes ?? []).map((one) => one.Prefix!));
    expect(groups.sort()).toEqual(['list/B', 'list/_a', 'list/a-b', 'list/a/', 'list/b/', 'list/z', 'list/ä +'].sort());
    expect((await s3.send(new ListObjectsV2Command({ Bucket, Prefix: 'list/', StartAfter: 'list/b/1' }))).KeyCount).toBe(2);
  });

  test('of the first version goes on behind a marker', async () => {
    const page = await s3.send(new ListObjectsCommand({ Bucket, Prefix: 'list/', Delimiter: '/', MaxKeys: 4, EncodingType: 'url' }));
    expect(page).toMatchObject({ IsTruncated: true, NextMarker: 'list/a/', CommonPrefixes: [{ Prefix: 'list/a/' }] });
    const next = await s3.send(new ListObjectsCommand({ Bucket, Prefix: 'list/', Delimiter: '/', Marker: page.NextMarker!, EncodingType: 'url' }));
    expect(next.Contents!.map((one) => decodeURIComponent(one.Key!.replaceAll('+', ' ')))).toEqual(['list/z', 'list/ä +']);
    expect(next.CommonPrefixes).toEqual([{ Prefix: 'list/b/' }]);
  });
});

describe('versions', () => {
  test('are kept behind a delete marker, and come back', async () => {
    const Versioned = await bucket();
    const at = { Bucket: Versioned, Key: 'k' };
    await s3.send(new PutObjectCommand({ ...at, Body: 'before' }));
    expect((await s3.send(new GetBucketVersioningCommand({ Bucket: Versioned }))).Status).toBeUndefined();
    const versioning = (Status: 'Enabled' | 'Suspended') => s3.send(new PutBucketVersioningCommand({ Bucket: Versioned, VersioningConfiguration: { Status } }));
    await versioning('Enabled');
    const one = await s3.send(new PutObjectCommand({ ...at, Body: 'one' }));
    const body = async (VersionId?: string) => (await s3.send(new GetObjectCommand({ ...at, ...(VersionId !== undefined && { VersionId }) }))).Body!.transformToString();
    expect([await body(), await body('null'), await body(one.VersionId)]).toEqual(['one', 'before', 'one']);
    const gone = await s3.send(new DeleteObjectCommand(at));
    expect(gone.DeleteMarker).toBe(true);
    await expect(body()).rejects.toMatchObject({ name: 'NoSuchKey' });
    await expect(body(gone.VersionId)).rejects.toMatchObject({ name: 'MethodNotAllowed' });
    await expect(body('absent-version-0123456789012345')).rejects.toMatchObject({ name: expect.stringMatching(/NoSuchVersion|InvalidArgument/) as string });
    const listed = await s3.send(new ListObjectVersionsCommand({ Bucket: Versioned }));
    expect(listed.Versions!.map((each) => [each.VersionId, each.IsLatest])).toEqual([[one.VersionId, false], ['null', false]]);
    expect(listed.DeleteMarkers).toMatchObject([{ VersionId: gone.VersionId, IsLatest: true }]);
    const paged = await s3.send(new ListObjectVersionsCommand({ Bucket: Versioned, MaxKeys: 2 }));
    expect(paged).toMatchObject({ IsTruncated: true, NextKeyMarker: 'k', NextVersionIdMarker: one.VersionId });
    expect((await s3.send(new ListObjectVersionsCommand({ Bucket: Versioned, KeyMarker: 'k', VersionIdMarker: one.VersionId! }))).Versions).toMatchObject([{ VersionId: 'null' }]);
    await s3.send(new DeleteObjectCommand({ ...at, VersionId: gone.VersionId! }));
    expect(await body()).toBe('one');
    await versioning('Suspended');
    await s3.send(new PutObjectCommand({ ...at, Body: 'after' }));
    expect([await body(), await body('null'), await body(one.VersionId)]).toEqual(['after', 'after', 'one']);
    await expect(s3.send(new DeleteBucketCommand({ Bucket: Versioned }))).rejects.toMatchObject({ name: 'BucketNotEmpty' });
  });
});

describe('buckets', () => {
  test('are there, or not, or not empty', async () => {
    expect((await s3.send(new ListBucketsCommand({}))).Buckets!.map((one) => one.Name)).toContain(Bucket);
    expect((await s3.send(new GetBucketLocationCommand({ Bucket }))).LocationConstraint).toBe('eu-west-1');
    await expect(s3.send(new HeadBucketCommand({ Bucket: target.unique('absent') }))).rejects.toMatchObject({ name: 'NotFound' });
    await expect(s3.send(new CreateBucketCommand({ Bucket, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }))).rejects.toMatchObject({ name: 'BucketAlreadyOwnedByYou' });
    await put('in the way');
    await expect(s3.send(new DeleteBucketCommand({ Bucket }))).rejects.toMatchObject({ name: 'BucketNotEmpty' });
    await expect(s3.send(new CreateBucketCommand({ Bucket: 'A_B' }))).rejects.toMatchObject({ name: 'InvalidBucketName' });
  });

  test('describe what was set, and say what was not', async () => {
    const Set = await bucket();
    await expect(s3.send(new GetBucketPolicyCommand({ Bucket: Set }))).rejects.toEqual(named('NoSuchBucketPolicy'));
    await expect(s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: Set }))).rejects.toEqual(named('NoSuchLifecycleConfiguration'));
    await expect(s3.send(new GetBucketTaggingCommand({ Bucket: Set }))).rejects.toEqual(named('NoSuchTagSet'));
    expect((await s3.send(new GetBucketEncryptionCommand({ Bucket: Set }))).ServerSideEncryptionConfiguration!.Rules![0]!.ApplyServerSideEncryptionByDefault!.SSEAlgorithm).toBe('AES256');
    expect((await s3.send(new GetPublicAccessBlockCommand({ Bucket: Set }))).PublicAccessBlockConfiguration).toMatchObject({ BlockPublicAcls: true, RestrictPublicBuckets: true });
    const Policy = JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Deny', Principal: '*', Action: 's3:*', Resource: `arn:aws:s3:::${Set}/*`, Condition: { Bool: { 'aws:SecureTransport': 'nonsense' } } }] });
    await s3.send(new PutBucketPolicyCommand({ Bucket: Set, Policy }));
    expect(JSON.parse((await s3.send(new GetBucketPolicyCommand({ Bucket: Set }))).Policy!)).toEqual(JSON.parse(Policy));
    await s3.send(new PutBucketTaggingCommand({ Bucket: Set, Tagging: { TagSet: [{ Key: 'a', Value: 'b' }] } }));
    expect((await s3.send(new GetBucketTaggingCommand({ Bucket: Set }))).TagSet).toEqual([{ Key: 'a', Value: 'b' }]);
    const Rules = [{ ID: 'old', Status: 'Enabled' as const, Filter: { Prefix: 'tmp/' }, Expiration: { Days: 30 } }];
    await s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: Set, LifecycleConfiguration: { Rules } }));
    expect((await s3.send(new GetBucketLifecycleConfigurationCommand({ Bucket: Set }))).Rules).toEqual(Rules);
    await expect(s3.send(new PutBucketLifecycleConfigurationCommand({ Bucket: Set, LifecycleConfiguration: { Rules: [{ ...Rules[0]!, Expiration: { Days: 0 } }] } }))).rejects.toThrow();
    if (target.own) await expect(s3.send(new PutBucketWebsiteCommand({ Bucket: Set, WebsiteConfiguration: { IndexDocument: { Suffix: 'index.html' } } }))).rejects.toEqual(named('NotImplemented'));
  });

  test('two requests for one bucket at once make one', async () => {
    const name = target.unique('race');
    buckets.push(name);
    const made = await Promise.allSettled([0, 1].map(() => s3.send(new CreateBucketCommand({ Bucket: name, CreateBucketConfiguration: { LocationConstraint: 'eu-west-1' } }))));
    expect(made.filter((one) => one.status === 'fulfilled')).toHaveLength(1);
  });
});
