import { gzipSync, gunzipSync } from 'node:zlib';
import type { ObjectPort, StreamRecord } from '@orderflow/shared/stream';
import type { Clock } from '@orderflow/shared/lambda';
import type { StreamName } from './sink.ts';

/** Where events wait when their stream does not take them. */
export interface Overflow {
  /** Resolves when the record is on S3. */
  put(stream: StreamName, record: StreamRecord): Promise<void>;
}

export const overflowPrefix = 'overflow/';

interface Line {
  readonly stream: StreamName;
  readonly partitionKey: string;
  /** Base64. */
  readonly data: string;
}

/** One object of the overflow: gzip'd JSON lines, in the order in which the records were refused. */
export const packOverflow = (records: readonly (readonly [StreamName, StreamRecord])[]): Buffer =>
  gzipSync(
    records
      .map(([stream, { partitionKey, data }]) =>
        JSON.stringify({ stream, partitionKey, data: Buffer.from(data).toString('base64') } satisfies Line))
      .join('\n'),
  );

export const unpackOverflow = (body: Uint8Array): (readonly [StreamName, StreamRecord])[] =>
  gunzipSync(body)
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      const { stream, partitionKey, data } = JSON.parse(line) as Line;
      return [stream, { partitionKey, data: Buffer.from(data, 'base64') }] as const;
    });

interface Waiting {
  readonly entry: readonly [StreamName, StreamRecord];
  readonly resolve: () => void;
  readonly reject: (error: unknown) => void;
}

/**
 * Overflow objects `overflow/<time>-<id>.jsonl.gz` in the intake bucket, many records each: those refused within
 * `gatherMs` share one. Names sort by time, so that draining keeps the order.
 */
export function s3Overflow(
  objects: ObjectPort, bucket: string, tools: { readonly clock: Clock; readonly newId: () => string }, gatherMs = 20,
): Overflow {
  let waiting: Waiting[] = [];

  const flush = async (): Promise<void> => {
    const batch = waiting;
    waiting = [];
    const time = new Date(tools.clock()).toISOString().replaceAll(':', '-');
    try {
      await objects.put(bucket, `${overflowPrefix}${time}-${tools.newId()}.jsonl.gz`, packOverflow(batch.map(({ entry }) => entry)));
      for (const { resolve } of batch) resolve();
    } catch (error) {
      for (const { reject } of batch) reject(error);
    }
  };

  return {
    put: (stream, record) =>
      new Promise<void>((resolve, reject) => {
        if (waiting.length === 0) setTimeout(() => void flush(), gatherMs);
        waiting.push({ entry: [stream, record], resolve, reject });
      }),
  };
}
