import * as z from 'zod/mini';
import type { TableSum } from '../tables/checksums.ts';
import { tableNames } from '../tables/tables.ts';

const day = z.string().check(z.regex(/^\d{4}-\d{2}-\d{2}$/));
/** Names one rebuild: its batches are told from those of others by it. */
const run = z.string().check(z.regex(/^[0-9a-z]{1,32}$/));

/** What `rebuild` is asked for, a step a call. */
export const rebuildInput = z.discriminatedUnion('step', [
  /** Which days there are files of. */
  z.strictObject({ step: z.literal('days') }),
  /** What the tables hold, those behind `after`. */
  z.strictObject({ step: z.literal('checksums'), after: z.optional(z.enum(tableNames as [string, ...string[]])) }),
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
  /** `after`: go on behind this table; absent behind the last. */
  | { readonly step: 'checksums'; readonly tables: readonly TableSum[]; readonly after?: string }
  | { readonly step: 'empty' }
  /** `after`: where the next page begins; absent at the end of the day. */
  | { readonly step: 'day'; readonly batches: number; readonly rows: number; readonly after?: string }
  /** A thousand stands for a thousand or more. */
  | { readonly step: 'left'; readonly batches: number };
