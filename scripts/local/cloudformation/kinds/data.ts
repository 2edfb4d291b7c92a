import { isDeepStrictEqual } from 'node:util';
import { plainText } from '../../plain-text.ts';
import { gone, present, text, type Cloud, type Existing, type ResourceKind } from '../kind.ts';

const streamArn = (cloud: Cloud, name: string): string => `arn:aws:kinesis:${cloud.region}:${cloud.accountId}:stream/${name}`;
const onDemand = ({ properties }: Pick<Existing, 'properties'>): boolean => (properties['StreamModeDetails'] as { StreamMode?: string } | undefined)?.StreamMode === 'ON_DEMAND';
const hours = ({ properties }: Pick<Existing, 'properties'>): number => Number(properties['RetentionPeriodHours'] ?? 24);

const stream: ResourceKind = {
  id: ({ properties, generatedName }) => text(properties, 'Name', generatedName),
  attributes: ({ physicalId }, cloud) => ({ Arn: streamArn(cloud, physicalId) }),
  exists: ({ physicalId }, cloud) => cloud.kinesis.streamNames().includes(physicalId),
  create(input, cloud) {
    cloud.kinesis.ensure(input.physicalId, { shardCount: Number(input.properties['ShardCount'] ?? (onDemand(input) ? 4 : 1)), retentionHours: hours(input), onDemand: onDemand(input) });
  },
  async update(input, cloud, old) {
    const call = (operation: string, more: Record<string, unknown>): Promise<unknown> => cloud.aws.call('kinesis', operation, { StreamName: input.physicalId, ...more });
    if (onDemand(input) !== onDemand(old)) await call('UpdateStreamMode', { StreamARN: streamArn(cloud, input.physicalId), StreamModeDetails: { StreamMode: onDemand(input) ? 'ON_DEMAND' : 'PROVISIONED' } });
    if (hours(input) !== hours(old)) await call(`${hours(input) > hours(old) ? 'Increase' : 'Decrease'}StreamRetentionPeriod`, { RetentionPeriodHours: hours(input) });
    const shards = input.properties['ShardCount'];
    if (!onDemand(input) && shards !== undefined && Number(shards) !== Number(old.properties['ShardCount'])) await call('UpdateShardCount', { TargetShardCount: Number(shards), ScalingType: 'UNIFORM_SCALING' });
  },
  remove: ({ physicalId }, cloud) => gone(cloud.aws.call('kinesis', 'DeleteStream', { StreamName: physicalId, EnforceConsumerDeletion: true })),
};

const streamConsumer: ResourceKind = {
  id: ({ properties, logicalId }) => `${text(properties, 'StreamARN', '')}/consumer/${text(properties, 'ConsumerName', logicalId)}:1`,
  attributes: ({ physicalId }) => ({ ConsumerARN: physicalId }),
  create: () => undefined,
  remove: () => undefined,
};

const liveOf = ({ properties }: Pick<Existing, 'properties'>): { AttributeName: string; Enabled: boolean } | undefined => {
  const given = properties['TimeToLiveSpecification'] as { AttributeName: string; Enabled: unknown } | undefined;
  return given && { AttributeName: given.AttributeName, Enabled: String(given.Enabled) === 'true' };
};

async function setTimeToLive(input: Existing, cloud: Cloud, old: Existing | undefined): Promise<void> {
  const wanted = liveOf(input);
  const before = old && liveOf(old);
  if (isDeepStrictEqual(wanted, before)) return;
  const set = (specification: { AttributeName: string; Enabled: boolean }): Promise<unknown> => cloud.dynamodb.call('UpdateTimeToLive', { TableName: input.physicalId, TimeToLiveSpecification: specification });
  if (before?.Enabled && !(wanted?.Enabled && wanted.AttributeName === before.AttributeName)) await set({ ...before, Enabled: false });
  if (wanted?.Enabled) await set(wanted).catch((error: unknown) => {
    if (!/already enabled/i.test(String(error))) throw error; // a table that was taken over
  });
}

interface Index { readonly IndexName: string; readonly ProvisionedThroughput?: unknown }

/** GlobalSecondaryIndexUpdates; on AWS too an update makes or deletes one at a time. */
function indexUpdates(fresh: readonly Index[], old: readonly Index[]): Record<string, unknown>[] {
  const before = new Map(old.map((index) => [index.IndexName, index]));
  const names = new Set(fresh.map((index) => index.IndexName));
  return [
    ...old.filter((index) => !names.has(index.IndexName)).map(({ IndexName }) => ({ Delete: { IndexName } })),
    ...fresh.flatMap((index): Record<string, unknown>[] => {
      const was = before.get(index.IndexName);
      if (!was) return [{ Create: index }];
      return isDeepStrictEqual(was.ProvisionedThroughput, index.ProvisionedThroughput) ? [] : [{ Update: { IndexName: index.IndexName, ProvisionedThroughput: index.ProvisionedThroughput } }];
    }),
  ];
}

const CREATED_WITH = ['AttributeDefinitions', 'KeySchema', 'GlobalSecondaryIndexes', 'LocalSecondaryIndexes', 'BillingMode', 'ProvisionedThroughput', 'Tags'];
const SET_AFTER = ['TableName', 'TimeToLiveSpecification', 'PointInTimeRecoverySpecification', 'SSESpecification', 'DeletionProtectionEnabled', 'TableClass'];

/** Settings that UpdateTable can change, in the API's form. @throws Error for a property that would have no effect here */
function tableSettings(properties: Readonly<Record<string, unknown>>): Record<string, unknown> {
  const unknown = Object.keys(properties).find((name) => !CREATED_WITH.includes(name) && !SET_AFTER.includes(name));
  if (unknown !== undefined) throw new Error(`the local cloud does not do ${unknown} of a table: take it out of the template`);
  const { SSESpecification: encryption, DeletionProtectionEnabled: protection, TableClass } = properties;
  return {
    ...(encryption !== undefined && { SSESpecification: { Enabled: plainText((encryption as { SSEEnabled?: unknown }).SSEEnabled) === 'true' } }),
    ...(protection !== undefined && { DeletionProtectionEnabled: plainText(protection) === 'true' }), ...(TableClass !== undefined && { TableClass }),
  };
}

async function setBackups(name: string, properties: Readonly<Record<string, unknown>>, cloud: Cloud): Promise<void> {
  const asked = properties['PointInTimeRecoverySpecification'] as { PointInTimeRecoveryEnabled?: unknown } | undefined;
  if (asked) await cloud.dynamodb.call('UpdateContinuousBackups', { TableName: name, PointInTimeRecoverySpecification: { PointInTimeRecoveryEnabled: plainText(asked.PointInTimeRecoveryEnabled) === 'true' } });
}

async function setTags(arn: string, properties: Readonly<Record<string, unknown>>, old: Readonly<Record<string, unknown>>, cloud: Cloud): Promise<void> {
  const [tags, before] = [(properties['Tags'] ?? []) as { Key: string }[], (old['Tags'] ?? []) as { Key: string }[]];
  if (isDeepStrictEqual(tags, before)) return;
  const dropped = before.map((tag) => tag.Key).filter((key) => !tags.some((tag) => tag.Key === key));
  if (dropped.length > 0) await cloud.dynamodb.call('UntagResource', { ResourceArn: arn, TagKeys: dropped });
  if (tags.length > 0) await cloud.dynamodb.call('TagResource', { ResourceArn: arn, Tags: tags });
}

const table: ResourceKind = {
  id: ({ properties, generatedName }) => text(properties, 'TableName', generatedName),
  attributes: ({ physicalId }, cloud) => ({ Arn: `arn:aws:dynamodb:${cloud.region}:${cloud.accountId}:table/${physicalId}`, StreamArn: '' }),
  exists: ({ physicalId }, cloud) => present(cloud.dynamodb.call('DescribeTable', { TableName: physicalId })),
  async create(input, cloud) {
    const settings = tableSettings(input.properties);
    if (!(input.adopt && (await present(cloud.dynamodb.call('DescribeTable', { TableName: input.physicalId }))))) {
      await cloud.dynamodb.call('CreateTable', { TableName: input.physicalId, ...settings, ...Object.fromEntries(CREATED_WITH.filter((key) => input.properties[key] !== undefined).map((key) => [key, input.properties[key]])) });
    }
    await setTimeToLive(input, cloud, undefined);
    await setBackups(input.physicalId, input.properties, cloud);
  },
  async update(input, cloud, old) {
    const { properties } = input;
    const settings = tableSettings(properties);
    const change: Record<string, unknown> = isDeepStrictEqual(settings, tableSettings(old.properties)) ? {} : settings;
    for (const name of ['BillingMode', 'ProvisionedThroughput']) if (properties[name] !== undefined && !isDeepStrictEqual(properties[name], old.properties[name])) change[name] = properties[name];
    const updates = indexUpdates((properties['GlobalSecondaryIndexes'] ?? []) as Index[], (old.properties['GlobalSecondaryIndexes'] ?? []) as Index[]);
    if (updates.filter((each) => 'Create' in each || 'Delete' in each).length > 1) throw new Error('Cannot perform more than one GSI creation or deletion in a single update');
    if (updates.length > 0) Object.assign(change, { GlobalSecondaryIndexUpdates: updates, AttributeDefinitions: properties['AttributeDefinitions'] });
    if (Object.keys(change).length > 0) await cloud.dynamodb.call('UpdateTable', { TableName: input.physicalId, ...change });
    await setTimeToLive(input, cloud, old);
    await setBackups(input.physicalId, properties, cloud);
    await setTags(`arn:aws:dynamodb:${cloud.region}:${cloud.accountId}:table/${input.physicalId}`, properties, old.properties, cloud);
  },
  async remove({ physicalId }, cloud) {
    await gone(cloud.dynamodb.call('DeleteTable', { TableName: physicalId }));
  },
};

const logGroup: ResourceKind = {
  id: ({ properties, generatedName }) => text(properties, 'LogGroupName', generatedName),
  attributes: ({ physicalId }, cloud) => ({ Arn: `arn:aws:logs:${cloud.region}:${cloud.accountId}:log-group:${physicalId}:*` }),
  async exists({ physicalId }, cloud) {
    const { logGroups } = (await cloud.aws.call('logs', 'DescribeLogGroups', { logGroupNamePrefix: physicalId })) as { logGroups?: { logGroupName: string }[] };
    return logGroups?.some((group) => group.logGroupName === physicalId) ?? false;
  },
  create({ physicalId, properties }, cloud) {
    const days = properties['RetentionInDays'];
    cloud.logs.ensureGroup(physicalId, days === undefined ? undefined : Number(days));
  },
  async update({ physicalId, properties }, cloud) {
    const days = properties['RetentionInDays'];
    if (days === undefined) await cloud.aws.call('logs', 'DeleteRetentionPolicy', { logGroupName: physicalId });
    else await cloud.aws.call('logs', 'PutRetentionPolicy', { logGroupName: physicalId, retentionInDays: Number(days) });
  },
  remove: ({ physicalId }, cloud) => cloud.logs.removeGroup(physicalId),
};

export const dataKinds: Readonly<Record<string, ResourceKind>> = {
  'AWS::Kinesis::Stream': stream,
  'AWS::Kinesis::StreamConsumer': streamConsumer,
  'AWS::DynamoDB::Table': table,
  'AWS::Logs::LogGroup': logGroup,
};
