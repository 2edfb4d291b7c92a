import { gunzipSync, gzipSync } from 'node:zlib';
import * as z from 'zod/mini';
import { redactedData } from '@orderflow/shared/events';
import type { Invocation, Log } from '@orderflow/shared/lambda';
import type { InFlightStore } from '@orderflow/shared/store';
import { fromLines, homePrefix, landedPointer, pendingKey, toLines, type LandedPointer } from '../landed/landed.ts';
import type { StagingBucket } from '../landed/staging.ts';
import type { Warehouse } from '@orderflow/shared/aws';
import { inParallel } from '../load-facts/finish.ts';
import { blankedRow, leftOver, personal, type ErasedKeys } from '../tables/personal.ts';
import { addKeys, beginStatements, endStatement, erasedKeys, keysOf, ordersOf, returnsOf, sinceStatement, wordsOfCustomer, wordsOfOrder } from './statements.ts';

const id = z.string().check(z.regex(/^[0-9a-z]{1,32}$/));
const key = z.string().check(z.minLength(3), z.maxLength(512));
const count = z.int().check(z.nonnegative());

export const eraseInput = z.discriminatedUnion('step', [
  /** Whose orders and returns the warehouse knows; changes nothing. */
  z.strictObject({ step: z.literal('find'), customer: z.optional(key), orders: z.array(key) }),
  /** From now on they are blanked, in the tables and in every later load. */
  z.strictObject({
    step: z.literal('begin'), erasure: id, customer: z.optional(key), orders: z.array(key), returns: z.array(key),
    by: z.string().check(z.minLength(1), z.maxLength(128)), reason: z.string().check(z.minLength(1), z.maxLength(512)),
  }),
  /** Blanks what is in flight of these orders. */
  z.strictObject({ step: z.literal('in-flight'), orders: z.array(key) }),
  /** Writes the landed files of one page of a day anew, without them. */
  z.strictObject({ step: z.literal('landed'), erasure: id, day: z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/)), after: z.optional(z.string()) }),
  /** What is left of all the forgotten. */
  z.strictObject({ step: z.literal('left') }),
  z.strictObject({ step: z.literal('end'), erasure: id, inFlight: count, deliveries: count, quarantined: count, landedFiles: count }),
]);

export type EraseAnswer =
  /** `words`: what unreadable bodies may name them by; personal. `since`: when the first event of them came, UTC; absent: none is loaded. */
  | { readonly step: 'find'; readonly orders: readonly string[]; readonly returns: readonly string[]; readonly words: readonly string[]; readonly since?: string }
  | { readonly step: 'begin' }
  /** `busy`: orders at which a workflow is at work: ask again. */
  | { readonly step: 'in-flight'; readonly redacted: number; readonly busy: readonly string[] }
  /** `waiting`: batches that are not loaded yet: ask again when they are. */
  | { readonly step: 'landed'; readonly files: number; readonly waiting: number; readonly after?: string }
  | { readonly step: 'left'; readonly tables: readonly { readonly table: string; readonly rows: number }[] }
  | { readonly step: 'end' };

export interface Erase {
  readonly warehouse: Warehouse;
  readonly staging: StagingBucket;
  readonly store: Pick<InFlightStore, 'look' | 'redact'>;
  readonly log: Log;
}

const pageSize = 200;
const personalTables = new Set<string>(personal.map(({ table }) => table));
const strings = (rows: readonly (readonly unknown[])[]): string[] => rows.map(([value]) => String(value));

/** What the warehouse knows of a customer, and of the orders that were named besides. */
async function find({ customer, orders: named }: Extract<z.infer<typeof eraseInput>, { step: 'find' }>, { warehouse }: Erase): Promise<EraseAnswer> {
  const orders = [...new Set([...named, ...(customer === undefined ? [] : strings(await warehouse.query(ordersOf, { customer })))])].sort();
  const returns = new Set(customer === undefined ? [] : strings(await warehouse.query(returnsOf('customer_key'), { value: customer })));
  const words = new Set((customer === undefined ? [] : await warehouse.query(wordsOfCustomer, { customer })).flat().filter((word): word is string => typeof word === 'string'));
  let since: string | undefined;
  for (const value of orders) {
    for (const one of strings(await warehouse.query(returnsOf('order_key'), { value }))) returns.add(one);
    for (const word of (await warehouse.query(wordsOfOrder, { value })).flat()) if (typeof word === 'string') words.add(word);
    const first = (await warehouse.query(sinceStatement, { value }))[0]?.[0];
    if (typeof first === 'string' && (since === undefined || first < since)) since = first;
  }
  return { step: 'find', orders, returns: [...returns].sort(), words: [...words], ...(since !== undefined && { since: `${since.replace(' ', 'T')}Z` }) };
}

async function begin({ erasure, customer, orders, returns, by, reason }: Extract<z.infer<typeof eraseInput>, { step: 'begin' }>, { warehouse }: Erase, token: string): Promise<EraseAnswer> {
  const about = { erasure, requested_by: by, reason, orders: String(orders.length), returns: String(returns.length), ...(customer !== undefined && { customer }) };
  const keys = keysOf(customer, orders, returns);
  // the first transaction makes the audit row and takes the first keys; each blanks what it has named
  for (let at = 0; at < keys.length; at += addKeys.most) {
    const some = keys.slice(at, at + addKeys.most);
    const { statements, parameters } = addKeys.of(some);
    const result = await warehouse.transaction(
      beginStatements(statements, at === 0, customer !== undefined), { ...(at === 0 ? about : { erasure }), ...parameters }, `${token.slice(0, 40)}-${at}`,
    );
    if (result.outcome === 'failed') throw new Error(`nothing was erased: ${result.reason}`);
  }
  return { step: 'begin' };
}

/** The customer's orders, updates and returns under way. Tombstones hold nothing personal. */
async function inFlight(orders: readonly string[], { store }: Erase): Promise<EraseAnswer> {
  let redacted = 0;
  const busy = new Set<string>();
  await inParallel(orders, async (pk) => {
    const { order, others } = await store.look(pk);
    for (const item of [...(order ? [order] : []), ...others]) {
      if (item.data === undefined || item.state === 'FORGOTTEN') continue;
      const blank = redactedData(item.data);
      if (JSON.stringify(blank) === JSON.stringify(item.data)) continue;
      if ((await store.redact(item, item.revision, blank)) === 'redacted') redacted++;
      else busy.add(pk);
    }
  });
  return { step: 'in-flight', redacted, busy: [...busy] };
}

/** Rewrites the files of a batch in which a row is of the forgotten. @returns how many */
async function rewrite(pointer: LandedPointer, erased: ErasedKeys, { staging }: Erase): Promise<number> {
  const tables = { ...pointer.tables };
  let files = 0;
  for (const [name, file] of Object.entries(pointer.tables)) {
    if (!personalTables.has(name)) continue;
    const rows = fromLines(gunzipSync(await staging.get(file.key)).toString('utf8'));
    const blanked = rows.map((row) => blankedRow(name, row, erased));
    if (blanked.every((row) => row === undefined)) continue;
    const body = gzipSync(toLines(rows.map((row, at) => blanked[at] ?? row)), { level: 4 });
    await staging.put(file.key, body);
    tables[name] = { ...file, bytes: body.byteLength };
    files++;
  }
  if (files > 0) await staging.put(pointer.home, Buffer.from(JSON.stringify({ ...pointer, tables })));
  return files;
}

async function landed({ day, after, erasure }: Extract<z.infer<typeof eraseInput>, { step: 'landed' }>, deps: Erase): Promise<EraseAnswer> {
  const { staging, warehouse } = deps;
  const rows = await warehouse.query(erasedKeys, { erasure });
  const of = (kind: string): Set<string> => new Set(rows.filter(([its]) => its === kind).map(([, value]) => String(value)));
  const erased = { customer: of('customer'), order: of('order'), return: of('return') };
  const homes = await staging.list(homePrefix(day), pageSize, after);
  let [files, waiting] = [0, 0];
  await inParallel(homes, async (home) => {
    const pointer = landedPointer.parse(JSON.parse(Buffer.from(await staging.get(home)).toString('utf8')));
    // a file under the loader's hands stays as its manifest says; what it brings is blanked by the load
    const [pending] = await staging.list(pendingKey(pointer.name), 1);
    if (pending !== undefined) {
      waiting++;
      return;
    }
    const written = await rewrite(pointer, erased, deps);
    files += written;
  });
  const last = homes.at(-1);
  return { step: 'landed', files, waiting, ...(last !== undefined && homes.length === pageSize && { after: last }) };
}

/**
 * Forgets a customer, or the orders of a guest, step by step; each step can be repeated. The keys stay in `erased`, so
 * that what comes late is blanked by the load that brings it.
 * @throws ZodError when the input is none of the steps; Error when the database refuses
 */
export async function handle(input: unknown, deps: Erase, { requestId }: Pick<Invocation, 'requestId'>): Promise<EraseAnswer> {
  const asked = eraseInput.parse(input);
  deps.log.info('ERASE', { step: asked.step, erasure: 'erasure' in asked ? asked.erasure : undefined });
  switch (asked.step) {
    case 'find': return find(asked, deps);
    case 'begin': return begin(asked, deps, requestId);
    case 'in-flight': return inFlight(asked.orders, deps);
    case 'landed': return landed(asked, deps);
    case 'left': return { step: 'left', tables: (await deps.warehouse.query(leftOver)).map(([table, rows]) => ({ table: String(table), rows: Number(rows) })).filter(({ rows }) => rows > 0) };
    case 'end': {
      const { erasure, inFlight: items, deliveries, quarantined, landedFiles } = asked;
      await deps.warehouse.query(endStatement, { erasure, items: String(items), deliveries: String(deliveries), quarantined: String(quarantined), files: String(landedFiles) });
      return { step: 'end' };
    }
  }
}
