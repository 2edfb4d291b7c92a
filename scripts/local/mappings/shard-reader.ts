import type { ShardRead, Streams, StreamRecord } from '../kinesis/streams.ts';
import { AwsError } from '../service.ts';
import { processBatch } from './batch.ts';
import type { RecordFilter } from './filter.ts';
import { BATCH_BYTES, eventBytes, recordMetadata } from './kinesis-event.ts';
import { createLane } from './lane.ts';
import type { MappingDefinition } from './mapping.ts';
import type { StreamPorts } from './ports.ts';
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

export interface ShardReaderOptions extends StreamPorts {
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

const READ_RECORDS = 1000;
const READ_BYTES = 4 * 1024 * 1024;
/** Records read ahead so that the lines of other keys do not wait for the one of a hot key. */
const MOST_BUFFERED = 10_000;

function laneOf(key: string, lanes: number): number {
  let hash = 0;
  for (let at = 0; at < key.length; at += 1) hash = (Math.imul(hash, 31) + key.charCodeAt(at)) | 0;
  return Math.abs(hash) % lanes;
}

export function startShardReader(options: ShardReaderOptions): ShardReader {
  const { mapping, streams, stream, shardId, clock } = options;
  const progress = createProgress();
  const stopping = new AbortController();
  const running = new Set<Promise<void>>();
  const bufferLimit = { records: mapping.batchSize * mapping.parallelization * 2, bytes: BATCH_BYTES * (mapping.parallelization + 1) };
  const origin = { mapping, role: options.roleOf(mapping.functionName), region: options.region, shardId };
  let buffered = { records: 0, bytes: 0 };
  let readTo = options.after;
  let closed = false;
  let ended = false;
  let flushing = false;
  let reading = false;
  let again = false;
  let waits = 0;
  let cancelGather: (() => void) | undefined;

  const save = (): void => {
    const reached = progress.advance();
    if (reached !== undefined) options.checkpoint(reached);
    if (closed && !ended && progress.outstanding === 0) {
      ended = true;
      options.finished();
    }
  };
  const done = (records: readonly StreamRecord[]): void => {
    for (const record of records) progress.done(record.sequenceNumber);
    save();
  };
  const batchOptions = { ...options, signal: stopping.signal, done, retentionMs: () => streams.retentionMs(stream) };
  const lanes = Array.from({ length: mapping.parallelization }, () =>
    createLane({
      clock,
      batchSize: mapping.batchSize,
      windowMs: mapping.windowSeconds * 1000,
      run(records) {
        buffered = { records: buffered.records - records.length, bytes: buffered.bytes - records.reduce((sum, record) => sum + eventBytes(record), 0) };
        const work = processBatch(records, batchOptions).finally(() => {
          running.delete(work);
          schedule(options.gatherMs);
        });
        running.add(work);
        return work;
      },
    }),
  );

  const admit = (record: StreamRecord): void => {
    if (options.filter && !options.filter(record.data, () => recordMetadata(origin, record))) return progress.skipped(record.sequenceNumber);
    progress.began(record.sequenceNumber);
    buffered = { records: buffered.records + 1, bytes: buffered.bytes + eventBytes(record) };
    lanes[laneOf(record.partitionKey, lanes.length)]?.push(record);
  };
  /** A shard that retention or the stream's deletion has removed holds nothing more. */
  const read = (): ShardRead => {
    try {
      return streams.read(stream, shardId, readTo, Math.min(READ_RECORDS, bufferLimit.records), READ_BYTES);
    } catch (error) {
      if (!(error instanceof AwsError && error.code === 'ResourceNotFoundException')) throw error;
      return { records: [], millisBehindLatest: 0, finished: true, children: [] };
    }
  };
  const hasRoom = (): boolean =>
    buffered.bytes < bufferLimit.bytes && (buffered.records < bufferLimit.records || (buffered.records < MOST_BUFFERED && lanes.some((lane) => lane.waiting < mapping.batchSize)));
  const fill = async (): Promise<void> => {
    while (!closed && !stopping.signal.aborted && hasRoom()) {
      const refusal = await options.ask?.(mapping, 'GetRecords');
      if (refusal) throw refusal;
      const { records, finished } = read();
      for (const record of records) admit(record);
      readTo = records.at(-1)?.sequenceNumber ?? readTo;
      closed = finished;
      if (records.length === 0) break;
    }
  };
  const failed = (error: unknown): void => {
    options.report(mapping, `PROBLEM: ${error instanceof Error ? error.message : String(error)}`);
    schedule(Math.min(options.backoffMaxMs, options.backoffMs * 2 ** Math.min(waits, 16)));
    waits += 1;
  };
  const go = async (): Promise<void> => {
    cancelGather = undefined;
    if (reading) {
      again = true;
      return;
    }
    reading = true;
    await fill().then(() => (waits = 0), failed);
    reading = false;
    if (stopping.signal.aborted) return;
    save();
    const all = flushing || closed;
    flushing = false;
    for (const lane of lanes) lane.turn(all);
    if (again) schedule(options.gatherMs);
    again = false;
  };
  const schedule = (ms: number): void => {
    if (stopping.signal.aborted) return;
    cancelGather ??= clock.after(ms, () => void go());
  };
  schedule(options.gatherMs);
  return {
    wake: () => schedule(options.gatherMs),
    flush() {
      flushing = true;
      schedule(options.gatherMs);
    },
    get outstanding() {
      return progress.outstanding;
    },
    get unread() {
      try {
        const tip = closed ? undefined : streams.tip(stream, shardId);
        return tip !== undefined && (readTo === undefined || tip > readTo);
      } catch {
        return false; // the shard is no more, which the next read finds
      }
    },
    async stop() {
      stopping.abort();
      cancelGather?.();
      for (const lane of lanes) lane.stop();
      await Promise.all(running);
    },
  };
}
