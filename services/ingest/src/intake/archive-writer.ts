import type { ObjectPort } from '@orderflow/shared/stream';
import type { Clock, Log, Meter } from '@orderflow/shared/lambda';

export interface WriterLimits {
  /** What may be held in memory, waiting or being written; beyond it payloads are given up, loudly. */
  readonly heldBytes: number;
  /** Objects written at once. */
  readonly inFlight: number;
  /** An object that S3 does not take for this long is given up, milliseconds. */
  readonly patienceMs: number;
  /** `flush` gives up what is not written after this, milliseconds. */
  readonly flushMs: number;
}

export interface ArchiveObject {
  readonly key: string;
  /** Emptied when it is written. */
  readonly chunks: Uint8Array[];
  readonly bytes: number;
  /** Deliveries in it. */
  readonly payloads: number;
}

export interface ArchiveTools {
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

export interface ArchiveWriter {
  /** Takes room for a payload. False: there is none, and the payload is lost. */
  hold(bytes: number): boolean;
  /** Writes an object whose bytes are held, again and again until S3 takes it or it is given up. */
  write(object: ArchiveObject): void;
  /** Resolves when all is on S3, or was given up. */
  flush(): Promise<void>;
}

/** There may be thousands. */
const sayEveryMs = 10_000;

/** Gets objects to S3 beside the way of the events: bounded in memory, patient, loud about what it loses. */
export function archiveWriter(
  objects: ObjectPort, bucket: string, { clock, log, meter }: ArchiveTools, { heldBytes, inFlight, patienceMs, flushMs }: WriterLimits,
): ArchiveWriter {
  let held = 0;
  /** Not on S3 yet, oldest first. */
  const unwritten = new Set<ArchiveObject>();
  const queue: ArchiveObject[] = [];
  let writing = 0;
  let hurried = false;
  const pauses = new Set<() => void>();
  let unsaid = 0;
  let saidAt = Number.NEGATIVE_INFINITY;

  const wake = (): void => {
    for (const end of pauses) end();
  };
  /** Resolves after `ms`, or when `wake` is called. */
  const pause = (ms: number): Promise<void> =>
    new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        pauses.delete(end);
        resolve();
      };
      const timer = setTimeout(end, ms);
      pauses.add(end);
    });

  const lose = (payloads: number, reason: string): void => {
    meter.count('archiveLost', payloads);
    unsaid += payloads;
    if (clock() - saidAt < sayEveryMs) return;
    saidAt = clock();
    log.error('ARCHIVE_LOST', { payloads: unsaid, reason });
    unsaid = 0;
  };

  const finish = (object: ArchiveObject, lostFor?: string): void => {
    if (!unwritten.delete(object)) return;
    held -= object.bytes;
    if (lostFor !== undefined) lose(object.payloads, lostFor);
    if (hurried && unwritten.size === 0) wake();
  };

  const persist = async (object: ArchiveObject): Promise<void> => {
    const since = clock();
    const body = Buffer.concat(object.chunks, object.bytes);
    object.chunks.length = 0; // held once, not twice
    for (let attempt = 1; unwritten.has(object); attempt++) {
      try {
        await objects.put(bucket, object.key, body);
        finish(object);
      } catch (error) {
        meter.count('archiveFailures');
        log.warn('ARCHIVE_FAILED', { attempt, reason: error instanceof Error ? error.name : 'unknown' });
        if (clock() - since > patienceMs) finish(object, 'patience');
        else await pause(Math.min(hurried ? 250 : 30_000, 200 * 2 ** attempt) * Math.random());
      }
    }
  };

  const pump = (): void => {
    while (writing < inFlight) {
      const object = queue.shift();
      if (!object) return;
      writing++;
      void persist(object).finally(() => {
        writing--;
        pump();
      });
    }
  };

  return {
    hold(bytes) {
      if (held + bytes > heldBytes) {
        lose(1, 'memory');
        return false;
      }
      held += bytes;
      return true;
    },
    write(object) {
      unwritten.add(object);
      queue.push(object);
      pump();
    },
    async flush() {
      if (unwritten.size === 0) return;
      hurried = true;
      wake();
      const end = performance.now() + flushMs;
      for (let left = flushMs; unwritten.size > 0 && left > 0; left = end - performance.now()) await pause(left);
      for (const object of unwritten) finish(object, 'flush');
      hurried = false;
      wake();
    },
  };
}
