import type { BreakerLimits } from './breaker.ts';
import { mostBytes, mostRecords } from './kinesis.ts';
import type { Quota } from './lanes.ts';
import type { StreamRecord } from './record.ts';

/** How long and how often a record is tried. */
export interface Persistence {
  /** From `write` to the end of trying, milliseconds, however slow the stream is. */
  readonly withinMs: number;
  /** Tries in all, the first included. */
  readonly attempts: number;
  /** First pause in milliseconds; doubled each time, with full jitter, never above `mostPauseMs`. */
  readonly firstPauseMs: number;
  readonly mostPauseMs: number;
}

export const patient: Persistence = { withinMs: 15_000, attempts: 8, firstPauseMs: 20, mostPauseMs: 1_000 };

export interface BatcherLimits extends Quota, Persistence {
  /** Least time between two calls, milliseconds: what comes meanwhile goes together. A lone record goes at once. */
  readonly lingerMs: number;
  /** Calls under way at once. */
  readonly inFlight: number;
  /** What may wait in memory; beyond it writes are refused at once. */
  readonly waitingBytes: number;
  /** Absent: it is tried for every record. */
  readonly breaker?: BreakerLimits;
}

export const usualLimits: BatcherLimits = {
  ...patient, records: mostRecords, bytes: mostBytes, repeatKeys: false, lingerMs: 5, inFlight: 4, waitingBytes: 64_000_000,
};

/** What else may be done with a record that the stream does not take, and what is to be told. */
export interface BatcherTurns<R> {
  /** Makes the record durable elsewhere; `code` says why the stream did not. Called in the order of a key's records. */
  readonly otherwise?: (record: R, code: string) => Promise<void>;
  /** The breaker: the stream counts as down, or is back. */
  readonly changed?: (down: boolean) => void;
}

/** Gathers records of many callers into few calls. */
export interface Batcher<R extends StreamRecord = StreamRecord> {
  /** Resolves when that record is durable. @throws NotWritten, or what `otherwise` throws; after `withinMs` at the latest */
  write(record: R): Promise<void>;
  /** Sends what waits and resolves when nothing is under way. */
  drain(): Promise<void>;
}
