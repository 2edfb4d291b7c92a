import { AwsError } from '../../service.ts';
import { readLifecycle } from './lifecycle.ts';
import { OWNER_ACL } from './object-operations.ts';
import { elements, malformedXml, notHere, tagSet, xml } from './s3-request.ts';
import type { S3Operation } from './s3-request.ts';

const NAMESPACE = 'xmlns="http://s3.amazonaws.com/doc/2006-03-01/"';

interface Setting {
  /** As in the operations' names: `BucketEncryption`. */
  readonly name: string;
  /** Where it differs in the name of one operation: `{ DELETE: 'DeleteBucketLifecycle' }`. */
  readonly names?: Readonly<Record<string, string>>;
  /** What a bucket has without it: a document, or the error code that says so. */
  readonly otherwise: string;
  readonly missing?: boolean;
  /** Checks what is put. @throws AwsError for what is wrong, or has no effect here */
  check(body: string): void;
}

const root = (name: string) => (body: string): void => {
  if (!new RegExp(`<${name}[\\s>/]`).test(body)) throw malformedXml();
};

/** Settings that are heeded, or whose effect is that nothing is open to others here. https://docs.aws.amazon.com/AmazonS3/latest/API/API_Operations_Amazon_Simple_Storage_Service.html */
const SETTINGS: Readonly<Record<string, Setting>> = {
  encryption: {
    name: 'BucketEncryption', check: root('ServerSideEncryptionConfiguration'),
    otherwise: `<ServerSideEncryptionConfiguration ${NAMESPACE}><Rule><ApplyServerSideEncryptionByDefault><SSEAlgorithm>AES256</SSEAlgorithm></ApplyServerSideEncryptionByDefault><BucketKeyEnabled>false</BucketKeyEnabled></Rule></ServerSideEncryptionConfiguration>`,
  },
  lifecycle: { name: 'BucketLifecycleConfiguration', names: { DELETE: 'DeleteBucketLifecycle' }, otherwise: 'NoSuchLifecycleConfiguration', missing: true, check: (body) => void readLifecycle(body) },
  ownershipControls: { name: 'BucketOwnershipControls', otherwise: `<OwnershipControls ${NAMESPACE}><Rule><ObjectOwnership>BucketOwnerEnforced</ObjectOwnership></Rule></OwnershipControls>`, check: root('OwnershipControls') },
  publicAccessBlock: {
    name: 'PublicAccessBlock', check: root('PublicAccessBlockConfiguration'),
    otherwise: `<PublicAccessBlockConfiguration ${NAMESPACE}>${['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'].map((name) => `<${name}>true</${name}>`).join('')}</PublicAccessBlockConfiguration>`,
  },
  policy: {
    name: 'BucketPolicy', otherwise: 'NoSuchBucketPolicy', missing: true,
    check(body) {
      try {
        if (!Array.isArray((JSON.parse(body) as { Statement?: unknown }).Statement)) throw malformedPolicy();
      } catch {
        throw malformedPolicy();
      }
    },
  },
  tagging: { name: 'BucketTagging', otherwise: 'NoSuchTagSet', missing: true, check: (body) => (root('Tagging')(body), void tagSet(body)) },
  versioning: {
    name: 'BucketVersioning', otherwise: `<VersioningConfiguration ${NAMESPACE}/>`,
    check(body) {
      if (!/^(Enabled|Suspended)$/.test(elements(body, 'Status')[0] ?? '')) throw malformedXml();
      if (elements(body, 'MfaDelete')[0] === 'Enabled') throw notHere('MFA delete');
    },
  },
  notification: {
    name: 'BucketNotificationConfiguration', otherwise: `<NotificationConfiguration ${NAMESPACE}/>`,
    check(body) {
      root('NotificationConfiguration')(body);
      // what a template sets is heeded; by this call it would not be
      if (/<(Topic|Queue|CloudFunction|EventBridge)/.test(body)) throw notHere('PutBucketNotificationConfiguration with notifications (set them in a template)');
    },
  },
  acl: { name: 'BucketAcl', otherwise: OWNER_ACL, check: () => { throw new AwsError('AccessControlListNotSupported', 'The bucket does not allow ACLs'); } },
  // only their absence can be told: to accept one and do nothing would be untrue
  cors: absent('BucketCors', 'NoSuchCORSConfiguration'),
  logging: { name: 'BucketLogging', otherwise: `<BucketLoggingStatus ${NAMESPACE}/>`, check: () => { throw notHere('PutBucketLogging'); } },
  replication: absent('BucketReplication', 'ReplicationConfigurationNotFoundError'),
  website: absent('BucketWebsite', 'NoSuchWebsiteConfiguration'),
  'object-lock': absent('ObjectLockConfiguration', 'ObjectLockConfigurationNotFoundError'),
  accelerate: { name: 'BucketAccelerateConfiguration', otherwise: `<AccelerateConfiguration ${NAMESPACE}/>`, check: () => { throw notHere('PutBucketAccelerateConfiguration'); } },
  requestPayment: { name: 'BucketRequestPayment', otherwise: `<RequestPaymentConfiguration ${NAMESPACE}><Payer>BucketOwner</Payer></RequestPaymentConfiguration>`, check: () => { throw notHere('PutBucketRequestPayment'); } },
};

function absent(name: string, code: string): Setting {
  return { name, otherwise: code, missing: true, check: () => { throw notHere(`Put${name}`); } };
}
const malformedPolicy = (): AwsError => new AwsError('MalformedPolicy', 'Policies must be valid JSON and the first byte must be \'{\'');

function operation(method: string, parameter: string, setting: Setting): S3Operation {
  const verb = method.charAt(0) + method.slice(1).toLowerCase();
  return [setting.names?.[method] ?? `${verb}${setting.name}`, ({ buckets }, { bucket, body }) => {
    buckets.need(bucket);
    if (method === 'PUT') {
      setting.check(body);
      buckets.putSetting(bucket, parameter, body);
      return { status: parameter === 'policy' ? 204 : 200 };
    }
    if (method === 'DELETE') {
      buckets.removeSetting(bucket, parameter);
      return { status: 204 };
    }
    const kept = buckets.setting(bucket, parameter);
    if (kept !== undefined && parameter === 'policy') return { status: 200, headers: { 'content-type': 'application/json' }, body: kept };
    if (kept !== undefined) return kept.startsWith('<?xml') ? { status: 200, headers: { 'content-type': 'application/xml' }, body: kept } : xml(kept);
    if (setting.missing) throw new AwsError(setting.otherwise, `The bucket has no ${setting.name}`, 404, { BucketName: bucket });
    return xml(setting.otherwise);
  }];
}

/** `METHOD subresource` → operation. */
export const SETTING_OPERATIONS: Readonly<Record<string, S3Operation>> = Object.fromEntries(
  Object.entries(SETTINGS).flatMap(([parameter, setting]) => ['GET', 'PUT', 'DELETE'].map((method) => [`${method} ${parameter}`, operation(method, parameter, setting)])),
);
export const SETTING_NAMES: readonly string[] = Object.keys(SETTINGS);
