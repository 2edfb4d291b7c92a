import { AwsError } from '../service.ts';
import type { NewRecord, StreamStore } from './stream-store.ts';

// https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html
const MOST_RECORDS = 500;
const MOST_BYTES = 5 * 1024 * 1024;
const MOST_RECORD_BYTES = 1024 * 1024;

interface Entry {
  readonly Data?: string;
  readonly PartitionKey?: string;
  readonly ExplicitHashKey?: string;
}

function read(entry: Entry): NewRecord {
  const partitionKey = entry.PartitionKey ?? '';
  if (partitionKey.length === 0 || partitionKey.length > 256) throw new AwsError('ValidationException', 'PartitionKey must have 1 to 256 characters');
  if (entry.Data === undefined) throw new AwsError('ValidationException', 'Data is missing');
  const data = Buffer.from(entry.Data, 'base64');
  if (data.length + Buffer.byteLength(partitionKey) > MOST_RECORD_BYTES) throw new AwsError('ValidationException', `A record may have ${MOST_RECORD_BYTES} bytes, partition key included`);
  if (entry.ExplicitHashKey !== undefined && !/^(0|[1-9]\d{0,38})$/.test(entry.ExplicitHashKey)) throw new AwsError('InvalidArgumentException', `ExplicitHashKey ${entry.ExplicitHashKey} is not a hash key`);
  return { partitionKey, data, ...(entry.ExplicitHashKey !== undefined && { explicitHashKey: entry.ExplicitHashKey }) };
}

const placed = ({ shardId, sequenceNumber }: { shardId: string; sequenceNumber: string }): object => ({ ShardId: shardId, SequenceNumber: sequenceNumber });

export function putRecord(store: StreamStore, stream: string, input: Entry): unknown {
  const [answer] = store.append(stream, [read(input)]).map(placed);
  return { ...answer, EncryptionType: 'NONE' };
}

/** A record may be refused for itself: then its place in the answer holds an error code and the others stand. */
export type Refuse = (stream: string, record: NewRecord) => { readonly code: string; readonly message: string } | undefined;

export function putRecords(store: StreamStore, stream: string, entries: readonly Entry[], refuse: Refuse = () => undefined): unknown {
  if (entries.length === 0 || entries.length > MOST_RECORDS) throw new AwsError('ValidationException', `PutRecords takes 1 to ${MOST_RECORDS} records, not ${entries.length}`);
  const records = entries.map(read);
  const bytes = records.reduce((sum, record) => sum + record.data.length + Buffer.byteLength(record.partitionKey), 0);
  if (bytes > MOST_BYTES) throw new AwsError('InvalidArgumentException', `PutRecords takes ${MOST_BYTES} bytes, not ${bytes}`);
  store.stream(stream);
  const refused = records.map((record) => refuse(stream, record));
  const taken = store.append(stream, records.filter((_, i) => !refused[i])).map(placed).values();
  const answers = refused.map((no) => (no ? { ErrorCode: no.code, ErrorMessage: no.message } : taken.next().value));
  return { FailedRecordCount: refused.filter(Boolean).length, Records: answers, EncryptionType: 'NONE' };
}
