import type { Clock, Invocation, Log, Meter } from '@orderflow/shared/lambda';
import { NotWritten, type Quarantine, type StreamPort } from '@orderflow/shared/stream';
import { overflowPrefix, recordsIn, unpackOverflow, type OverflowRecord } from '../intake/overflow.ts';
import { streamNames, type StreamName } from '../intake/stream-names.ts';
import { putThrough } from './put-through.ts';

export interface OverflowObject {
  readonly key: string;
  /** Milliseconds since 1970. */
  readonly writtenAt: number;
}

/** The overflow's objects. */
export interface OverflowStore {
  /** All that is below a prefix, in the order of its keys. */
  list(prefix: string): Promise<readonly OverflowObject[]>;
  /** Undefined when it is gone. */
  get(key: string): Promise<Uint8Array | undefined>;
  remove(key: string): Promise<void>;
}

export interface DrainDeps {
  readonly store: OverflowStore;
  readonly streams: Readonly<Record<StreamName, StreamPort>>;
  readonly quarantine: Quarantine;
  readonly clock: Clock;
  readonly log: Log;
  readonly meter: Meter;
}

export interface Drained {
  /** Records that are on their streams now. */
  readonly records: number;
  /** Objects that are still there. */
  readonly left: number;
  /** Why it ended early: the stream's own error code. */
  readonly stopped?: string;
}

/** Stops in time for the next invocation to go on. */
const spareMs = 15_000;

const nameOf = (error: unknown): string => (error instanceof Error ? error.name : 'unknown');

/** Depth and age before this run: what an alarm is set on. */
function measure(waiting: readonly OverflowObject[], { clock, meter }: DrainDeps): void {
  const oldest = waiting[0]?.writtenAt;
  meter.count('overflowObjects', waiting.length);
  meter.count('overflowRecords', waiting.reduce((sum, { key }) => sum + recordsIn(key), 0));
  meter.count('overflowAgeSeconds', oldest === undefined ? 0 : Math.max(0, Math.round((clock() - oldest) / 1_000)));
}

/** Puts one object through and removes it. What can never be put goes to quarantine first. @throws NotWritten */
async function drainObject(key: string, { store, streams, quarantine, log, meter }: DrainDeps): Promise<number> {
  const body = await store.get(key);
  if (!body) return 0; // another run was quicker
  const aside = async (code: string, message: string, bytes: Uint8Array, origin: string): Promise<void> => {
    await quarantine.put({ code, message, path: undefined, body: bytes, origin });
    meter.count('quarantined');
    log.error('QUARANTINED', { object: origin, reason: code });
  };
  let records: readonly OverflowRecord[] = [];
  try {
    records = unpackOverflow(body);
  } catch (error) {
    await aside('OVERFLOW_UNREADABLE', `an object of the overflow cannot be read: ${nameOf(error)}`, body, key);
  }
  for (const name of streamNames) {
    const own = records.filter(({ stream }) => stream === name);
    await putThrough(streams[name], own, (record, why) => aside('OVERFLOW_POISON', why, record.data, `${key}#${records.indexOf(record)}`));
  }
  await store.remove(key);
  return records.length;
}

/**
 * Puts what the streams once refused onto them, oldest object first, and deletes an object only when every record of it
 * is there: a crash in between, or two runs at once, put some twice, which claims absorb. A stream that refuses again
 * ends the run, so that no newer object overtakes; an object that cannot be read now does not hold up the others.
 */
export async function handle(_input: unknown, deps: DrainDeps, { remainingMs }: Pick<Invocation, 'remainingMs'>): Promise<Drained> {
  const waiting = await deps.store.list(overflowPrefix);
  measure(waiting, deps);
  let records = 0;
  let left = waiting.length;
  let stopped: string | undefined;
  for (const { key } of waiting) {
    if (remainingMs() < spareMs) break;
    try {
      records += await drainObject(key, deps);
      left--;
    } catch (error) {
      deps.meter.count('overflowStays');
      deps.log.warn('OVERFLOW_STAYS', { object: key, reason: error instanceof NotWritten ? error.code : nameOf(error) });
      if (!(error instanceof NotWritten)) continue;
      stopped = error.code;
      break;
    }
  }
  if (records > 0) {
    deps.log.info('OVERFLOW_DRAINED', { records, left });
    deps.meter.count('drained', records);
  }
  return { records, left, ...(stopped === undefined ? {} : { stopped }) };
}
