import type { ObjectPort } from '@orderflow/shared/stream';
import type { Clock, Log, Meter } from '@orderflow/shared/lambda';
import { setTimeout as pause } from 'node:timers/promises';
import { askedFor } from './delivery.ts';
import { keptHeaders } from './headers.ts';
import type { ArchivePort } from './ports.ts';

export interface ArchiveLimits {
  /** An object is closed at this size … */
  readonly bytes: number;
  /** … or at this age, milliseconds. */
  readonly ageMs: number;
  /** What may wait for S3 in memory; beyond it the oldest is given up, loudly. */
  readonly waitingBytes: number;
  readonly attempts: number;
}

const usual: ArchiveLimits = { bytes: 4_000_000, ageMs: 1_000, waitingBytes: 64_000_000, attempts: 8 };

/**
 * The raw archive on S3: many deliveries an object, `raw/<yyyy>/<mm>/<dd>/<hh>/<writer>-<n>`. Each is one line of JSON
 * (source, account, headers, time, length) and then the bytes as they came. Key and byte range are fixed when a delivery
 * is added, before the object is written, so that events can point to it without waiting.
 */
export function s3Archive(
  objects: ObjectPort,
  bucket: string,
  tools: { readonly clock: Clock; readonly log: Log; readonly meter: Meter; readonly newId: () => string },
  limits: Partial<ArchiveLimits> = {},
): ArchivePort {
  const { bytes: mostBytes, ageMs, waitingBytes, attempts } = { ...usual, ...limits };
  const writer = tools.newId();
  let objectsOpened = 0;
  let waiting = 0;
  let open: { key: string; chunks: Uint8Array[]; bytes: number; timer: NodeJS.Timeout } | undefined;
  const writing = new Set<Promise<void>>();

  const write = async (key: string, body: Buffer): Promise<void> => {
    for (let attempt = 1; ; attempt++) {
      try {
        await objects.put(bucket, key, body);
        return;
      } catch (error) {
        tools.meter.count('archiveFailures');
        const over = attempt >= attempts || waiting > waitingBytes;
        tools.log[over ? 'error' : 'warn']('ARCHIVE_FAILED', { attempt, reason: error instanceof Error ? error.name : 'unknown' });
        if (over) return;
        await pause(Math.min(30_000, 200 * 2 ** attempt) * Math.random());
      }
    }
  };

  const close = (): void => {
    if (!open) return;
    const { key, chunks, bytes, timer } = open;
    clearTimeout(timer);
    open = undefined;
    const written = write(key, Buffer.concat(chunks)).finally(() => {
      waiting -= bytes;
      writing.delete(written);
    });
    writing.add(written);
  };

  const start = (): NonNullable<typeof open> => {
    const hour = new Date(tools.clock()).toISOString().slice(0, 13).replace(/[-T]/g, '/');
    const timer = setTimeout(close, ageMs);
    timer.unref();
    return { key: `raw/${hour}/${writer}-${objectsOpened++}`, chunks: [], bytes: 0, timer };
  };

  return {
    add(delivery) {
      const { source, account, body, receivedAt } = delivery;
      open ??= start();
      const about = {
        source, account, receivedAt: new Date(receivedAt).toISOString(), ...askedFor(delivery), headers: keptHeaders(delivery),
        bytes: body.byteLength,
      };
      const head = Buffer.from(`${JSON.stringify(about)}\n`);
      const offset = open.bytes + head.byteLength;
      const { key } = open;
      open.chunks.push(head, body, Buffer.from('\n'));
      open.bytes = offset + body.byteLength + 1;
      waiting += head.byteLength + body.byteLength + 1;
      if (open.bytes >= mostBytes) close();
      return `s3://${bucket}/${key}#${offset},${body.byteLength}`;
    },
    async flush() {
      close();
      await Promise.all(writing);
    },
  };
}
