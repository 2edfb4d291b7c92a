import { createHash } from 'node:crypto';
import type { Row } from './rows.ts';

/** The lines of one document, in file order. */
export interface Document {
  readonly id: string;
  readonly rows: readonly Row[];
}

/** What a checkpoint keeps of the grouping. */
export interface GroupingState {
  readonly open: readonly Document[];
  readonly closed: readonly string[];
}

export interface Grouping {
  /** Takes one row; gives the documents that are complete now, oldest first. `late`: the row's document was complete. */
  add(id: string, row: Row): { readonly complete: readonly Document[]; readonly late: boolean };
  /** The file is over: all that is still open. */
  end(): readonly Document[];
  state(): GroupingState;
}

/**
 * Gathers rows into documents. Rows of one document need not be neighbours: a document is complete when `closeAfterRows`
 * rows of others have come since its last one.
 */
export function grouping(closeAfterRows: number, state: GroupingState = { open: [], closed: [] }): Grouping {
  // least recently touched first
  const open = new Map<string, Row[]>(state.open.map(({ id, rows }) => [id, [...rows]]));
  const closed = new Set<string>(state.closed);

  const close = (id: string, rows: readonly Row[]): Document => {
    open.delete(id);
    closed.add(id);
    return { id, rows };
  };

  return {
    add(id, row) {
      const late = closed.has(id);
      if (!late) {
        const rows = open.get(id) ?? [];
        open.delete(id);
        open.set(id, rows);
        rows.push(row);
      }
      const complete: Document[] = [];
      for (const [other, rows] of open) {
        const last = rows.at(-1)?.number ?? row.number;
        if (other === id || row.number - last <= closeAfterRows) break;
        complete.push(close(other, rows));
      }
      return { complete, late };
    },
    end: () => [...open].map(([id, rows]) => close(id, rows)),
    state: () => ({ open: [...open].map(([id, rows]) => ({ id, rows })), closed: [...closed] }),
  };
}

/** Hash of a document's own bytes, 64 hex digits: its delivery id (CONTRACTS, "Identity"). */
export function documentHash({ rows }: Document): string {
  const hash = createHash('sha256');
  for (const { raw } of rows) hash.update(raw);
  return hash.digest('hex');
}
