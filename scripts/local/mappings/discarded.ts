import { randomUUID } from 'node:crypto';
import type { InvocationResult } from '../lambda/function.ts';
import type { StreamRecord } from '../kinesis/streams.ts';
import type { MappingDefinition } from './mapping.ts';
import { certain } from '../certain.ts';

export interface DiscardedBatch {
  readonly shardId: string;
  readonly records: readonly StreamRecord[];
  readonly condition: 'RetryAttemptsExhausted' | 'RecordAgeExceeded';
  /** How often the function was invoked with these records together. */
  readonly invocations: number;
  /** Of the last invocation. */
  readonly result?: InvocationResult;
  /** The invocation event; S3 destinations alone receive it. */
  readonly event: string;
  readonly at: number;
}

/** The record that a destination receives. https://docs.aws.amazon.com/lambda/latest/dg/kinesis-on-failure-destination.html */
export function discardedRecord(mapping: MappingDefinition, batch: DiscardedBatch): Record<string, unknown> {
  const first = certain(batch.records[0], 'the first record');
  const last = certain(batch.records.at(-1), 'the last record');
  return {
    requestContext: {
      requestId: batch.result?.requestId ?? randomUUID(),
      functionArn: mapping.functionArn,
      condition: batch.condition,
      approximateInvokeCount: batch.invocations,
    },
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      functionError: batch.result?.functionError ?? null,
    },
    version: '1.0',
    timestamp: new Date(batch.at).toISOString(),
    KinesisBatchInfo: {
      shardId: batch.shardId,
      startSequenceNumber: first.sequenceNumber,
      endSequenceNumber: last.sequenceNumber,
      approximateArrivalOfFirstRecord: new Date(first.arrivedAt).toISOString(),
      approximateArrivalOfLastRecord: new Date(last.arrivedAt).toISOString(),
      batchSize: batch.records.length,
      streamArn: mapping.sourceArn,
    },
  };
}

/** The object that a bucket receives: the same record, and under `payload` the event that the function was given. */
export const discardedObject = (mapping: MappingDefinition, batch: DiscardedBatch): string => JSON.stringify({ ...discardedRecord(mapping, batch), payload: batch.event });

/** `aws/lambda/<ESM-UUID>/<shardID>/YYYY/MM/DD/YYYY-MM-DDTHH.MM.SS-<Random UUID>` */
export function discardedKey(mapping: MappingDefinition, batch: DiscardedBatch): string {
  const moment = new Date(batch.at).toISOString();
  const day = moment.slice(0, 10).replaceAll('-', '/');
  return `aws/lambda/${mapping.uuid}/${batch.shardId}/${day}/${moment.slice(0, 19).replaceAll(':', '.')}-${randomUUID()}`;
}
