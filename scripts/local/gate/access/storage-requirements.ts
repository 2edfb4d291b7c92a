import type { GatedCall } from '../gate.ts';
import { arn, arnOf, type Requirement, type Requirements } from './requirement.ts';

/** S3 names its permissions otherwise than its operations. https://docs.aws.amazon.com/AmazonS3/latest/userguide/using-with-s3-policy-actions.html */
const ON_OBJECT: Readonly<Record<string, string>> = {
  GetObject: 's3:GetObject', HeadObject: 's3:GetObject', GetObjectAttributes: 's3:GetObject', SelectObjectContent: 's3:GetObject',
  PutObject: 's3:PutObject', CopyObject: 's3:PutObject', PostObject: 's3:PutObject', CreateMultipartUpload: 's3:PutObject', UploadPart: 's3:PutObject', UploadPartCopy: 's3:PutObject', CompleteMultipartUpload: 's3:PutObject',
  DeleteObject: 's3:DeleteObject', AbortMultipartUpload: 's3:AbortMultipartUpload', ListParts: 's3:ListMultipartUploadParts',
  GetObjectTagging: 's3:GetObjectTagging', PutObjectTagging: 's3:PutObjectTagging', DeleteObjectTagging: 's3:DeleteObjectTagging', GetObjectAcl: 's3:GetObjectAcl', PutObjectAcl: 's3:PutObjectAcl',
};
const ON_BUCKET: Readonly<Record<string, string>> = {
  ListObjects: 's3:ListBucket', ListObjectsV2: 's3:ListBucket', HeadBucket: 's3:ListBucket', ListObjectVersions: 's3:ListBucketVersions', ListMultipartUploads: 's3:ListBucketMultipartUploads',
  GetBucketEncryption: 's3:GetEncryptionConfiguration', PutBucketEncryption: 's3:PutEncryptionConfiguration', DeleteBucketEncryption: 's3:PutEncryptionConfiguration',
  GetBucketLifecycleConfiguration: 's3:GetLifecycleConfiguration', PutBucketLifecycleConfiguration: 's3:PutLifecycleConfiguration', DeleteBucketLifecycle: 's3:PutLifecycleConfiguration',
  GetBucketNotificationConfiguration: 's3:GetBucketNotification', PutBucketNotificationConfiguration: 's3:PutBucketNotification',
  GetPublicAccessBlock: 's3:GetBucketPublicAccessBlock', PutPublicAccessBlock: 's3:PutBucketPublicAccessBlock', DeletePublicAccessBlock: 's3:PutBucketPublicAccessBlock',
  GetBucketCors: 's3:GetBucketCORS', PutBucketCors: 's3:PutBucketCORS',
};

const decoded = (text: string): string => {
  try {
    return decodeURIComponent(text);
  } catch {
    return text;
  }
};

const forS3 = (path: string): { bucket: string; object: string } => {
  const [bucket = '', ...key] = decoded(path).replace(/^\//, '').split('/');
  return { bucket: `arn:aws:s3:::${bucket}`, object: `arn:aws:s3:::${bucket}/${key.join('/')}` };
};

/** Whether an object is there is told only to those who may list its bucket. https://docs.aws.amazon.com/AmazonS3/latest/API/API_GetObject.html */
export const toBeToldOfAbsence = (call: GatedCall): Requirement => ({ action: 's3:ListBucket', resource: forS3(call.path).bucket });

/** What each key of a DeleteObjects needs. */
export const toDelete = (call: GatedCall, key: string): Requirement => ({ action: 's3:DeleteObject', resource: `${forS3(call.path).bucket}/${key}` });

export const s3: Requirements = (call) => {
  const { operation, path, headers } = call;
  if (operation === 'ListBuckets') return [{ action: 's3:ListAllMyBuckets', resource: '*' }];
  const { bucket, object } = forS3(path);
  // the answer tells of each key by itself: the storage asks for all of them (`toDelete`)
  if (operation === 'DeleteObjects') return [];
  const version = call.query?.get('versionId') ? 'Version' : '';
  const onObject = ON_OBJECT[operation];
  if (onObject !== undefined) {
    const source = headers['x-amz-copy-source'];
    return [
      { action: onObject + (onObject === 's3:GetObject' || onObject === 's3:DeleteObject' ? version : ''), resource: object },
      ...(typeof source === 'string' ? [{ action: 's3:GetObject', resource: forS3(source.split('?', 1)[0] ?? '').object }] : []),
    ];
  }
  const context = (key: string): readonly string[] | undefined => {
    const value = key === 's3:prefix' ? call.query?.get('prefix') : key === 's3:delimiter' ? call.query?.get('delimiter') : undefined;
    return value === undefined || value === null ? undefined : [value];
  };
  return [{ action: ON_BUCKET[operation] ?? `s3:${operation}`, resource: bucket, context }];
};

export const sqs: Requirements = ({ operation, input }) => {
  const given = input();
  const action = `sqs:${operation.replace(/^(SendMessage|DeleteMessage|ChangeMessageVisibility)Batch$/, '$1')}`;
  if (operation === 'ListQueues') return [{ action, resource: '*' }];
  const named = given['QueueUrl'] ?? given['QueueName'] ?? given['SourceArn'];
  const name = typeof named === 'string' ? named : '';
  return [{ action, resource: name.startsWith('arn:') ? name : arn('sqs', name.slice(name.lastIndexOf('/') + 1)) }];
};

const WITHOUT_TOPIC = new Set(['ListTopics', 'ListSubscriptions', 'Unsubscribe', 'GetSubscriptionAttributes', 'SetSubscriptionAttributes']);

export const sns: Requirements = ({ operation, input }) => {
  const given = input();
  const action = `sns:${operation === 'PublishBatch' ? 'Publish' : operation}`;
  if (WITHOUT_TOPIC.has(operation)) return [{ action, resource: '*' }];
  const context = (key: string): readonly string[] | undefined => {
    const value = key === 'sns:protocol' ? given['Protocol'] : key === 'sns:endpoint' ? given['Endpoint'] : undefined;
    return typeof value === 'string' ? [value] : undefined;
  };
  return [{ action, resource: arnOf('sns', '', given['TopicArn'] ?? given['TargetArn'] ?? given['ResourceArn'] ?? given['Name']), context }];
};
