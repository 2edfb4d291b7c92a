import type { StreamRecord } from '../kinesis/streams.ts';
import type { MappingDefinition } from './mapping.ts';

/** The synchronous invocation payload limit, which also ends a batch. */
export const BATCH_BYTES = 6 * 1024 * 1024;
/** What a record adds to the event besides its base64 data; an upper estimate. */
const RECORD_OVERHEAD = 600;

export const eventBytes = (record: StreamRecord): number => Math.ceil(record.data.length / 3) * 4 + record.partitionKey.length + RECORD_OVERHEAD;

/** Where a mapping's records come from and for whom. */
export interface EventOrigin {
  readonly mapping: MappingDefinition;
  readonly role: string;
  readonly region: string;
  readonly shardId: string;
}

const outer = ({ mapping, role, region, shardId }: EventOrigin, record: StreamRecord): object => ({
  eventSource: 'aws:kinesis',
  eventVersion: '1.0',
  eventID: `${shardId}:${record.sequenceNumber}`,
  eventName: 'aws:kinesis:record',
  invokeIdentityArn: role,
  awsRegion: region,
  eventSourceARN: mapping.sourceArn,
});

const inner = (record: StreamRecord): object => ({
  kinesisSchemaVersion: '1.0',
  partitionKey: record.partitionKey,
  sequenceNumber: record.sequenceNumber,
  approximateArrivalTimestamp: record.arrivedAt / 1000,
});

/** What filter patterns may name beside `data`. */
export const recordMetadata = (origin: EventOrigin, record: StreamRecord): Readonly<Record<string, unknown>> => ({ ...outer(origin, record), ...inner(record) });

/** https://docs.aws.amazon.com/lambda/latest/dg/with-kinesis.html#services-kinesis-event-example */
export function kinesisEvent(origin: EventOrigin, records: readonly StreamRecord[]): string {
  return JSON.stringify({ Records: records.map((record) => ({ kinesis: { ...inner(record), data: record.data.toString('base64') }, ...outer(origin, record) })) });
}
