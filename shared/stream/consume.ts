import type { KinesisStreamBatchResponse, KinesisStreamEvent, KinesisStreamRecord } from 'aws-lambda';
import type { Log } from '@orderflow/shared/lambda';

/**
 * Thrown by a record's parser or handler when no retry can ever help: the record goes to quarantine with this reason and
 * the batch goes on. Everything else thrown is taken as passing trouble: the record is delivered again.
 */
export class Poison extends Error {
  readonly code: string;
  readonly path: string | undefined;
  constructor(code: string, message: string, path?: string) {
    super(message);
    this.name = 'Poison';
    this.code = code;
    this.path = path;
  }
}

/** Where unreadable records go; keeps the bytes and says why. */
export interface Quarantine {
  put(entry: {
    readonly code: string;
    readonly message: string;
    readonly path: string | undefined;
    readonly body: Uint8Array;
    /** Where it was found, for people: a shard and sequence number. */
    readonly origin: string;
  }): Promise<void>;
}

export interface RecordHandling<T> {
  /** Bytes → value. @throws Poison when they can never be read. */
  readonly parse: (bytes: Uint8Array, record: KinesisStreamRecord) => T;
  /** Acts on one record; called again for the same record after a failure, so it must be idempotent. */
  readonly handle: (value: T, record: KinesisStreamRecord) => Promise<void>;
  readonly quarantine: Quarantine;
  readonly log: Log;
  /** Keys handled at once. */
  readonly concurrency?: number;
}

/**
 * The one loop over a Kinesis batch: sequential per partition key, parallel across keys. A key stops at its first
 * failure, the other keys go on. The answer names failed records; Lambda retries from the lowest of them
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-kinesis-batchfailurereporting.html), so records after it are
 * delivered again and must be recognised as repeats.
 */
export async function consume<T>(
  event: KinesisStreamEvent,
  { parse, handle, quarantine, log, concurrency = 16 }: RecordHandling<T>,
): Promise<KinesisStreamBatchResponse> {
  const byKey = new Map<string, KinesisStreamRecord[]>();
  for (const record of event.Records) {
    const key = record.kinesis.partitionKey;
    const records = byKey.get(key);
    if (records) records.push(record);
    else byKey.set(key, [record]);
  }
  const failed: string[] = [];

  const one = async (record: KinesisStreamRecord): Promise<void> => {
    const bytes = Buffer.from(record.kinesis.data, 'base64');
    try {
      await handle(parse(bytes, record), record);
    } catch (error) {
      if (!(error instanceof Poison)) throw error;
      log.error('RECORD_POISON', { eventId: record.eventID, reason: error.code, path: error.path });
      await quarantine.put({ code: error.code, message: error.message, path: error.path, body: bytes, origin: record.eventID });
    }
  };

  const keys = [...byKey.values()];
  const lane = async (): Promise<void> => {
    for (let records = keys.shift(); records; records = keys.shift()) {
      for (const record of records) {
        try {
          await one(record);
        } catch (error) {
          log.warn('RECORD_RETRIED', {
            eventId: record.eventID,
            error: error instanceof Error ? error.name : 'unknown',
          });
          failed.push(record.kinesis.sequenceNumber);
          break; // a later record of this key must not be handled before this one
        }
      }
    }
  };
  await Promise.all(Array.from({ length: Math.min(concurrency, keys.length) }, lane));
  return { batchItemFailures: failed.map((itemIdentifier) => ({ itemIdentifier })) };
}
