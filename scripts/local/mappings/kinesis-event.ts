import type { StreamRecord } from '../kinesis/streams.ts';
import type { MappingDefinition } from './mapping.ts';

/** The synchronous invocation payload limit, which also ends a batch. */
export const BATCH_BYTES = 6 * 1024 * 1024;
/** What a record adds to the event besides its base64 data; an upper estimate. */
const RECORD_OVERHEAD = 600;

export const eventBytes = (record: StreamRecord): number => Math.ceil(record.data.length / 3) * 4 + record.partitionKey.length + RECORD_OVERHEAD;

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html#services-kinesis-event-example */
export function kinesisEvent(mapping: MappingDefinition, role: string, region: string, shardId: string, records: readonly StreamRecord[]): string {
  return JSON.stringify({
    Records: records.map((record) => ({
      kinesis: {
        kinesisSchemaVersion: '1.0',
        partitionKey: record.partitionKey,
        sequenceNumber: record.sequenceNumber,
        data: record.data.toString('base64'),
        approximateArrivalTimestamp: record.arrivedAt / 1000,
      },
      eventSource: 'aws:kinesis',
      eventVersion: '1.0',
      eventID: `${shardId}:${record.sequenceNumber}`,
      eventName: 'aws:kinesis:record',
      invokeIdentityArn: role,
      awsRegion: region,
      eventSourceARN: mapping.sourceArn,
    })),
  });
}
