import { gunzipSync } from 'node:zlib';
import { removeLanded, writeLanded } from '../landed/land.ts';
import { dayOfLanded, factsOf, fromLines, type LandedPointer } from '../landed/landed.ts';
import type { StagingBucket } from '../landed/staging.ts';
import type { Row } from '../tables/fold.ts';

/** Rows of a landed batch by table. */
export async function landedRows(pointer: LandedPointer, staging: StagingBucket): Promise<Map<string, Row[]>> {
  const tables = await Promise.all(
    Object.entries(pointer.tables).map(async ([table, { key }]): Promise<[string, Row[]]> =>
      [table, fromLines(gunzipSync(await staging.get(key)).toString('utf8'))]),
  );
  return new Map(tables);
}

/** The rows that come from facts `from` to `to` (not included), renumbered from 0. */
function rowsFrom(rows: ReadonlyMap<string, readonly Row[]>, from: number, to: number): Map<string, Row[]> {
  const picked = [...rows].map(([table, all]): [string, Row[]] => [
    table,
    all.flatMap((row) => {
      const mine = factsOf(row).filter((fact) => fact >= from && fact < to);
      return mine.length === 0 ? [] : [{ ...row, _facts: mine.map((fact) => fact - from).join(',') }];
    }),
  ]);
  return new Map(picked.filter(([, some]) => some.length > 0));
}

/**
 * Cuts a landed batch in two by its facts: both halves land and are pending before the whole is taken away, so a crash in
 * between loads some facts twice, which changes nothing, and loses none.
 */
export async function splitLanded(pointer: LandedPointer, staging: StagingBucket): Promise<LandedPointer[]> {
  const rows = await landedRows(pointer, staging);
  const middle = Math.ceil(pointer.facts.length / 2);
  const parts: [number, number][] = [[0, middle], [middle, pointer.facts.length]];
  const halves: LandedPointer[] = [];
  for (const [half, [from, to]] of parts.entries()) {
    halves.push(await writeLanded(staging, `${pointer.name}.${half}`, rowsFrom(rows, from, to), pointer.facts.slice(from, to), dayOfLanded(pointer.home)));
  }
  await removeLanded(staging, pointer);
  return halves;
}
