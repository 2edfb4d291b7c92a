import type { Gate } from '../gate/gate.ts';
import type { MetricStore } from '../metrics.ts';
import { AwsError, jsonProtocol } from '../service.ts';
import type { JsonOperation, LocalService } from '../service.ts';
import { listShards } from './list-shards.ts';
import { putRecord, putRecords } from './put-records.ts';
import { getRecords, getShardIterator } from './read-records.ts';
import { streamName, streamOperations } from './stream-operations.ts';
import type { StreamStore } from './stream-store.ts';

/** Operations of the service that this one refuses by a reason instead of not knowing them. */
const REFUSED: Readonly<Record<string, string>> = {
  ...Object.fromEntries(['RegisterStreamConsumer', 'DeregisterStreamConsumer', 'DescribeStreamConsumer', 'ListStreamConsumers', 'SubscribeToShard']
    .map((name) => [name, 'has no enhanced fan-out: read with GetShardIterator and GetRecords, or by an event source mapping of the stream'])),
  StartStreamEncryption: 'does not encrypt streams',
  StopStreamEncryption: 'does not encrypt streams',
  EnableEnhancedMonitoring: 'has no metrics of single shards',
  DisableEnhancedMonitoring: 'has no metrics of single shards',
};

const refused = (name: string, reason: string): JsonOperation => () => {
  process.stderr.write(`local cloud: kinesis ${name} refused: the local cloud ${reason}\n`);
  throw new AwsError('InvalidArgumentException', `${name}: the local cloud ${reason}.`);
};

/** Kinesis Data Streams over a store. The gate may let single records of a PutRecords fail. */
export function kinesisService(store: StreamStore, metrics: MetricStore, gate: Gate): LocalService {
  return {
    ...jsonProtocol(['kinesis'], {
      PutRecord: (input) => putRecord(store, streamName(input), input, metrics),
      PutRecords: (input, request) => putRecords(store, streamName(input), (input['Records'] ?? []) as [], metrics, (ids) => gate.failing({ ...request, input: () => input }, ids)),
      GetRecords: (input) => getRecords(store, input, metrics),
      GetShardIterator: (input) => getShardIterator(store, streamName(input), input),
      ListShards: (input) => listShards(store, input, streamName),
      ...streamOperations(store),
      ...Object.fromEntries(Object.entries(REFUSED).map(([name, reason]) => [name, refused(name, reason)])),
    }),
    close: () => store.close(),
  };
}
