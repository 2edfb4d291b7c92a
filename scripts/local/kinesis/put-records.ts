import { certain } from '../certain.ts';
import type { MetricStore } from '../metrics.ts';
import { AwsError } from '../service.ts';
import type { NewRecord, RoutedRecord, StreamStore } from './stream-store.ts';
import { rateExceeded } from './throughput.ts';

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
const MOST_RECORDS = 500;
const MOST_BYTES = 10 * 1024 * 1024;
const MOST_RECORD_BYTES = 1024 * 1024;
const LAST_HASH_KEY = 2n ** 128n - 1n;

export interface Entry {
  readonly Data?: string;
  readonly PartitionKey?: string;
  readonly ExplicitHashKey?: string;
}

/**
 * Errors of single entries of a PutRecords that succeeds as a call, by `<stream>/<place in the list>/<partition key>`; undefined =
 * none. The service has two codes: `ProvisionedThroughputExceededException` and `InternalFailure`.
 */
export type FailingEntries = (ids: readonly string[]) => ReadonlyMap<string, AwsError> | undefined;

const bytesOf = (record: NewRecord): number => record.data.length + Buffer.byteLength(record.partitionKey);

function read(entry: Entry): NewRecord {
  const partitionKey = entry.PartitionKey ?? '';
  if (partitionKey.length === 0 || partitionKey.length > 256) throw new AwsError('ValidationException', "1 validation error detected: Value at 'partitionKey' failed to satisfy constraint: Member must have length between 1 and 256");
  if (entry.Data === undefined) throw new AwsError('ValidationException', "1 validation error detected: Value null at 'data' failed to satisfy constraint: Member must not be null");
  const record: NewRecord = { partitionKey, data: Buffer.from(entry.Data, 'base64'), ...(entry.ExplicitHashKey !== undefined && { explicitHashKey: entry.ExplicitHashKey }) };
  if (bytesOf(record) > MOST_RECORD_BYTES) throw new AwsError('ValidationException', `1 validation error detected: Value at 'data' failed to satisfy constraint: a record may have ${MOST_RECORD_BYTES} bytes, partition key included, not ${bytesOf(record)}`);
  if (record.explicitHashKey !== undefined && !(/^(0|[1-9]\d{0,38})$/.test(record.explicitHashKey) && BigInt(record.explicitHashKey) <= LAST_HASH_KEY)) {
    throw new AwsError('InvalidArgumentException', `Invalid ExplicitHashKey. ExplicitHashKey must be in the range: [0, 2^128-1]. Specified value was ${record.explicitHashKey}`);
  }
  return record;
}

interface Answer {
  error?: AwsError;
  placed?: object;
}

/** Writes what neither its shard's limits nor `failing` hold back. */
function put(store: StreamStore, stream: string, records: readonly NewRecord[], metrics: MetricStore, failing: FailingEntries = () => undefined): Answer[] {
  const limited = store.stream(stream).limited === true;
  const routed = store.route(stream, records);
  const ids = routed.map((record, place) => `${stream}/${place}/${record.partitionKey}`);
  const failed = failing(ids);
  const answers = routed.map((record, place): Answer => {
    const error = failed?.get(certain(ids[place], 'an id for each record'));
    if (error) return { error };
    return limited && !store.throughput.takes(record.shard, bytesOf(record)) ? { error: rateExceeded(stream, record.shardId) } : {};
  });
  const taken = routed.filter((_, i) => !answers[i]?.error);
  const placed = (taken.length > 0 ? store.append(stream, taken) : []).values();
  for (const answer of answers) {
    if (answer.error) continue;
    const { shardId, sequenceNumber } = certain(placed.next().value, 'a place for each record taken');
    answer.placed = { ShardId: shardId, SequenceNumber: sequenceNumber };
  }
  measure(stream, taken, answers.length - taken.length, metrics);
  return answers;
}

function measure(stream: string, taken: readonly RoutedRecord[], refused: number, metrics: MetricStore): void {
  const dimensions = { StreamName: stream };
  if (taken.length > 0) {
    metrics.record('AWS/Kinesis', 'IncomingRecords', dimensions, taken.length);
    metrics.record('AWS/Kinesis', 'IncomingBytes', dimensions, taken.reduce((sum, record) => sum + bytesOf(record), 0));
  }
  if (refused > 0) metrics.record('AWS/Kinesis', 'WriteProvisionedThroughputExceeded', dimensions, refused);
}

export function putRecord(store: StreamStore, stream: string, input: Entry, metrics: MetricStore): unknown {
  const [answer] = put(store, stream, [read(input)], metrics);
  if (answer?.error) throw answer.error;
  return { ...answer?.placed, EncryptionType: 'NONE' };
}

export function putRecords(store: StreamStore, stream: string, entries: readonly Entry[], metrics: MetricStore, failing: FailingEntries): unknown {
  if (entries.length === 0 || entries.length > MOST_RECORDS) throw new AwsError('ValidationException', `1 validation error detected: Value at 'records' failed to satisfy constraint: Member must have length between 1 and ${MOST_RECORDS}`);
  const records = entries.map(read);
  const bytes = records.reduce((sum, record) => sum + bytesOf(record), 0);
  if (bytes > MOST_BYTES) throw new AwsError('InvalidArgumentException', `Records size exceeds ${MOST_BYTES / 1024 / 1024} MB limit`);
  const answers = put(store, stream, records, metrics, failing);
  return {
    FailedRecordCount: answers.filter((answer) => answer.error).length,
    Records: answers.map(({ placed, error }) => placed ?? { ErrorCode: error?.code, ErrorMessage: error?.message }),
    EncryptionType: 'NONE',
  };
}
