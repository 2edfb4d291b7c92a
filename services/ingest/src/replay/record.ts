import { findAccount } from '@orderflow/shared/accounts';
import { isPointed, originOf } from '@orderflow/shared/events';
import { isPointedFact } from '@orderflow/shared/facts';
import { factRecord, Poison, readEvent, readFact, writeAll, type ObjectPort, type StreamPort } from '@orderflow/shared/stream';
import type { IntakeDeps } from '../intake/ports.ts';

export interface RecordDeps extends Pick<IntakeDeps, 'accounts' | 'sink'> {
  readonly streams: { readonly events: StreamPort; readonly facts: StreamPort };
  /** Where payloads over 200 KB go. */
  readonly objects: ObjectPort;
  readonly pointerBucket: string;
}

type Outcome = { readonly outcome: 'taken' } | { readonly outcome: 'unreadable'; readonly message: string };

/** A thin notice that could not be fetched goes back into the queue of its source. */
async function replayNotice(data: Uint8Array, dryRun: boolean, deps: RecordDeps): Promise<Outcome> {
  const event = readEvent(data);
  const { source, account: name } = originOf(event);
  const account = findAccount(deps.accounts, source, name);
  if (!account || isPointed(event)) return { outcome: 'unreadable', message: 'its account is not configured' };
  if (!dryRun) await deps.sink.put([event], account);
  return { outcome: 'taken' };
}

const isNotice = (data: Uint8Array): boolean => {
  try {
    return readEvent(data).type === 'source.notified';
  } catch {
    return false;
  }
};

/** What `read` returns; undefined where the bytes are none of its kind. @throws anything else */
function readable<T>(read: (data: Uint8Array) => T, data: Uint8Array): T | undefined {
  try {
    return read(data);
  } catch (error) {
    if (error instanceof Poison) return undefined;
    throw error;
  }
}

/** A stream record that a consumer could not use, or rows that the warehouse refused, go to their stream if they can be read now. */
export async function replayRecord(data: Uint8Array, dryRun: boolean, deps: RecordDeps): Promise<Outcome> {
  const { streams, objects, pointerBucket } = deps;
  if (isNotice(data)) return replayNotice(data, dryRun, deps);
  const event = readable(readEvent, data);
  const fact = event ? undefined : readable(readFact, data);
  if (event && !dryRun) await writeAll(streams.events, [{ partitionKey: event.partitionkey, data }]);
  // refused rows may be more than a record holds
  if (fact && !dryRun) await writeAll(streams.facts, [isPointedFact(fact) ? { partitionKey: fact.partitionkey, data } : await factRecord(fact, objects, pointerBucket)]);
  return event ?? fact ? { outcome: 'taken' } : { outcome: 'unreadable', message: 'it is neither an event nor a fact' };
}
