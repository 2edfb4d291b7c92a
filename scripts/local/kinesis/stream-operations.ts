import { optionalText, text } from '../fields.ts';
import { AwsError } from '../service.ts';
import type { JsonOperation } from '../service.ts';
import type { LogStream } from './log-types.ts';
import { shardShape } from './list-shards.ts';
import { isOpen, merge, resize, shardOf, split } from './shards.ts';
import type { StreamStore } from './stream-store.ts';

const ARN = 'arn:aws:kinesis:eu-west-1:000000000000:stream/';
/** What an on-demand stream starts with. */
const ON_DEMAND_SHARDS = 4;
const HOURS = { least: 24, most: 8760 };
const PAGE = 100;
const MOST_TAGS = 50;

type Input = Record<string, unknown>;
type Edit = (stream: LogStream, input: Input) => unknown;

export function streamName(input: Input): string {
  const name = optionalText(input, 'StreamName') ?? text(input, 'StreamARN', text(input, 'ResourceARN')).replace(/^.*:stream\//, '');
  if (name === '') throw new AwsError('InvalidArgumentException', 'Either StreamName or StreamARN must be provided.');
  if (!/^[\w.-]{1,128}$/.test(name)) throw new AwsError('ValidationException', `1 validation error detected: Value '${name}' at 'streamName' failed to satisfy constraint: Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+`);
  return name;
}

const summary = (stream: LogStream): Input => ({
  StreamName: stream.name, StreamARN: ARN + stream.name, StreamStatus: 'ACTIVE', RetentionPeriodHours: stream.retentionHours,
  StreamModeDetails: { StreamMode: stream.onDemand ? 'ON_DEMAND' : 'PROVISIONED' }, StreamCreationTimestamp: stream.createdAt / 1000,
  EnhancedMonitoring: [{ ShardLevelMetrics: [] }], EncryptionType: 'NONE',
});

const count = (value: unknown, name: string): number => {
  const number = Number(value);
  if (!Number.isInteger(number) || number < 1) throw new AwsError('ValidationException', `1 validation error detected: Value '${String(value)}' at '${name}' failed to satisfy constraint: Member must have value greater than or equal to 1`);
  return number;
};

/** Hours must be allowed and not go the other operation's way. */
const retain = (direction: 'Increase' | 'Decrease'): Edit => (stream, input) => {
  const hours = Number(input['RetentionPeriodHours']);
  const requested = `Requested retention period (${hours} hours)`;
  const refuse = (message: string): never => {
    throw new AwsError('InvalidArgumentException', message);
  };
  if (!(hours >= HOURS.least)) refuse(`Minimum allowed retention period is ${HOURS.least} hours. ${requested} is too short.`);
  if (hours > HOURS.most) refuse(`Maximum allowed retention period is ${HOURS.most} hours. ${requested} is too long.`);
  if (direction === 'Increase' && hours < stream.retentionHours) refuse(`${requested} for stream ${stream.name} can not be shorter than existing retention period (${stream.retentionHours} hours). Use DecreaseRetentionPeriod API.`);
  if (direction === 'Decrease' && hours > stream.retentionHours) refuse(`${requested} for stream ${stream.name} can not be longer than existing retention period (${stream.retentionHours} hours). Use IncreaseRetentionPeriod API.`);
  stream.retentionHours = hours;
};

const provisioned = (operation: string, edit: Edit): Edit => (stream, input) => {
  if (stream.onDemand) throw new AwsError('ValidationException', `${operation} is only for streams of the provisioned capacity mode; ${stream.name} is ON_DEMAND.`);
  return edit(stream, input);
};

const addTags: Edit = (stream, input) => {
  const tags = { ...stream.tags, ...(input['Tags'] as Record<string, string> | undefined) };
  if (Object.keys(tags).length > MOST_TAGS) throw new AwsError('InvalidArgumentException', `Failed to add tags to stream ${stream.name}: a stream cannot have more than ${MOST_TAGS} tags.`);
  stream.tags = tags;
};

const removeTags: Edit = (stream, input) => {
  const gone = (input['TagKeys'] ?? []) as string[];
  stream.tags = Object.fromEntries(Object.entries(stream.tags).filter(([key]) => !gone.includes(key)));
};

/** Streams and their settings. https://docs.aws.amazon.com/kinesis/latest/APIReference/API_Operations.html */
export function streamOperations(store: StreamStore): Readonly<Record<string, JsonOperation>> {
  const change = (edit: Edit): JsonOperation => (input) => {
    const stream = store.stream(streamName(input));
    const answer = edit(stream, input);
    store.changed(stream);
    return answer;
  };
  const tags = (input: Input): { Key: string; Value: string }[] =>
    Object.entries(store.stream(streamName(input)).tags).sort(([a], [b]) => (a < b ? -1 : 1)).map(([Key, Value]) => ({ Key, Value }));
  const openShards = (): number => store.streamNames().reduce((sum, name) => sum + store.stream(name).shards.filter(isOpen).length, 0);

  return {
    CreateStream(input) {
      const name = streamName(input);
      if (store.streamNames().includes(name)) throw new AwsError('ResourceInUseException', `Stream ${name} under account 000000000000 already exists.`);
      const onDemand = (input['StreamModeDetails'] as Input | undefined)?.['StreamMode'] === 'ON_DEMAND';
      if (!onDemand && input['ShardCount'] === undefined) throw new AwsError('ValidationException', 'ShardCount is required for a stream of the provisioned capacity mode.');
      if (input['MaxRecordSizeInKiB'] !== undefined && input['MaxRecordSizeInKiB'] !== 1024) throw new AwsError('InvalidArgumentException', 'The local cloud has records of up to 1024 KiB only.');
      store.ensure(name, { shardCount: onDemand ? ON_DEMAND_SHARDS : count(input['ShardCount'], 'shardCount'), onDemand });
      addTags(store.stream(name), input);
      store.changed(store.stream(name));
    },
    DeleteStream: (input) => store.remove(streamName(input)),
    ListStreams(input) {
      const after = text(input, 'NextToken', text(input, 'ExclusiveStartStreamName'));
      const behind = store.streamNames().filter((name) => name > after);
      const page = behind.slice(0, Math.min(count(input['Limit'] ?? PAGE, 'limit'), PAGE));
      const more = behind.length > page.length;
      return { StreamNames: page, StreamSummaries: page.map((name) => summary(store.stream(name))), HasMoreStreams: more, ...(more && { NextToken: page.at(-1) }) };
    },
    DescribeStream(input) {
      const stream = store.stream(streamName(input));
      const behind = stream.shards.filter((shard) => shard.shardId > text(input, 'ExclusiveStartShardId'));
      const page = behind.slice(0, Math.min(count(input['Limit'] ?? PAGE, 'limit'), PAGE));
      return { StreamDescription: { ...summary(stream), Shards: page.map(shardShape), HasMoreShards: behind.length > page.length } };
    },
    DescribeStreamSummary(input) {
      const stream = store.stream(streamName(input));
      return { StreamDescriptionSummary: { ...summary(stream), OpenShardCount: stream.shards.filter(isOpen).length, ConsumerCount: 0, MaxRecordSizeInKiB: 1024 } };
    },
    DescribeLimits: () => ({ ShardLimit: 20_000, OpenShardCount: openShards(), OnDemandStreamCount: store.streamNames().filter((name) => store.stream(name).onDemand).length, OnDemandStreamCountLimit: 50 }),
    SplitShard: change(provisioned('SplitShard', (stream, input) => split(stream, shardOf(stream, String(input['ShardToSplit'])), hashKeyOf(input), store.maker))),
    MergeShards: change(provisioned('MergeShards', (stream, input) => merge(stream, shardOf(stream, String(input['ShardToMerge'])), shardOf(stream, String(input['AdjacentShardToMerge'])), store.maker))),
    UpdateShardCount: change(provisioned('UpdateShardCount', (stream, input) => {
      const current = stream.shards.filter(isOpen).length;
      const target = count(input['TargetShardCount'], 'targetShardCount');
      if (input['ScalingType'] !== 'UNIFORM_SCALING') throw new AwsError('ValidationException', `1 validation error detected: Value '${String(input['ScalingType'])}' at 'scalingType' failed to satisfy constraint: Member must satisfy enum value set: [UNIFORM_SCALING]`);
      const counts = `Current open shard count: ${current} Target shard count: ${target}`;
      if (target > current * 2) throw new AwsError('LimitExceededException', `UpdateShardCount cannot scale up over double your current open shard count. ${counts}`);
      if (target < current / 2) throw new AwsError('LimitExceededException', `UpdateShardCount cannot scale down below half your current open shard count. ${counts}`);
      resize(stream, target, store.maker);
      return { StreamName: stream.name, StreamARN: ARN + stream.name, CurrentShardCount: current, TargetShardCount: target };
    })),
    UpdateStreamMode: change((stream, input) => void (stream.onDemand = (input['StreamModeDetails'] as Input | undefined)?.['StreamMode'] === 'ON_DEMAND')),
    IncreaseStreamRetentionPeriod: change(retain('Increase')),
    DecreaseStreamRetentionPeriod: (input, request) => {
      change(retain('Decrease'))(input, request);
      store.trim();
    },
    AddTagsToStream: change(addTags),
    TagResource: change(addTags),
    RemoveTagsFromStream: change(removeTags),
    UntagResource: change(removeTags),
    ListTagsForStream(input) {
      const behind = tags(input).filter(({ Key }) => Key > text(input, 'ExclusiveStartTagKey'));
      const page = behind.slice(0, Math.min(count(input['Limit'] ?? MOST_TAGS, 'limit'), MOST_TAGS));
      return { Tags: page, HasMoreTags: behind.length > page.length };
    },
    ListTagsForResource: (input) => ({ Tags: tags(input) }),
  };
}

function hashKeyOf(input: Input): bigint {
  const key = text(input, 'NewStartingHashKey');
  if (!/^(0|[1-9]\d{0,38})$/.test(key)) throw new AwsError('ValidationException', `1 validation error detected: Value '${key}' at 'newStartingHashKey' failed to satisfy constraint: Member must satisfy regular expression pattern: 0|([1-9]\\d{0,38})`);
  return BigInt(key);
}
