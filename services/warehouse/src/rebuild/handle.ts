import type { Clock, Invocation, Log } from '@orderflow/shared/lambda';
import { dayOfLanded, homePrefix, landedPointer, nameAnew, pendingKey, pendingPrefix } from '../landed/landed.ts';
import type { StagingBucket } from '../landed/staging.ts';
import type { Warehouse } from '@orderflow/shared/aws';
import { inParallel } from '../load-facts/finish.ts';
import { checksums, type TableSum } from '../tables/checksums.ts';
import { tableNames } from '../tables/tables.ts';
import { rebuildInput, type RebuildAnswer, type RebuildInput } from './steps.ts';

export interface Rebuild {
  readonly staging: StagingBucket;
  readonly warehouse: Warehouse;
  wakeLoader(): Promise<void>;
  /** So long S3 keeps what has landed. */
  readonly landedDays: number;
  readonly clock: Clock;
  readonly log: Log;
}

type Asked<S extends RebuildInput['step']> = Extract<RebuildInput, { step: S }>;

/** Batches that are handed over in one call. */
const pageSize = 200;
const dayMs = 86_400_000;
/** Time left of the invocation below which no further table is summed up; one table may be large. */
const reserveMs = 600_000;

/** From the first day of which there is a file to today; files lie in the order of their days. */
async function days({ staging, clock }: Rebuild): Promise<string[]> {
  const [first] = await staging.list('landed/', 1);
  if (first === undefined) return [];
  const found: string[] = [];
  for (let at = Date.parse(dayOfLanded(first)); at <= clock(); at += dayMs) found.push(new Date(at).toISOString().slice(0, 10));
  return found;
}

async function sums({ after }: Asked<'checksums'>, { warehouse }: Rebuild, remainingMs: () => number): Promise<RebuildAnswer> {
  const names = tableNames.slice(after === undefined ? 0 : tableNames.findIndex((name) => name === after) + 1);
  const done: TableSum[] = [];
  for await (const one of checksums(warehouse, names)) {
    done.push(one);
    if (done.length < names.length && remainingMs() < reserveMs) return { step: 'checksums', tables: done, after: one.table };
  }
  return { step: 'checksums', tables: done };
}

/**
 * Empties the tables and forgets that anything was loaded: what a loader has committed and not finished, it loads again.
 * The lock is the loader's own.
 * @throws Error where files may have expired: what was in them would be lost
 */
async function empty(run: string, deps: Rebuild): Promise<void> {
  const [first] = await days(deps);
  if (first === undefined) throw new Error('nothing has landed: there is nothing to load again');
  if (deps.clock() - Date.parse(first) > (deps.landedDays - 1) * dayMs) {
    throw new Error(`files are kept for ${deps.landedDays} days and the first is of ${first}: older ones may be gone, and their rows would be lost`);
  }
  const statements = ['LOCK load_lock', ...[...tableNames, 'load_batch'].map((name) => `DELETE FROM ${name}`)];
  const result = await deps.warehouse.transaction(statements, {}, `empty-${run}`);
  if (result.outcome === 'failed') throw new Error(`the tables were not emptied: ${result.reason}`);
}

async function handOver(input: Asked<'day'>, deps: Rebuild): Promise<RebuildAnswer> {
  const { staging } = deps;
  const homes = await staging.list(homePrefix(input.day), pageSize, input.after);
  let rows = 0;
  await inParallel(homes, async (home) => {
    const pointer = landedPointer.parse(JSON.parse(Buffer.from(await staging.get(home)).toString('utf8')));
    rows += pointer.rows;
    const name = nameAnew(input.run, pointer.name);
    // of a batch that was loaded nothing is in flight any more; one that waits may be split under this name
    const waits = (await staging.list(pendingKey(pointer.name), 1)).length > 0;
    const facts = waits ? pointer.facts : pointer.facts.map(({ fact, key, events }) => ({ fact, key, events }));
    await staging.put(pendingKey(name), Buffer.from(JSON.stringify({ ...pointer, name, facts })));
  });
  if (homes.length > 0) await deps.wakeLoader();
  const last = homes.at(-1);
  return { step: 'day', batches: homes.length, rows, ...(last !== undefined && homes.length === pageSize && { after: last }) };
}

async function left(run: string, deps: Rebuild): Promise<RebuildAnswer> {
  const { length: batches } = await deps.staging.list(`${pendingPrefix}${nameAnew(run, '')}`, 1_000);
  // who was woken before may have ended
  if (batches > 0) await deps.wakeLoader();
  return { step: 'left', batches };
}

/**
 * The warehouse once more from the files that landed: they are handed to the one writer as if they had just come, so
 * that versions, refusals and crashes are dealt with as ever, and loading what is there already changes nothing.
 * @throws ZodError when the input is none of the steps
 */
export async function handle(input: unknown, deps: Rebuild, { remainingMs }: Pick<Invocation, 'remainingMs'>): Promise<RebuildAnswer> {
  const asked = rebuildInput.parse(input);
  deps.log.info('REBUILD', { step: asked.step });
  switch (asked.step) {
    case 'days': return { step: 'days', days: await days(deps) };
    case 'checksums': return sums(asked, deps, remainingMs);
    case 'empty': return empty(asked.run, deps).then(() => ({ step: 'empty' }));
    case 'day': return handOver(asked, deps);
    case 'left': return left(asked.run, deps);
  }
}
