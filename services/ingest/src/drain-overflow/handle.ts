import type { Clock, Invocation, Log, Meter } from '@orderflow/shared/lambda';
import { NotWritten, type Quarantine, type StreamPort, type StreamRecord } from '@orderflow/shared/stream';
import { overflowPrefix, packOverflow, recordsIn, unpackOverflow, type OverflowRecord } from '../intake/overflow.ts';
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
  /** Other content under the same name: its place in the order stays. */
  replace(key: string, body: Uint8Array): Promise<void>;
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
  /** Streams that still refuse, each with its own error code: their records wait for the next run. */
  readonly refusing?: Readonly<Partial<Record<StreamName, string>>>;
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

type Refusing = Map<StreamName, string>;

/**
 * Puts one object through and removes it, or what of it is on its streams. What can never be put goes to quarantine
 * first. A stream that refuses joins `refusing` and is asked no more. @returns records put; whether the object is gone
 */
async function drainObject(key: string, refusing: Refusing, { store, streams, quarantine, log, meter }: DrainDeps): Promise<{ put: number; gone: boolean }> {
  const body = await store.get(key);
  if (!body) return { put: 0, gone: true }; // another run was quicker
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
  const left = new Set<StreamRecord>();
  for (const name of streamNames) {
    const own = records.filter(({ stream }) => stream === name);
    try {
      if (refusing.has(name)) throw new NotWritten(own, refusing.get(name) ?? '');
      await putThrough(streams[name], own, (record, why) => aside('OVERFLOW_POISON', why, record.data, `${key}#${records.indexOf(record)}`));
    } catch (error) {
      if (!(error instanceof NotWritten)) throw error;
      for (const record of error.records) left.add(record);
      if (!refusing.has(name)) log.warn('OVERFLOW_STAYS', { object: key, stream: name, reason: error.code });
      refusing.set(name, error.code);
    }
  }
  if (left.size === 0) await store.remove(key);
  else if (left.size < records.length) await store.replace(key, await packOverflow(records.filter((record) => left.has(record))));
  return { put: records.length - left.size, gone: left.size === 0 };
}

/**
 * Puts what the streams once refused onto them, oldest object first, and deletes an object only when every record of it
 * is there: a crash in between, or two runs at once, put some twice, which claims absorb. Of a stream that refuses again
 * nothing more is put in this run, so that no newer object overtakes; neither that nor an object that cannot be read now
 * holds up the rest.
 */
export async function handle(_input: unknown, deps: DrainDeps, { remainingMs }: Pick<Invocation, 'remainingMs'>): Promise<Drained> {
  const waiting = await deps.store.list(overflowPrefix);
  measure(waiting, deps);
  let records = 0;
  let left = waiting.length;
  const refusing: Refusing = new Map();
  for (const { key } of waiting) {
    if (remainingMs() < spareMs || refusing.size === streamNames.length) break;
    try {
      const { put, gone } = await drainObject(key, refusing, deps);
      records += put;
      if (gone) left--;
    } catch (error) {
      deps.meter.count('overflowStays');
      deps.log.error('OVERFLOW_STAYS', { object: key, reason: nameOf(error) });
    }
  }
  if (records > 0) {
    deps.log.info('OVERFLOW_DRAINED', { records, left });
    deps.meter.count('drained', records);
  }
  return { records, left, ...(refusing.size > 0 ? { refusing: Object.fromEntries(refusing) } : {}) };
}
