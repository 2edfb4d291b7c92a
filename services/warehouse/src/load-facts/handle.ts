import type { Clock, Invocation, Log, Meter } from '@orderflow/shared/lambda';
import { isLoadedAnew, landedPointer, pendingKey, pendingPrefix, type LandedPointer } from '../landed/landed.ts';
import type { Lease } from '../load/lease.ts';
import { batchIdOf, isCommitted, loadBatch, type Loading } from '../load/load-batch.ts';
import { splitLanded } from '../load/split.ts';
import { finish } from './finish.ts';
import { reject, type Rejecting } from './reject.ts';

export interface LoadFacts extends Loading, Rejecting {
  readonly lease: Lease;
  readonly log: Log;
  readonly meter: Meter;
  readonly clock: Clock;
  readonly newId: () => string;
  pause(milliseconds: number): Promise<void>;
  readonly batchesPerLoad: number;
  /** Bounds a transaction; one landed batch is loaded whole, however large. */
  readonly rowsPerLoad: number;
  readonly intervalMs: number;
}

/**
 * Time after which another loader may take over a dead one's work; a living one renews in time. Two at once would be
 * slow (the second waits for the lock in the database) but not wrong.
 */
const leaseMs = 10_000;
/** Time left of the invocation below which no further load is begun. */
const reserveMs = 60_000;

/** A longer rest before the next load is not waited for: the schedule comes again. Shorter than the lease, which is held meanwhile. */
const longestPauseMs = leaseMs * 0.8;

const readPointer = async (key: string, deps: LoadFacts): Promise<LandedPointer> =>
  landedPointer.parse(JSON.parse(Buffer.from(await deps.staging.get(key)).toString('utf8')));

const pendingNames = async (deps: LoadFacts): Promise<string[]> =>
  (await deps.staging.list(pendingPrefix, deps.batchesPerLoad)).map((key) => key.slice(pendingPrefix.length, -'.json'.length));

/** The first pointers that have so many rows together; at least one. */
function upToRows(pointers: readonly LandedPointer[], most: number): LandedPointer[] {
  let rows = 0;
  return pointers.filter((pointer, at) => {
    rows += pointer.rows;
    return at === 0 || rows <= most;
  });
}

/** What a loader before us committed but did not finish is finished; what it did not commit is loaded again. */
async function finishForOther(batch: string, names: readonly string[], pending: readonly string[], deps: LoadFacts): Promise<string[]> {
  const left = names.filter((name) => pending.includes(name));
  if (left.length === 0 || !(await isCommitted(batch, deps.warehouse))) return [...pending];
  await finish(await Promise.all(left.map((name) => readPointer(pendingKey(name), deps))), deps);
  return pending.filter((name) => !left.includes(name));
}

/** Pointers to batches that were split or rejected under another name meanwhile: what they name is gone, and pending or held elsewhere. */
async function dropHomeless(pointers: readonly LandedPointer[], { staging, log }: LoadFacts): Promise<void> {
  const homes = await Promise.all(pointers.map(({ home }) => staging.list(home, 1)));
  const homeless = pointers.filter(({ home }, at) => homes[at]?.[0] !== home);
  await staging.remove(homeless.map(({ name }) => pendingKey(name)));
  if (homeless.length > 0) log.info('LOAD_SKIPPED', { homeless: homeless.length });
}

/** Loads batches; where the database refuses a row, halves them until the fact at fault stands alone. */
async function loadOrSplit(taken: readonly LandedPointer[], fence: number, deps: LoadFacts): Promise<void> {
  const result = await loadBatch(taken, fence, deps);
  if (result.outcome === 'loaded') {
    if (!(await isCommitted(batchIdOf(taken.map(({ name }) => name)), deps.warehouse))) throw new Error('a committed load has no manifest');
    return finish(taken, deps);
  }
  deps.log.warn('LOAD_FAILED', { batches: taken.length, reason: 'refused' });
  const [only] = taken;
  if (!only) return;
  if (taken.length === 1 && only.facts.length <= 1) return reject(only, result.reason, deps);
  const halves = taken.length === 1 ? await splitLanded(only, deps.staging) : taken;
  const middle = Math.ceil(halves.length / 2);
  await loadOrSplit(halves.slice(0, middle), fence, deps);
  await loadOrSplit(halves.slice(middle), fence, deps);
}

/**
 * The one writer. Takes what has landed, loads it, reads the manifest back, forgets, and looks again; between two loads
 * it waits for more to land, because the price of a load is by the load and not by the row. Two at once: the second does
 * not get the lease, and the first sees what it came for, as it looks once more after letting go.
 */
export async function handle(_input: unknown, deps: LoadFacts, invocation: Pick<Invocation, 'requestId' | 'remainingMs'>): Promise<{ loads: number; events: number }> {
  const { lease, clock, log, meter } = deps;
  const holder = invocation.requestId;
  let [loads, events] = [0, 0];
  let held = false;
  let lastLoad: number | undefined;
  /** More is waiting than one load takes. */
  let behind = false;
  try {
    while (invocation.remainingMs() > reserveMs) {
      const started = clock();
      const found = await pendingNames(deps);
      if (found.length === 0) {
        if (!held) break;
        // whoever found the lease taken in between counts on us: let go first, then look once more
        await lease.release(holder, lastLoad);
        held = false;
        continue;
      }
      const taken = await lease.take(holder, { batch: batchIdOf(found), names: found }, started + leaseMs, started);
      if (!taken) {
        log.info('LOAD_SKIPPED', { pending: found.length });
        break;
      }
      held = true;
      lastLoad ??= taken.lastLoad;
      const { unfinished } = taken;
      // the clock of who loaded last may have been ahead of ours: then nobody knows
      const urgent = lastLoad === undefined || lastLoad > started || behind || unfinished !== undefined || found.length >= deps.batchesPerLoad || found.some(isLoadedAnew);
      const rest = urgent ? 0 : (lastLoad ?? 0) + deps.intervalMs - started;
      if (rest > longestPauseMs) {
        log.info('LOAD_SKIPPED', { pending: found.length, restMs: rest });
        break;
      }
      if (rest > 0) {
        await deps.pause(rest);
        continue;
      }
      const names = unfinished ? await finishForOther(unfinished.batch, unfinished.names, found, deps) : found;
      if (names.length === 0) continue;
      const all = await Promise.all(names.map((name) => readPointer(pendingKey(name), deps)));
      const pointers = upToRows(all, deps.rowsPerLoad);
      const loading = pointers.map(({ name }) => name);
      const batch = batchIdOf(loading);
      if (loading.length < found.length) await lease.take(holder, { batch, names: loading }, started + leaseMs, started);
      const beat = setInterval(() => void lease.take(holder, { batch, names: loading }, clock() + leaseMs, clock()).catch(() => undefined), leaseMs / 3);
      await loadOrSplit(pointers, taken.fence, deps)
        .catch(async (error: unknown) => {
          await dropHomeless(pointers, deps);
          throw error;
        })
        .finally(() => clearInterval(beat));
      lastLoad = started;
      behind = loading.length < names.length;
      loads++;
      const settled = pointers.reduce((sum, pointer) => sum + pointer.events, 0);
      events += settled;
      meter.count('eventsLoaded', settled);
      meter.milliseconds('load', clock() - started);
      log.info('FACTS_LOADED', { batches: loading.length, events: settled, ms: clock() - started });
    }
  } catch (error) {
    log.error('LOAD_FAILED', { error: error instanceof Error ? error.name : 'unknown' });
    if (held) await lease.abandon(holder).catch(() => undefined);
    throw error;
  }
  if (held) await lease.release(holder, lastLoad);
  return { loads, events };
}
