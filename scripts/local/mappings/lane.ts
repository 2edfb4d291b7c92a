import type { Clock } from '../clock.ts';
import type { StreamRecord } from '../kinesis/streams.ts';
import { BATCH_BYTES, eventBytes } from './kinesis-event.ts';

/**
 * One of a shard's parallel lines: records of a key always go to the same line, a line has one batch at a time, so the
 * order of a key is kept.
 */
export interface Lane {
  push(record: StreamRecord): void;
  /** Starts a batch if one is due: full, window over, or `flush`. */
  turn(flush: boolean): void;
  /** Records that no batch has taken yet. */
  readonly waiting: number;
  stop(): void;
}

export interface LaneOptions {
  readonly clock: Clock;
  readonly batchSize: number;
  readonly windowMs: number;
  /** Resolves when the batch has come to its end. */
  run(records: readonly StreamRecord[]): Promise<void>;
}

export function createLane(options: LaneOptions): Lane {
  const { clock, batchSize, windowMs } = options;
  let queue: StreamRecord[] = [];
  let bytes = 0;
  let firstAt = 0;
  let busy = false;
  let stopped = false;
  let cancelWindow: (() => void) | undefined;

  const cut = (): StreamRecord[] => {
    let size = 0;
    let count = 0;
    for (const record of queue) {
      if (count >= batchSize) break;
      const next = eventBytes(record);
      if (count > 0 && size + next > BATCH_BYTES) break;
      size += next;
      count += 1;
    }
    const batch = queue.slice(0, count);
    queue = queue.slice(count);
    bytes -= size;
    return batch;
  };
  const turn = (flush: boolean): void => {
    if (busy || stopped || queue.length === 0) return;
    const wait = firstAt + windowMs - clock.now();
    const full = queue.length >= batchSize || bytes >= BATCH_BYTES;
    if (!full && !flush && windowMs > 0 && wait > 0) {
      cancelWindow ??= clock.after(wait, () => {
        cancelWindow = undefined;
        turn(false);
      });
      return;
    }
    cancelWindow?.();
    cancelWindow = undefined;
    busy = true;
    void options.run(cut()).finally(() => {
      busy = false;
      // the next window begins when the invocation has ended
      firstAt = clock.now();
      turn(flush);
    });
  };
  return {
    push(record) {
      if (queue.length === 0 && !busy) firstAt = clock.now();
      queue.push(record);
      bytes += eventBytes(record);
    },
    turn,
    get waiting() {
      return queue.length;
    },
    stop() {
      stopped = true;
      cancelWindow?.();
    },
  };
}
