import { promisify } from 'node:util';
import { gunzipSync, gzip } from 'node:zlib';
import { batcher, type ObjectPort, type StreamRecord } from '@orderflow/shared/stream';
import type { Clock, Log, Meter } from '@orderflow/shared/lambda';
import { isStreamName, type StreamName } from './stream-names.ts';

/** Where events wait when their stream does not take them. */
export interface Overflow {
  /** Resolves when the record is on S3. Records of one key get there in the order in which they are put. */
  put(stream: StreamName, record: StreamRecord): Promise<void>;
}

export interface OverflowRecord extends StreamRecord {
  readonly stream: StreamName;
}

export const overflowPrefix = 'overflow/';

interface Line {
  readonly stream: StreamName;
  readonly partitionKey: string;
  /** Base64. */
  readonly data: string;
}

const packed = promisify(gzip);

/** One object of the overflow: gzip'd JSON lines, in the order in which the records were refused. */
export const packOverflow = (records: readonly OverflowRecord[]): Promise<Buffer> =>
  packed(
    records
      .map(({ stream, partitionKey, data }) =>
        JSON.stringify({ stream, partitionKey, data: Buffer.from(data.buffer, data.byteOffset, data.byteLength).toString('base64') } satisfies Line))
      .join('\n'),
    { level: 1 }, // it is read once, soon
  );

/** @throws Error when it is not what `packOverflow` made */
export const unpackOverflow = (body: Uint8Array): OverflowRecord[] =>
  gunzipSync(body)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line, at) => {
      const { stream, partitionKey, data } = JSON.parse(line) as Partial<Line>;
      if (!isStreamName(stream) || typeof partitionKey !== 'string' || typeof data !== 'string') throw new Error(`line ${at + 1} is no record of the overflow`);
      return { stream, partitionKey, data: Buffer.from(data, 'base64') };
    });

/** How many records an object holds, by its name. */
export const recordsIn = (key: string): number => Number(/-(\d+)\.jsonl\.gz$/.exec(key)?.[1] ?? 1);

/**
 * Briefly: a sender waits. One object holds what was refused within `lingerMs`, and not more than a drain puts through
 * in one go even if all of it is of one key.
 */
const limits = {
  withinMs: 2_500, attempts: 4, firstPauseMs: 50, mostPauseMs: 500, lingerMs: 50, inFlight: 4,
  records: 1_000, bytes: 4_000_000, repeatKeys: true, waitingBytes: 32_000_000,
  breaker: { failures: 4, forMs: 500, probeEveryMs: 1_000 },
};

export interface OverflowTools {
  readonly clock: Clock;
  readonly newId: () => string;
  readonly log: Log;
  readonly meter: Meter;
}

/**
 * Overflow objects `overflow/<time>-<number>-<writer>-<records>.jsonl.gz` in the intake bucket. Names sort by time, so
 * that draining keeps the order: of one writer always, of several as far as their clocks agree.
 */
export function s3Overflow(objects: ObjectPort, bucket: string, tools: OverflowTools, changes: Partial<typeof limits> = {}): Overflow {
  const writer = tools.newId();
  let written = 0;
  let latest = 0;
  const nameFor = (records: number): string => {
    latest = Math.max(latest, tools.clock()); // a clock that was set back must not put the newer before the older
    const time = new Date(latest).toISOString().replaceAll(':', '-');
    return `${overflowPrefix}${time}-${String(written++).padStart(6, '0')}-${writer}-${records}.jsonl.gz`;
  };
  const lines = batcher<OverflowRecord>(
    {
      async put(records) {
        const key = nameFor(records.length);
        try {
          await objects.put(bucket, key, await packOverflow(records));
        } catch (error) {
          tools.meter.count('overflowFailures');
          throw error;
        }
        tools.meter.count('overflowed', records.length);
        tools.meter.count('overflowWrites');
        tools.log.warn('INTAKE_OVERFLOW', { records: records.length, object: key });
        return records.map(() => ({ ok: true }));
      },
    },
    { ...limits, ...changes },
  );
  return { put: (stream, { partitionKey, data }) => lines.write({ stream, partitionKey, data }) };
}
