import { plainText } from '../../plain-text.ts';
import { objectCreatedDetail, s3Event, s3Matches, type BucketNotifications } from '../../events/s3-event.ts';
import { bucketSettings } from '../../storage/s3/bucket-properties.ts';
import { gone, present, text, type Cloud, type Existing, type ResourceKind } from '../kind.ts';

type Properties = Readonly<Record<string, unknown>>;

const bucketArn = (name: string): string => `arn:aws:s3:::${name}`;

/** Notifications live in this process: what S3 tells while nobody listens waits for the next listener. */
async function listen({ physicalId: name, properties }: Existing, cloud: Cloud): Promise<void> {
  const notifications = (properties['NotificationConfiguration'] ?? {}) as BucketNotifications;
  const direct = [...(notifications.LambdaConfigurations ?? []), ...(notifications.QueueConfigurations ?? []), ...(notifications.TopicConfigurations ?? [])];
  const toBus = notifications.EventBridgeConfiguration !== undefined && plainText(notifications.EventBridgeConfiguration.EventBridgeEnabled ?? true) === 'true';
  if (direct.length === 0 && !toBus) return cloud.storage.onObjectCreated(name, () => undefined);
  await cloud.storage.onObjectCreated(name, async (created) => {
    const sends = direct.filter((each) => s3Matches(each, created)).map((each) => cloud.destinations.deliver(each.Function ?? each.Queue ?? each.Topic ?? '', s3Event(created, cloud.region), { from: { service: 's3.amazonaws.com', sourceArn: bucketArn(name) } }));
    await Promise.all(sends);
    if (!toBus) return;
    await cloud.rules.emit({ 'detail-type': 'Object Created', source: 'aws.s3', resources: [bucketArn(name)], detail: objectCreatedDetail(created, cloud.accountId) });
  });
}

/** Brings the bucket's settings from those of `old` to those of `properties`. */
async function set(name: string, properties: Properties, cloud: Cloud, old: Properties = {}): Promise<void> {
  const [wanted, before] = [bucketSettings(properties), bucketSettings(old)];
  for (const [subresource, document] of Object.entries(wanted)) if (document !== before[subresource]) await cloud.aws.rest('s3', 'PUT', `/${name}?${subresource}`, document);
  for (const subresource of Object.keys(before).filter((one) => wanted[one] === undefined)) {
    if (subresource === 'versioning') await cloud.aws.rest('s3', 'PUT', `/${name}?versioning`, '<VersioningConfiguration><Status>Suspended</Status></VersioningConfiguration>');
    else await cloud.aws.rest('s3', 'DELETE', `/${name}?${subresource}`);
  }
}
const listens = ({ properties }: Existing): boolean => properties['NotificationConfiguration'] !== undefined;

const bucket: ResourceKind = {
  // bucket names are lower case
  id: ({ properties, generatedName }) => text(properties, 'BucketName', generatedName.toLowerCase()),
  attributes: ({ physicalId: name }, { region }) => ({ Arn: bucketArn(name), DomainName: `${name}.s3.amazonaws.com`, RegionalDomainName: `${name}.s3.${region}.amazonaws.com`, DualStackDomainName: `${name}.s3.dualstack.${region}.amazonaws.com`, WebsiteURL: `http://${name}.s3-website-${region}.amazonaws.com` }),
  exists: ({ physicalId }, cloud) => present(cloud.aws.rest('s3', 'HEAD', `/${physicalId}`)),
  async create(input, cloud) {
    bucketSettings(input.properties); // what it refuses is refused before anything is made
    if (!(input.adopt && (await present(cloud.aws.rest('s3', 'HEAD', `/${input.physicalId}`))))) await cloud.aws.rest('s3', 'PUT', `/${input.physicalId}`);
    await set(input.physicalId, input.properties, cloud);
    if (listens(input)) await listen(input, cloud);
  },
  async update(input, cloud, old) {
    await set(input.physicalId, input.properties, cloud, old.properties);
    if (listens(input) || listens(old)) await listen(input, cloud);
  },
  async remove(existing, cloud) {
    await gone(cloud.aws.rest('s3', 'DELETE', `/${existing.physicalId}`));
    if (listens(existing)) await cloud.storage.onObjectCreated(existing.physicalId, () => undefined).catch(() => undefined);
  },
  async restore(existing, cloud) {
    if (listens(existing)) await listen(existing, cloud);
  },
};

const TOPIC_ATTRIBUTES = ['DisplayName', 'KmsMasterKeyId', 'SignatureVersion', 'TracingConfig', 'ContentBasedDeduplication', 'DeliveryPolicy'];

const topic: ResourceKind = {
  id: ({ properties, generatedName }, cloud) => `arn:aws:sns:${cloud.region}:${cloud.accountId}:${text(properties, 'TopicName', String(properties['FifoTopic']) === 'true' ? `${generatedName}.fifo` : generatedName)}`,
  attributes: ({ physicalId }) => ({ TopicArn: physicalId, TopicName: physicalId.split(':').at(-1) ?? '' }),
  exists: ({ physicalId }, cloud) => present(cloud.aws.call('sns', 'GetTopicAttributes', { TopicArn: physicalId })),
  async create({ physicalId, properties }, cloud) {
    const attributes = Object.fromEntries([...TOPIC_ATTRIBUTES, 'FifoTopic'].flatMap((name) => (properties[name] === undefined ? [] : [[name, plainText(properties[name])]])));
    await cloud.aws.call('sns', 'CreateTopic', { Name: physicalId.split(':').at(-1), ...(Object.keys(attributes).length > 0 ? { Attributes: attributes } : {}) });
    for (const each of (properties['Subscription'] ?? []) as { Protocol: string; Endpoint: string }[]) await cloud.aws.call('sns', 'Subscribe', { TopicArn: physicalId, Protocol: each.Protocol, Endpoint: each.Endpoint, ReturnSubscriptionArn: 'true' });
  },
  async update({ physicalId, properties }, cloud, old) {
    for (const name of TOPIC_ATTRIBUTES) {
      const value = properties[name] === undefined ? '' : plainText(properties[name]);
      if (value !== (old.properties[name] === undefined ? '' : plainText(old.properties[name]))) await cloud.aws.call('sns', 'SetTopicAttributes', { TopicArn: physicalId, AttributeName: name, AttributeValue: value });
    }
    for (const each of (properties['Subscription'] ?? []) as { Protocol: string; Endpoint: string }[]) await cloud.aws.call('sns', 'Subscribe', { TopicArn: physicalId, Protocol: each.Protocol, Endpoint: each.Endpoint, ReturnSubscriptionArn: 'true' });
  },
  remove: ({ physicalId }, cloud) => gone(cloud.aws.call('sns', 'DeleteTopic', { TopicArn: physicalId })),
};

const subscriptionAttributes = (properties: Properties): Record<string, string> =>
  Object.fromEntries(['FilterPolicyScope', 'FilterPolicy', 'RawMessageDelivery', 'RedrivePolicy', 'DeliveryPolicy'].flatMap((name) => (properties[name] === undefined ? [] : [[name, plainText(properties[name])]])));

const subscription: ResourceKind = {
  id: () => '',
  attributes: ({ physicalId }) => ({ Arn: physicalId }),
  async create({ properties, logicalId }, cloud) {
    const attributes = subscriptionAttributes(properties);
    const answer = await cloud.aws.call('sns', 'Subscribe', {
      TopicArn: properties['TopicArn'], Protocol: properties['Protocol'], Endpoint: properties['Endpoint'], ReturnSubscriptionArn: 'true', ...(Object.keys(attributes).length > 0 ? { Attributes: attributes } : {}),
    });
    return { physicalId: plainText(answer['SubscriptionArn'] ?? `${text(properties, 'TopicArn', '')}:${logicalId}`) };
  },
  async update({ physicalId, properties }, cloud, old) {
    const fresh = subscriptionAttributes(properties);
    const before = subscriptionAttributes(old.properties);
    for (const name of new Set([...Object.keys(fresh), ...Object.keys(before)])) {
      if (fresh[name] !== before[name]) await cloud.aws.call('sns', 'SetSubscriptionAttributes', { SubscriptionArn: physicalId, AttributeName: name, AttributeValue: fresh[name] ?? (name === 'RawMessageDelivery' ? 'false' : '{}') });
    }
  },
  remove: ({ physicalId }, cloud) => gone(cloud.aws.call('sns', 'Unsubscribe', { SubscriptionArn: physicalId })),
};

/** With the value that an attribute falls back to when it is taken out of the template. */
const QUEUE_ATTRIBUTES: Readonly<Record<string, string>> = {
  DelaySeconds: '0', MaximumMessageSize: '1048576', MessageRetentionPeriod: '345600', ReceiveMessageWaitTimeSeconds: '0', VisibilityTimeout: '30', RedrivePolicy: '', RedriveAllowPolicy: '', KmsMasterKeyId: '', ContentBasedDeduplication: 'false', DeduplicationScope: 'queue', FifoThroughputLimit: 'perQueue',
};
const queueNameOf = (url: string): string => url.slice(url.lastIndexOf('/') + 1);

const queue: ResourceKind = {
  id: ({ properties, generatedName }, cloud) => `${cloud.endpoint}/${cloud.accountId}/${text(properties, 'QueueName', String(properties['FifoQueue']) === 'true' ? `${generatedName}.fifo` : generatedName)}`,
  attributes: ({ physicalId }, cloud) => ({ Arn: `arn:aws:sqs:${cloud.region}:${cloud.accountId}:${queueNameOf(physicalId)}`, QueueName: queueNameOf(physicalId), QueueUrl: physicalId }),
  exists: ({ physicalId }, cloud) => present(cloud.aws.call('sqs', 'GetQueueUrl', { QueueName: queueNameOf(physicalId) })),
  async create(input, cloud) {
    const { properties, physicalId } = input;
    const attributes = Object.fromEntries([...Object.keys(QUEUE_ATTRIBUTES), 'FifoQueue'].flatMap((name) => (properties[name] === undefined ? [] : [[name, plainText(properties[name])]])));
    if (input.adopt && (await present(cloud.aws.call('sqs', 'GetQueueUrl', { QueueName: queueNameOf(physicalId) })))) await cloud.aws.call('sqs', 'SetQueueAttributes', { QueueUrl: physicalId, Attributes: Object.fromEntries(Object.entries(attributes).filter(([name]) => name !== 'FifoQueue')) });
    else await cloud.aws.call('sqs', 'CreateQueue', { QueueName: queueNameOf(physicalId), Attributes: attributes });
  },
  async update({ physicalId, properties }, cloud, old) {
    const value = (from: Properties, name: string): string => (from[name] === undefined ? (QUEUE_ATTRIBUTES[name] ?? '') : plainText(from[name]));
    const changed = Object.keys(QUEUE_ATTRIBUTES).filter((name) => value(properties, name) !== value(old.properties, name));
    if (changed.length > 0) await cloud.aws.call('sqs', 'SetQueueAttributes', { QueueUrl: physicalId, Attributes: Object.fromEntries(changed.map((name) => [name, value(properties, name)])) });
  },
  remove: ({ physicalId }, cloud) => gone(cloud.aws.call('sqs', 'DeleteQueue', { QueueUrl: physicalId })),
};

export const storageKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::S3::Bucket': bucket,
  'AWS::SNS::Topic': topic,
  'AWS::SNS::Subscription': subscription,
  'AWS::SQS::Queue': queue,
};
