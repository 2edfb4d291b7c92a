import * as z from 'zod/mini';
import type { Clock, Log } from '@orderflow/shared/lambda';
import { dayOfLanded, homePrefix, landedPointer, pendingKey, pendingPrefix } from '../landed/landed.ts';
import type { StagingBucket } from '../landed/staging.ts';
import type { Warehouse } from '../load/data-api.ts';
import { inParallel } from '../load-facts/finish.ts';
import { checksumsOf, type TableSum } from '../tables/checksums.ts';
import { tables } from '../tables/tables.ts';

const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));
/** Names one rebuild: its batches are told from those of others by it. */
const run = z.string().check(z.regex(/^[0-9a-z]{1,32}$/));

export const rebuildInput = z.discriminatedUnion('step', [
  /** Which days there are files of. */
  z.strictObject({ step: z.literal('days') }),
  /** What the tables hold. */
  z.strictObject({ step: z.literal('checksums') }),
  /** Empties the tables that facts fill. */
  z.strictObject({ step: z.literal('empty'), run, sure: z.literal(true) }),
  /** Hands one page of a day's batches to the loader once more. */
  z.strictObject({ step: z.literal('day'), run, day, after: z.optional(z.string()) }),
  /** How many of them it has not loaded yet. */
  z.strictObject({ step: z.literal('left'), run }),
]);
export type RebuildInput = z.infer<typeof rebuildInput>;

export type RebuildAnswer =
  | { readonly step: 'days'; readonly days: readonly string[] }
  | { readonly step: 'checksums'; readonly tables: readonly TableSum[] }
  | { readonly step: 'empty' }
  /** `after`: where the next page begins; absent at the end of the day. */
  | { readonly step: 'day'; readonly batches: number; readonly rows: number; readonly after?: string }
  /** A thousand stands for a thousand or more. */
  | { readonly step: 'left'; readonly batches: number };

export interface Rebuild {
  readonly staging: StagingBucket;
  readonly warehouse: Warehouse;
  wakeLoader(): Promise<void>;
  readonly clock: Clock;
  readonly log: Log;
}

/** Batches that are handed over in one call. */
const pageSize = 200;
const dayMs = 86_400_000;

/** After everything that lands meanwhile: the loader takes what waits in the order of its names, and shards' begin with `s`. */
const nameOf = (rebuild: string, name: string): string => `t-${rebuild}-${name}`;

/** From the first day of which there is a file to today; files lie in the order of their days. */
async function days({ staging, clock }: Rebuild): Promise<string[]> {
  const [first] = await staging.list('landed/', 1);
  if (first === undefined) return [];
  const found: string[] = [];
  for (let at = Date.parse(dayOfLanded(first)); at <= clock(); at += dayMs) found.push(new Date(at).toISOString().slice(0, 10));
  return found;
}

/** What waits to be loaded meanwhile is loaded after it: the lock is the loader's own. */
async function empty(rebuild: string, { warehouse }: Rebuild): Promise<void> {
  const result = await warehouse.transaction(['LOCK load_lock', ...tables.map(({ name }) => `DELETE FROM ${name}`)], {}, `empty-${rebuild}`);
  if (result.outcome === 'failed') throw new Error(`the tables were not emptied: ${result.reason}`);
}

async function handOver(input: Extract<RebuildInput, { step: 'day' }>, deps: Rebuild): Promise<RebuildAnswer> {
  const { staging } = deps;
  const homes = await staging.list(homePrefix(input.day), pageSize, input.after);
  let rows = 0;
  await inParallel(homes, async (home) => {
    const pointer = landedPointer.parse(JSON.parse(Buffer.from(await staging.get(home)).toString('utf8')));
    rows += pointer.rows;
    const name = nameOf(input.run, pointer.name);
    // what was in flight then is forgotten long since
    const facts = pointer.facts.map(({ fact, key, events }) => ({ fact, key, events }));
    await staging.put(pendingKey(name), Buffer.from(JSON.stringify({ ...pointer, name, facts })));
  });
  if (homes.length > 0) await deps.wakeLoader();
  const last = homes.at(-1);
  return { step: 'day', batches: homes.length, rows, ...(last !== undefined && homes.length === pageSize && { after: last }) };
}

/**
 * The warehouse once more from the files that landed: they are handed to the one writer as if they had just come, so
 * that versions, refusals and crashes are dealt with as ever, and loading what is there already changes nothing.
 * @throws ZodError when the input is none of the steps
 */
export async function handle(input: unknown, deps: Rebuild): Promise<RebuildAnswer> {
  const asked = rebuildInput.parse(input);
  deps.log.info('REBUILD', { step: asked.step });
  switch (asked.step) {
    case 'days': return { step: 'days', days: await days(deps) };
    case 'checksums': return { step: 'checksums', tables: await checksumsOf(deps.warehouse) };
    case 'empty': return empty(asked.run, deps).then(() => ({ step: 'empty' }));
    case 'day': return handOver(asked, deps);
    case 'left': return { step: 'left', batches: (await deps.staging.list(`${pendingPrefix}${nameOf(asked.run, '')}`, 1_000)).length };
  }
}
