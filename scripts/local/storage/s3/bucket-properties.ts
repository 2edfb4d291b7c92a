import { tag } from './s3-request.ts';

type Properties = Readonly<Record<string, unknown>>;

const list = (value: unknown): readonly Properties[] => (Array.isArray(value) ? (value as readonly Properties[]) : []);
const scalar = (properties: Properties, name: string, as = name): string => {
  const value = properties[name];
  return value === undefined ? '' : tag(as, value as string | number | boolean);
};
const within = (name: string, content: string): string => (content === '' ? '' : `<${name}>${content}</${name}>`);
const document = (name: string, content: string): string => `<${name} xmlns="http://s3.amazonaws.com/doc/2006-03-01/">${content}</${name}>`;

function encryption({ ServerSideEncryptionConfiguration: rules }: Properties): string {
  return document('ServerSideEncryptionConfiguration', list(rules).map((rule) => {
    const { SSEAlgorithm, KMSMasterKeyID } = (rule['ServerSideEncryptionByDefault'] ?? {}) as { SSEAlgorithm?: string; KMSMasterKeyID?: string };
    return `<Rule><ApplyServerSideEncryptionByDefault>${tag('SSEAlgorithm', SSEAlgorithm)}${tag('KMSMasterKeyID', KMSMasterKeyID)}</ApplyServerSideEncryptionByDefault>${scalar(rule, 'BucketKeyEnabled')}</Rule>`;
  }).join(''));
}

function lifecycleRule(rule: Properties): string {
  const noncurrent = (rule['NoncurrentVersionExpiration'] ?? (rule['NoncurrentVersionExpirationInDays'] === undefined ? {} : { NoncurrentDays: rule['NoncurrentVersionExpirationInDays'] })) as Properties;
  const conditions = [
    scalar(rule, 'Prefix'), ...list(rule['TagFilters']).map((one) => `<Tag>${scalar(one, 'Key')}${scalar(one, 'Value')}</Tag>`), scalar(rule, 'ObjectSizeGreaterThan'), scalar(rule, 'ObjectSizeLessThan'),
  ].filter((one) => one !== '');
  const transitions = [...list(rule['Transitions']), ...(rule['Transition'] === undefined ? [] : [rule['Transition'] as Properties])];
  return [
    '<Rule>', scalar(rule, 'Id', 'ID'), scalar(rule, 'Status'),
    `<Filter>${conditions.length > 1 ? `<And>${conditions.join('')}</And>` : (conditions[0] ?? '<Prefix></Prefix>')}</Filter>`,
    within('Expiration', `${scalar(rule, 'ExpirationInDays', 'Days')}${scalar(rule, 'ExpirationDate', 'Date')}${scalar(rule, 'ExpiredObjectDeleteMarker')}`),
    within('NoncurrentVersionExpiration', `${scalar(noncurrent, 'NoncurrentDays')}${scalar(noncurrent, 'NewerNoncurrentVersions')}`),
    within('AbortIncompleteMultipartUpload', scalar((rule['AbortIncompleteMultipartUpload'] ?? {}) as Properties, 'DaysAfterInitiation')),
    ...transitions.map((one) => within('Transition', `${scalar(one, 'TransitionInDays', 'Days')}${scalar(one, 'TransitionDate', 'Date')}${scalar(one, 'StorageClass')}`)),
    '</Rule>',
  ].join('');
}

/** Property of AWS::S3::Bucket → the subresource that sets it, and its document. */
const SETTINGS: Readonly<Record<string, readonly [subresource: string, write: (value: Properties) => string]>> = {
  BucketEncryption: ['encryption', encryption],
  LifecycleConfiguration: ['lifecycle', ({ Rules }) => document('LifecycleConfiguration', list(Rules).map(lifecycleRule).join(''))],
  OwnershipControls: ['ownershipControls', ({ Rules }) => document('OwnershipControls', list(Rules).map((rule) => `<Rule>${scalar(rule, 'ObjectOwnership')}</Rule>`).join(''))],
  PublicAccessBlockConfiguration: ['publicAccessBlock', (value) => document('PublicAccessBlockConfiguration', ['BlockPublicAcls', 'IgnorePublicAcls', 'BlockPublicPolicy', 'RestrictPublicBuckets'].map((name) => scalar(value, name)).join(''))],
  Tags: ['tagging', (value) => document('Tagging', `<TagSet>${list(value).map((one) => `<Tag>${scalar(one, 'Key')}${scalar(one, 'Value')}</Tag>`).join('')}</TagSet>`)],
  VersioningConfiguration: ['versioning', (value) => document('VersioningConfiguration', scalar(value, 'Status'))],
};
/** Set in another way, or their bucket's name. */
const ELSEWHERE = new Set(['BucketName', 'NotificationConfiguration']);

/**
 * Settings that a template gives a bucket: subresource → the document to put.
 * @throws Error for a property that would have no effect here
 */
export function bucketSettings(properties: Properties): Readonly<Record<string, string>> {
  return Object.fromEntries(Object.entries(properties).flatMap(([name, value]): [string, string][] => {
    if (ELSEWHERE.has(name) || value === undefined) return [];
    const setting = SETTINGS[name];
    if (!setting) throw new Error(`the local cloud does not do ${name} of a bucket: take it out of the template`);
    return [[setting[0], setting[1](value as Properties)]];
  }));
}
