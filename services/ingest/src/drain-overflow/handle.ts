import type { Invocation, Log, Meter } from '@orderflow/shared/lambda';
import { writeAll, type StreamPort } from '@orderflow/shared/stream';
import { overflowPrefix, unpackOverflow } from '../intake/overflow.ts';
import type { StreamName } from '../intake/sink.ts';

/** The overflow's objects. */
export interface OverflowStore {
  /** Keys below a prefix, in order, some hundred at most. */
  list(prefix: string): Promise<readonly string[]>;
  get(key: string): Promise<Uint8Array>;
  remove(key: string): Promise<void>;
}

export interface DrainDeps {
  readonly store: OverflowStore;
  readonly streams: Readonly<Record<StreamName, StreamPort>>;
  readonly log: Log;
  readonly meter: Meter;
}

/** Stops in time for the next invocation to go on. */
const spareMs = 15_000;

/**
 * Puts what the stream once refused onto the stream, oldest object first, and deletes an object only when every record
 * of it is there: a crash in between puts some twice, which claims absorb. @throws when the stream still refuses
 */
export async function handle(_input: unknown, { store, streams, log, meter }: DrainDeps, { remainingMs }: Pick<Invocation, 'remainingMs'>): Promise<{ drained: number }> {
  let drained = 0;
  for (const key of await store.list(overflowPrefix)) {
    if (remainingMs() < spareMs) break;
    const records = unpackOverflow(await store.get(key));
    for (const name of ['events', 'facts'] as const) {
      await writeAll(streams[name], records.filter(([stream]) => stream === name).map(([, record]) => record));
    }
    await store.remove(key);
    drained += records.length;
  }
  if (drained > 0) {
    log.info('INTAKE_OVERFLOW', { drained });
    meter.count('drained', drained);
  }
  return { drained };
}
