import { mostBytes, mostRecords, NotWritten, patient, writeAll, type Persistence, type StreamPort, type StreamRecord } from './writer.ts';

interface Waiting {
  readonly record: StreamRecord;
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
}

export interface BatcherLimits {
  /** How long the first record of a batch waits for company, milliseconds. */
  readonly lingerMs: number;
  /** PutRecords calls under way at once. */
  readonly inFlight: number;
  readonly persistence: Persistence;
}

const usual: BatcherLimits = { lingerMs: 5, inFlight: 4, persistence: patient };

/** Gathers records of many callers into few PutRecords calls. `write` resolves when that record is durable. */
export interface Batcher {
  write(record: StreamRecord): Promise<void>;
  /** Sends what waits and resolves when nothing is under way. */
  drain(): Promise<void>;
}

/**
 * A record whose key is under way waits for that call to end, so that no newer record overtakes its elder; other keys
 * go on meanwhile.
 */
export function batcher(stream: StreamPort, limits: Partial<BatcherLimits> = {}): Batcher {
  const { lingerMs, inFlight, persistence } = { ...usual, ...limits };
  let queue: Waiting[] = [];
  const busyKeys = new Set<string>();
  let calls = 0;
  let timer: NodeJS.Timeout | undefined;
  let whenQuiet: (() => void)[] = [];

  const take = (): Waiting[] => {
    const batch: Waiting[] = [];
    const rest: Waiting[] = [];
    let bytes = 0;
    for (const waiting of queue) {
      const { partitionKey, data } = waiting.record;
      const size = data.byteLength + partitionKey.length;
      const fits = batch.length < mostRecords && bytes + size <= mostBytes;
      if (fits && !busyKeys.has(partitionKey)) {
        batch.push(waiting);
        bytes += size;
        busyKeys.add(partitionKey);
      } else {
        rest.push(waiting);
      }
    }
    queue = rest;
    return batch;
  };

  const flush = (): void => {
    clearTimeout(timer);
    timer = undefined;
    while (calls < inFlight && queue.length > 0) {
      const batch = take();
      if (batch.length === 0) return; // every key is under way; its end flushes again
      calls++;
      void send(batch);
    }
  };

  const send = async (batch: readonly Waiting[]): Promise<void> => {
    let missing = new Set<StreamRecord>();
    let failure: Error | undefined;
    try {
      await writeAll(stream, batch.map((waiting) => waiting.record), persistence);
    } catch (error) {
      failure = error instanceof Error ? error : new Error(String(error));
      missing = new Set(error instanceof NotWritten ? error.records : batch.map((waiting) => waiting.record));
    }
    calls--;
    for (const waiting of batch) {
      busyKeys.delete(waiting.record.partitionKey);
      if (failure && missing.has(waiting.record)) waiting.reject(failure);
      else waiting.resolve();
    }
    flush();
    if (calls === 0 && queue.length === 0) {
      const tell = whenQuiet;
      whenQuiet = [];
      for (const quiet of tell) quiet();
    }
  };

  return {
    write: (record) =>
      new Promise<void>((resolve, reject) => {
        queue.push({ record, resolve, reject });
        if (queue.length >= mostRecords) flush();
        else timer ??= setTimeout(flush, lingerMs);
      }),
    drain: () =>
      new Promise<void>((resolve) => {
        flush();
        if (calls === 0 && queue.length === 0) resolve();
        else whenQuiet.push(resolve);
      }),
  };
}
