import { PutRecordsCommand, type KinesisClient } from '@aws-sdk/client-kinesis';
import { setTimeout as pause } from 'node:timers/promises';

/** One record of a Kinesis stream. */
export interface StreamRecord {
  readonly partitionKey: string;
  /** At most 1 MiB, key included (https://docs.aws.amazon.com/kinesis/latest/APIReference/API_PutRecords.html). */
  readonly data: Uint8Array;
}

/** The outcome of one record of a put. */
export type PutResult = { readonly ok: true } | { readonly ok: false; readonly code: string };

/** The one operation this package needs of a stream: put up to 500 records, say of each whether it was taken. */
export interface StreamPort {
  put(records: readonly StreamRecord[]): Promise<readonly PutResult[]>;
}

/** Quotas of PutRecords. */
export const mostRecords = 500;
export const mostBytes = 5_000_000;

export const kinesisStream = (client: KinesisClient, stream: string): StreamPort => ({
  async put(records) {
    const answer = await client.send(
      new PutRecordsCommand({
        StreamName: stream,
        Records: records.map(({ partitionKey, data }) => ({ PartitionKey: partitionKey, Data: data })),
      }),
    );
    return records.map((_, at) => {
      const code = answer.Records?.[at]?.ErrorCode;
      return code ? { ok: false, code } : { ok: true };
    });
  },
});

/** Thrown when records could not be written in the attempts allowed. */
export class NotWritten extends Error {
  readonly records: readonly StreamRecord[];
  constructor(records: readonly StreamRecord[], code: string) {
    super(`${records.length} record(s) were not taken by the stream: ${code}`);
    this.name = 'NotWritten';
    this.records = records;
  }
}

export interface Persistence {
  /** Tries in all, the first included. */
  readonly attempts: number;
  /** First pause in milliseconds; doubled each time, with full jitter, never above `mostPauseMs`. */
  readonly firstPauseMs: number;
  readonly mostPauseMs: number;
}

export const patient: Persistence = { attempts: 6, firstPauseMs: 20, mostPauseMs: 1_000 };

/**
 * Cuts records into calls within the quotas. A call holds a key once only: if it failed while a later one of the same
 * key in the same call succeeded, the newer would overtake the older.
 */
export function cutIntoCalls(records: readonly StreamRecord[]): StreamRecord[][] {
  const calls: { records: StreamRecord[]; bytes: number; keys: Set<string> }[] = [];
  const firstFor = new Map<string, number>();
  let open = 0;
  for (const record of records) {
    const bytes = record.data.byteLength + Buffer.byteLength(record.partitionKey);
    let at = Math.max(open, firstFor.get(record.partitionKey) ?? 0);
    for (; ; at++) {
      const call = (calls[at] ??= { records: [], bytes: 0, keys: new Set() });
      if (call.records.length < mostRecords && call.bytes + bytes <= mostBytes && !call.keys.has(record.partitionKey)) {
        call.records.push(record);
        call.bytes += bytes;
        call.keys.add(record.partitionKey);
        break;
      }
      if (at === open && call.records.length >= mostRecords) open++;
    }
    firstFor.set(record.partitionKey, at + 1);
  }
  return calls.map((call) => call.records);
}

/**
 * Writes all records, resending only those the stream did not take, with backoff and full jitter
 * (https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/). Returns when every one is durable.
 * @throws NotWritten with what is still missing after the last attempt.
 */
export async function writeAll(
  stream: StreamPort,
  records: readonly StreamRecord[],
  persistence: Persistence = patient,
): Promise<void> {
  for (const call of cutIntoCalls(records)) await writeCall(stream, call, persistence);
}

async function writeCall(stream: StreamPort, call: readonly StreamRecord[], persistence: Persistence): Promise<void> {
  let left = call;
  let code = 'no attempt was made';
  for (let attempt = 0; attempt < persistence.attempts; attempt++) {
    if (attempt > 0) {
      const most = Math.min(persistence.mostPauseMs, persistence.firstPauseMs * 2 ** (attempt - 1));
      await pause(Math.random() * most);
    }
    try {
      const results = await stream.put(left);
      left = left.filter((_, at) => {
        const result = results[at];
        if (result?.ok) return false;
        code = result?.code ?? 'no result for this record';
        return true;
      });
    } catch (error) {
      code = error instanceof Error ? error.name : 'unknown';
    }
    if (left.length === 0) return;
  }
  throw new NotWritten(left, code);
}
