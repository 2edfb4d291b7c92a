import type { ObjectCreated } from '../storage/front.ts';

/** One entry of a bucket's NotificationConfiguration. */
export interface BucketNotification {
  readonly Event: string;
  readonly Function?: string;
  readonly Queue?: string;
  readonly Topic?: string;
  readonly Filter?: { readonly S3Key: { readonly Rules: readonly { readonly Name: string; readonly Value: string }[] } };
}

export interface BucketNotifications {
  readonly LambdaConfigurations?: readonly BucketNotification[];
  readonly QueueConfigurations?: readonly BucketNotification[];
  readonly TopicConfigurations?: readonly BucketNotification[];
  readonly EventBridgeConfiguration?: { readonly EventBridgeEnabled?: unknown };
}

/** Whether a notification covers the object: its event name (with `*`) and its key's prefix and suffix. */
export function s3Matches(notification: BucketNotification, created: ObjectCreated): boolean {
  const name = `s3:${created.event}`;
  const covered = notification.Event.endsWith('*') ? name.startsWith(notification.Event.slice(0, -1)) : notification.Event === name;
  const rules = notification.Filter?.S3Key.Rules ?? [];
  return covered && rules.every((rule) => (rule.Name.toLowerCase() === 'prefix' ? created.key.startsWith(rule.Value) : created.key.endsWith(rule.Value)));
}

const bare = (eTag: string): string => eTag.replaceAll('"', '');
const sequencer = ({ at }: ObjectCreated): string => at.toString(16).toUpperCase().padStart(16, '0');
const REASONS: Readonly<Record<string, string>> = { 'ObjectCreated:Put': 'PutObject', 'ObjectCreated:Copy': 'CopyObject', 'ObjectCreated:CompleteMultipartUpload': 'CompleteMultipartUpload' };

/** What EventBridge is told of a new object. https://docs.aws.amazon.com/AmazonS3/latest/userguide/ev-events.html */
export const objectCreatedDetail = (created: ObjectCreated, accountId: string): Readonly<Record<string, unknown>> => ({
  version: '0', bucket: { name: created.bucket }, object: { key: created.key, size: created.size, etag: bare(created.eTag), ...(created.version !== undefined && { 'version-id': created.version }), sequencer: sequencer(created) },
  'request-id': 'local', requester: accountId, 'source-ip-address': '127.0.0.1', reason: REASONS[created.event],
});

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/notification-content-structure.html; keys are form-encoded there. */
export function s3Event(created: ObjectCreated, region: string): string {
  return JSON.stringify({
    Records: [{
      eventVersion: '2.1', eventSource: 'aws:s3', awsRegion: region, eventTime: new Date(created.at).toISOString(), eventName: created.event,
      userIdentity: { principalId: 'local' },
      s3: {
        s3SchemaVersion: '1.0', configurationId: 'local',
        bucket: { name: created.bucket, ownerIdentity: { principalId: 'local' }, arn: `arn:aws:s3:::${created.bucket}` },
        object: { key: encodeURIComponent(created.key).replaceAll('%20', '+').replaceAll('%2F', '/'), size: created.size, eTag: bare(created.eTag), ...(created.version !== undefined && { versionId: created.version }), sequencer: sequencer(created) },
      },
    }],
  });
}
