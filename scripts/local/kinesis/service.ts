import { optionalText, text } from '../fields.ts';
import { AwsError, jsonProtocol } from '../service.ts';
import type { JsonOperation, LocalService } from '../service.ts';
import type { LogStream } from './log-types.ts';
import { putRecord, putRecords } from './put-records.ts';
import type { Refuse } from './put-records.ts';
import { getRecords, getShardIterator } from './read-records.ts';
import { isOpen, merge, resize, shardOf, split } from './shards.ts';
import type { StreamStore } from './stream-store.ts';
import type { Shard } from './streams.ts';

const ARN = 'arn:aws:kinesis:eu-west-1:000000000000:stream/';
/** What an on-demand stream starts with. */
const ON_DEMAND_SHARDS = 4;

type Input = Record<string, unknown>;

function nameIn(input: Input): string {
  const name = optionalText(input, 'StreamName') ?? text(input, 'StreamARN', text(input, 'ResourceARN')).replace(/^.*:stream\//, '');
  if (name === '') throw new AwsError('InvalidArgumentException', 'Name the stream by StreamName or StreamARN.');
  return name;
}

const shape = (shard: Shard): unknown => ({
  ShardId: shard.shardId, ParentShardId: shard.parentShardId, AdjacentParentShardId: shard.adjacentParentShardId,
  HashKeyRange: { StartingHashKey: shard.startingHashKey, EndingHashKey: shard.endingHashKey },
  SequenceNumberRange: { StartingSequenceNumber: shard.startingSequenceNumber, EndingSequenceNumber: shard.endingSequenceNumber },
});

const summary = (stream: LogStream): Input => ({
  StreamName: stream.name, StreamARN: ARN + stream.name, StreamStatus: 'ACTIVE', RetentionPeriodHours: stream.retentionHours,
  StreamModeDetails: { StreamMode: stream.onDemand ? 'ON_DEMAND' : 'PROVISIONED' }, StreamCreationTimestamp: stream.createdAt / 1000,
  EnhancedMonitoring: [{ ShardLevelMetrics: [] }], EncryptionType: 'NONE',
});

/** Kinesis Data Streams over a store. `refuse` lets a test or a limit reject single records of a PutRecords. */
export function kinesisService(store: StreamStore, refuse?: Refuse): LocalService {
  const change = (edit: (stream: LogStream, input: Input) => unknown): JsonOperation => (input) => {
    const stream = store.stream(nameIn(input));
    const answer = edit(stream, input);
    store.changed(stream);
    return answer;
  };
  const tag = change((stream, input) => void Object.assign(stream.tags, input['Tags']));
  const untag = change((stream, input) => {
    const gone = input['TagKeys'] as string[];
    stream.tags = Object.fromEntries(Object.entries(stream.tags).filter(([key]) => !gone.includes(key)));
  });
  const tags: JsonOperation = (input) => ({ Tags: Object.entries(store.stream(nameIn(input)).tags).map(([Key, Value]) => ({ Key, Value })), HasMoreTags: false });
  const retain = change((stream, input) => void (stream.retentionHours = Number(input['RetentionPeriodHours'])));

  return {
    ...jsonProtocol(['kinesis'], {
      PutRecord: (input) => putRecord(store, nameIn(input), input),
      PutRecords: (input) => putRecords(store, nameIn(input), (input['Records'] ?? []) as [], refuse),
      GetRecords: (input) => getRecords(store, input),
      GetShardIterator: (input) => getShardIterator(store, nameIn(input), input),
      CreateStream: (input) => {
        const name = nameIn(input);
        if (store.streamNames().includes(name)) throw new AwsError('ResourceInUseException', `Stream ${name} under account 000000000000 already exists.`);
        const onDemand = (input['StreamModeDetails'] as Input | undefined)?.['StreamMode'] === 'ON_DEMAND';
        store.ensure(name, { shardCount: Number(input['ShardCount'] ?? (onDemand ? ON_DEMAND_SHARDS : 1)), onDemand });
        Object.assign(store.stream(name).tags, input['Tags']);
        store.changed(store.stream(name));
      },
      DeleteStream: (input) => store.remove(nameIn(input)),
      ListStreams: () => ({ StreamNames: store.streamNames(), StreamSummaries: store.streamNames().map((name) => summary(store.stream(name))), HasMoreStreams: false }),
      DescribeStream: (input) => ({ StreamDescription: { ...summary(store.stream(nameIn(input))), Shards: store.shards(nameIn(input)).map(shape), HasMoreShards: false } }),
      DescribeStreamSummary: (input) => {
        const stream = store.stream(nameIn(input));
        return { StreamDescriptionSummary: { ...summary(stream), OpenShardCount: stream.shards.filter(isOpen).length, ConsumerCount: 0 } };
      },
      ListShards: (input) => {
        const openOnly = (input['ShardFilter'] as Input | undefined)?.['Type'] === 'AT_LATEST';
        return { Shards: store.shards(nameIn(input)).filter((shard) => !openOnly || shard.endingSequenceNumber === undefined).map(shape) };
      },
      SplitShard: change((stream, input) => split(stream, shardOf(stream, String(input['ShardToSplit'])), BigInt(String(input['NewStartingHashKey'])), store.maker)),
      MergeShards: change((stream, input) => merge(stream, shardOf(stream, String(input['ShardToMerge'])), shardOf(stream, String(input['AdjacentShardToMerge'])), store.maker)),
      UpdateShardCount: change((stream, input) => {
        const before = stream.shards.filter(isOpen).length;
        resize(stream, Number(input['TargetShardCount']), store.maker);
        return { StreamName: stream.name, StreamARN: ARN + stream.name, CurrentShardCount: before, TargetShardCount: input['TargetShardCount'] };
      }),
      UpdateStreamMode: change((stream, input) => void (stream.onDemand = (input['StreamModeDetails'] as Input)['StreamMode'] === 'ON_DEMAND')),
      IncreaseStreamRetentionPeriod: retain,
      DecreaseStreamRetentionPeriod: retain,
      AddTagsToStream: tag,
      TagResource: tag,
      RemoveTagsFromStream: untag,
      UntagResource: untag,
      ListTagsForStream: tags,
      ListTagsForResource: tags,
    }),
    close: () => store.close(),
  };
}
