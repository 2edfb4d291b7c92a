import * as z from 'zod/mini';
import type { TableSum } from './ask.ts';
import type { RebuildDeps } from './ports.ts';

const kept = z.object({ at: z.string(), tables: z.array(z.object({ table: z.string(), rows: z.number(), checksum: z.string() })) });

/** Sums of an earlier run, where the file exists. @throws Error when it is something else */
export function readSums(file: string | undefined, { read }: Pick<RebuildDeps, 'read'>): TableSum[] | undefined {
  const text = file === undefined ? undefined : read(file);
  if (text === undefined) return undefined;
  try {
    return z.parse(kept, JSON.parse(text)).tables;
  } catch {
    throw new Error(`${file ?? ''} holds no checksums: name another file`);
  }
}

export const keepSums = (file: string | undefined, tables: readonly TableSum[], { write, now }: Pick<RebuildDeps, 'write' | 'now'>): void => {
  if (file !== undefined) write(file, `${JSON.stringify({ at: new Date(now()).toISOString(), tables }, undefined, 2)}\n`);
};

/** Tables whose contents are not what they were. */
export const differing = (before: readonly TableSum[], after: readonly TableSum[]): string[] => {
  const sums = new Map(before.map((one) => [one.table, one]));
  const changed = after.filter(({ table, rows, checksum }) => sums.get(table)?.rows !== rows || sums.get(table)?.checksum !== checksum).map(({ table }) => table);
  return [...changed, ...before.filter(({ table }) => !after.some((one) => one.table === table)).map(({ table }) => table)];
};

/** One line a table: rows and checksum, and where there is a before, that too. */
export function tableOfSums(after: readonly TableSum[], before?: readonly TableSum[]): string[] {
  const changed = before ? new Set(differing(before, after)) : undefined;
  const cells = [
    ['table', ...(before ? ['rows before'] : []), 'rows', ...(before ? ['checksum before'] : []), 'checksum', ...(before ? [''] : [])],
    ...after.map(({ table, rows, checksum }) => {
      const was = before?.find((one) => one.table === table);
      return before
        ? [table, String(was?.rows ?? '-'), String(rows), was?.checksum ?? '-', checksum, changed?.has(table) === true ? 'differs' : 'same']
        : [table, String(rows), checksum];
    }),
  ];
  const widths = cells[0]?.map((_, at) => Math.max(...cells.map((row) => (row[at] ?? '').length))) ?? [];
  return cells.map((row) => row.map((cell, at) => (at === 0 || /^[a-z]*$/.test(cell) ? cell.padEnd(widths[at] ?? 0) : cell.padStart(widths[at] ?? 0))).join('  ').trimEnd());
}
