import { AwsError } from '../../service.ts';
import { s3Event, s3Matches, type BucketNotifications } from '../../events/s3-event.ts';
import { text, type ResourceKind } from '../resource.ts';
import { plainText } from '../../plain-text.ts';

const bucket: ResourceKind = async (input, cloud) => {
  // Bucket names are lower case.
  const name = text(input.properties, 'BucketName', input.generatedName.toLowerCase());
  await cloud.aws.rest('s3', 'PUT', `/${name}`).catch((error: unknown) => {
    if (!(error instanceof AwsError && error.code.startsWith('BucketAlready'))) throw error;
  });
  const notifications = (input.properties['NotificationConfiguration'] ?? {}) as BucketNotifications;
  const attributes = { Arn: `arn:aws:s3:::${name}`, DomainName: `${name}.s3.amazonaws.com`, RegionalDomainName: `${name}.s3.${cloud.region}.amazonaws.com`, WebsiteURL: `http://${name}.s3-website.${cloud.region}.amazonaws.com` };
  const direct = [...(notifications.LambdaConfigurations ?? []), ...(notifications.QueueConfigurations ?? []), ...(notifications.TopicConfigurations ?? [])];
  if (direct.length === 0 && notifications.EventBridgeConfiguration === undefined) return { ref: name, attributes };
  return {
    ref: name,
    attributes,
    activate() {
      return cloud.storage.onObjectCreated(name, async (created) => {
        const sends = direct.filter((each) => s3Matches(each, created)).map((each) => cloud.destinations.deliver(each.Function ?? each.Queue ?? each.Topic ?? '', s3Event(created, cloud.region)));
        await Promise.all(sends);
        if (notifications.EventBridgeConfiguration === undefined) return;
        await cloud.rules.emit({
          'detail-type': 'Object Created', source: 'aws.s3', resources: [attributes.Arn],
          detail: { version: '0', bucket: { name }, object: { key: created.key, size: created.size, etag: created.eTag }, requester: cloud.accountId, reason: 'PutObject' },
        });
      });
    },
  };
};

const topic: ResourceKind = async (input, cloud) => {
  const name = text(input.properties, 'TopicName', input.generatedName);
  const answer = await cloud.aws.call('sns', 'CreateTopic', { Name: name });
  const arn = plainText(answer['TopicArn'] ?? `arn:aws:sns:${cloud.region}:${cloud.accountId}:${name}`);
  const inline = (input.properties['Subscription'] ?? []) as { Protocol: string; Endpoint: string }[];
  for (const each of inline) await cloud.aws.call('sns', 'Subscribe', { TopicArn: arn, Protocol: each.Protocol, Endpoint: each.Endpoint, ReturnSubscriptionArn: 'true' });
  return { ref: arn, attributes: { TopicArn: arn, TopicName: name } };
};

const subscription: ResourceKind = async (input, cloud) => {
  const { properties } = input;
  const attributes: Record<string, string> = {};
  if (properties['FilterPolicy'] !== undefined) attributes['FilterPolicy'] = JSON.stringify(properties['FilterPolicy']);
  if (properties['FilterPolicyScope'] !== undefined) attributes['FilterPolicyScope'] = plainText(properties['FilterPolicyScope']);
  if (properties['RawMessageDelivery'] !== undefined) attributes['RawMessageDelivery'] = plainText(properties['RawMessageDelivery']);
  const answer = await cloud.aws.call('sns', 'Subscribe', {
    TopicArn: properties['TopicArn'], Protocol: properties['Protocol'], Endpoint: properties['Endpoint'], ReturnSubscriptionArn: 'true',
    ...(Object.keys(attributes).length > 0 ? { Attributes: attributes } : {}),
  });
  const arn = plainText(answer['SubscriptionArn'] ?? `${text(properties, 'TopicArn', '')}:${input.logicalId}`);
  return { ref: arn, attributes: { Arn: arn } };
};

const QUEUE_ATTRIBUTES = ['DelaySeconds', 'MaximumMessageSize', 'MessageRetentionPeriod', 'ReceiveMessageWaitTimeSeconds', 'VisibilityTimeout', 'RedrivePolicy', 'FifoQueue', 'ContentBasedDeduplication'];

const queue: ResourceKind = async (input, cloud) => {
  const { properties } = input;
  const name = text(properties, 'QueueName', input.generatedName);
  const attributes: Record<string, string> = {};
  for (const key of QUEUE_ATTRIBUTES) {
    const value = properties[key];
    if (value !== undefined) attributes[key] = plainText(value);
  }
  const created = await cloud.aws.call('sqs', 'CreateQueue', { QueueName: name, Attributes: attributes }).catch(async (error: unknown) => {
    if (!(error instanceof AwsError && /Exist/.test(error.code))) throw error;
    const found = await cloud.aws.call('sqs', 'GetQueueUrl', { QueueName: name });
    await cloud.aws.call('sqs', 'SetQueueAttributes', { QueueUrl: found['QueueUrl'], Attributes: attributes });
    return found;
  });
  const url = String(created['QueueUrl']);
  return { ref: url, attributes: { Arn: `arn:aws:sqs:${cloud.region}:${cloud.accountId}:${name}`, QueueName: name, QueueUrl: url } };
};

export const storageKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::S3::Bucket': bucket,
  'AWS::SNS::Topic': topic,
  'AWS::SNS::Subscription': subscription,
  'AWS::SQS::Queue': queue,
};
