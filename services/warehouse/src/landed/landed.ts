import * as z from 'zod/mini';
import type { Fact } from '@orderflow/shared/facts';
import { inFlightItem } from '@orderflow/shared/facts';
import type { Row } from '../tables/fold.ts';
import { foldTwo, keyOf } from '../tables/fold.ts';
import { tableNames, tableOf, type Table, type TableName } from '../tables/tables.ts';
import { toRows } from '../rows/to-rows.ts';

/**
 * A landed batch: one gzip'd file of JSON lines per table, and a pointer that names them. The pointer is written last, so
 * whoever finds it finds the files. It stands below `pending/` until its facts are loaded and forgotten, and at its `home`
 * beside the files for as long as they are kept: the homes of a day name all that was loaded of it, and nothing else.
 */
export const landedPointer = z.strictObject({
  name: z.string(),
  /** Where the pointer stays: `landed/<day>/batch/<name>.json`; a batch that is loaded anew has another name. */
  home: z.string(),
  events: z.int(),
  rows: z.int(),
  tables: z.record(z.string(), z.strictObject({ key: z.string(), rows: z.int(), bytes: z.int() })),
  facts: z.array(z.strictObject({ fact: z.string(), key: z.string(), events: z.array(z.string()), inFlight: z.optional(inFlightItem) })),
});
export type LandedPointer = z.infer<typeof landedPointer>;

export const pendingPrefix = 'pending/';
/**
 * Name under which a rebuild has a batch loaded once more. After everything that lands meanwhile: the loader takes what
 * waits in the order of its names, and shards' begin with `s`.
 */
export const nameAnew = (rebuild: string, name: string): string => `t-${rebuild}-${name}`;
export const isLoadedAnew = (name: string): boolean => name.startsWith('t-');
export const pendingKey = (name: string): string => `${pendingPrefix}${name}.json`;
/** `landed/2026/11/22/orders/<name>.jsonl.gz`; kept, so that the warehouse can be rebuilt from them. */
export const landedKey = (table: string, name: string, day: string): string =>
  `landed/${day.replaceAll('-', '/')}/${table}/${name}.jsonl.gz`;

/** The pointers of all batches that landed on a day. */
export const homePrefix = (day: string): string => `landed/${day.replaceAll('-', '/')}/batch/`;
export const homeOf = (name: string, day: string): string => `${homePrefix(day)}${name}.json`;
/** The day of a home or of a landed file. @throws Error when it is neither */
export function dayOfLanded(key: string): string {
  const day = /^landed\/(\d{4})\/(\d{2})\/(\d{2})\//.exec(key);
  if (!day) throw new Error(`${key} did not land`);
  return day.slice(1).join('-');
}

/** A landed row also has the positions, in the pointer, of the facts that it is from. COPY does not read them. */
const origin = '_facts';

/** What a row says, without its versions. */
const said = ({ groups }: Table, row: Row): string => JSON.stringify(Object.entries(row).filter(([column]) => !(column in groups)));

interface Told { row: Row; from: number[]; what: string | undefined }

/**
 * Rows by table: what a batch of facts lands as. Rows that say the same become one, with the higher versions; those that
 * say something else of the same key stay apart, so that a fact that the database refuses takes no other with it.
 */
export function rowsToLand(facts: readonly Fact[]): Map<TableName, Row[]> {
  const byTable = new Map<TableName, Map<string, Told[]>>();
  for (const [from, fact] of facts.entries()) {
    for (const [name, rows] of Object.entries(toRows(fact)) as [TableName, Row[]][]) {
      const spec = tableOf(name);
      const told = byTable.get(name) ?? new Map<string, Told[]>();
      byTable.set(name, told);
      for (const row of rows) {
        const key = keyOf(spec, row);
        const ofKey = told.get(key);
        const what = ofKey && said(spec, row);
        const known = ofKey?.find((one) => (one.what ??= said(spec, one.row)) === what);
        if (known) {
          known.row = foldTwo(spec, known.row, row);
          if (known.from.at(-1) !== from) known.from.push(from);
        } else if (ofKey) {
          ofKey.push({ row, from: [from], what });
        } else {
          told.set(key, [{ row, from: [from], what }]);
        }
      }
    }
  }
  return new Map(tableNames.flatMap((name): [TableName, Row[]][] => {
    const told = byTable.get(name);
    return told && told.size > 0 ? [[name, [...told.values()].flat().map(({ row, from }) => ({ ...row, [origin]: from.join(',') }))]] : [];
  }));
}

/** Positions of the facts that a landed row is from. */
export const factsOf = (row: Row): number[] => String(row[origin] ?? '').split(',').map(Number);

export const toLines = (rows: readonly Row[]): string => rows.map((row) => JSON.stringify(row)).join('\n') + '\n';
export const fromLines = (text: string): Row[] =>
  text.split('\n').filter((line) => line !== '').map((line) => JSON.parse(line) as Row);
