import { PutRecordsCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { sizeOf, type StreamPort, type StreamRecord } from './record.ts';

/**
 * Quotas of one PutRecords call. Since October 2025 a call may hold 10 MiB
 * (https://docs.aws.amazon.com/streams/latest/dev/large-records.html); 5 MB a call fill a shard for five seconds already.
 */
export const mostRecords = 500;
export const mostBytes = 5_000_000;
/** A record's data and key together, unless a stream is set to take larger ones. */
export const mostRecordBytes = 1_048_576;
/** https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecordsRequestEntry.html */
const mostKeyLetters = 256;

/** Why Kinesis would never take a record: one such makes it refuse the whole call. */
export function unfit(record: StreamRecord): string | undefined {
  const letters = record.partitionKey.length;
  if (letters === 0 || letters > mostKeyLetters) return `its key has ${letters} letters: Kinesis takes 1 to ${mostKeyLetters}`;
  const bytes = sizeOf(record);
  return bytes > mostRecordBytes ? `it has ${bytes} bytes: Kinesis takes ${mostRecordBytes}` : undefined;
}

/** A stream of Kinesis; a call that has no answer after `withinMs` is given up, wherever it hangs. */
export const kinesisStream = (client: KinesisClient, stream: string, withinMs = 10_000): StreamPort => ({
  async put(records) {
    const answer = await client.send(
      new PutRecordsCommand({
        StreamName: stream,
        Records: records.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data })),
      }),
      { abortSignal: AbortSignal.timeout(withinMs) },
    );
    return records.map((_, at) => {
      const code = answer.Records?.[at]?.ErrorCode;
      // an answer that is silent about a record has not taken it
      if (code === undefined && answer.Records?.[at]?.SequenceNumber === undefined) return { ok: false, code: 'NoResult' };
      return code ? { ok: false, code } : { ok: true };
    });
  },
});
