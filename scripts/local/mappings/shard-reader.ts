import type { Streams, StreamRecord } from '../kinesis/streams.ts';
import { processBatch, type BatchPorts } from './batch.ts';
import type { RecordFilter } from './filter.ts';
import { BATCH_BYTES, eventBytes } from './kinesis-event.ts';
import { createLane } from './lane.ts';
import type { MappingDefinition } from './mapping.ts';
import { createProgress } from './progress.ts';

/** Reads one shard for one mapping. */
export interface ShardReader {
  /** There may be something new. */
  wake(): void;
  /** Ends every open batch window now. */
  flush(): void;
  /** Taken from the shard, not done. */
  readonly outstanding: number;
  /** The shard holds more. */
  readonly unread: boolean;
  /** Resolves when running invocations have ended. */
  stop(): Promise<void>;
}

export interface ShardReaderOptions extends BatchPorts {
  readonly mapping: MappingDefinition;
  readonly stream: string;
  readonly shardId: string;
  readonly streams: Streams;
  readonly after: string | undefined;
  readonly filter: RecordFilter | undefined;
  /** A moment's gathering before a batch of a mapping without window, so that one request's records go together. */
  readonly gatherMs: number;
  checkpoint(sequence: string): void;
  /** The shard is closed and wholly done. */
  finished(): void;
}

function laneOf(key: string, lanes: number): number {
  let hash = 0;
  for (let at = 0; at < key.length; at += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
  return Math.abs(hash) % lanes;
}

export function startShardReader(options: ShardReaderOptions): ShardReader {
  const { mapping, streams, stream, shardId } = options;
  const progress = createProgress();
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const bufferLimit = { records: mapping.batchSize * mapping.parallelization * 2, bytes: BATCH_BYTES * (mapping.parallelization + 1) };
  let buffered = { records: 0, bytes: 0 };
  let readTo = options.after;
  let closed = false;
  let ended = false;
  let flushing = false;
  let cancelGather: (() => void) | undefined;

  const settle = (records: readonly StreamRecord[]): void => {
    for (const record of records) progress.done(record.sequenceNumber);
    save();
  };
  const save = (): void => {
    const reached = progress.advance();
    if (reached !== undefined) options.checkpoint(reached);
    if (closed && !ended && progress.outstanding === 0) {
      ended = true;
      options.finished();
    }
  };
  const lanes = Array.from({ length: mapping.parallelization }, () =>
    createLane({
      clock: options.clock,
      batchSize: mapping.batchSize,
      windowMs: mapping.windowSeconds * 1000,
      run(records) {
        buffered = { records: buffered.records - records.length, bytes: buffered.bytes - records.reduce((sum, record) => sum + eventBytes(record), 0) };
        const work = processBatch(mapping, shardId, records, options, stopping.signal, settle)
          .catch((error: unknown) => {
            process.stderr.write(`local cloud: mapping of ${mapping.functionName}: ${error instanceof Error ? (error.stack ?? '') : String(error)}\n`);
          })
          .finally(() => {
            running.delete(work);
            if (!stopping.signal.aborted) schedule();
          });
        running.add(work);
        return work;
      },
    }),
  );

  const admit = (record: StreamRecord): void => {
    const passes = !options.filter || options.filter(record.data, { partitionKey: record.partitionKey });
    if (!passes) return progress.skipped(record.sequenceNumber);
    progress.began(record.sequenceNumber);
    buffered = { records: buffered.records + 1, bytes: buffered.bytes + eventBytes(record) };
    lanes[laneOf(record.partitionKey, lanes.length)]?.push(record);
  };
  const fill = (): void => {
    while (!closed && buffered.records < bufferLimit.records && buffered.bytes < bufferLimit.bytes) {
      const read = streams.read(stream, shardId, readTo, Math.min(1000, bufferLimit.records), 4 * 1024 * 1024);
      for (const record of read.records) admit(record);
      readTo = read.records.at(-1)?.sequenceNumber ?? readTo;
      closed = read.finished;
      if (read.records.length === 0) break;
    }
  };
  const go = (): void => {
    cancelGather = undefined;
    if (stopping.signal.aborted) return;
    fill();
    save();
    const all = flushing || closed;
    flushing = false;
    for (const lane of lanes) lane.turn(all);
  };
  const schedule = (): void => {
    if (stopping.signal.aborted) return;
    cancelGather ??= options.clock.after(options.gatherMs, go);
  };
  schedule();
  return {
    wake: schedule,
    flush() {
      flushing = true;
      schedule();
    },
    get outstanding() {
      return progress.outstanding;
    },
    get unread() {
      const tip = streams.tip(stream, shardId);
      return !closed && tip !== undefined && (readTo === undefined || tip > readTo);
    },
    async stop() {
      stopping.abort();
      cancelGather?.();
      for (const lane of lanes) lane.stop();
      await Promise.all(running);
    },
  };
}
