import { createHash } from 'node:crypto';
import { idSet } from './id-set.ts';
import type { Row } from './rows.ts';
import { withoutEnd } from './values.ts';

/** The lines of one document, in file order. */
export interface Document {
  readonly id: string;
  readonly rows: readonly Row[];
}

/** What a checkpoint keeps of the grouping. */
export interface GroupingState {
  readonly open: readonly Document[];
  /** State of an `IdSet`. */
  readonly closed: string;
}

export const noGroups: GroupingState = { open: [], closed: '' };

export interface Grouping {
  /** Takes one row; gives the documents that are complete now, oldest first. `late`: the row's document was complete. */
  add(id: string, row: Row): { readonly complete: readonly Document[]; readonly late: boolean };
  /** The file is over: all that is still open. */
  end(): readonly Document[];
  /** Bytes of the lines that wait for the end of their documents. */
  openBytes(): number;
  state(): GroupingState;
}

/**
 * Gathers rows into documents. Rows of one document need not be neighbours: a document is complete when `closeAfterRows`
 * rows of others have come since its last one.
 */
export function grouping(closeAfterRows: number, state: GroupingState = noGroups): Grouping {
  // least recently touched first
  const open = new Map<string, Row[]>(state.open.map(({ id, rows }) => [id, [...rows]]));
  const closed = idSet(state.closed);
  const bytesOf = (rows: readonly Row[]): number => rows.reduce((sum, { raw }) => sum + raw.length, 0);
  let bytes = [...open.values()].reduce((sum, rows) => sum + bytesOf(rows), 0);

  const close = (id: string, rows: readonly Row[]): Document => {
    open.delete(id);
    closed.add(id);
    bytes -= bytesOf(rows);
    return { id, rows };
  };

  return {
    add(id, row) {
      const rows = open.get(id);
      const late = !rows && closed.has(id);
      if (!late) {
        open.delete(id);
        open.set(id, rows ?? []);
        open.get(id)?.push(row);
        bytes += row.raw.length;
      }
      const complete: Document[] = [];
      for (const [other, lines] of open) {
        const last = lines.at(-1)?.number ?? row.number;
        if (other === id || row.number - last <= closeAfterRows) break;
        complete.push(close(other, lines));
      }
      return { complete, late };
    },
    end: () => [...open].map(([id, rows]) => close(id, rows)),
    openBytes: () => bytes,
    state: () => ({ open: [...open].map(([id, rows]) => ({ id, rows })), closed: closed.state() }),
  };
}

/**
 * Hash of a document's own bytes, 64 hex digits: its delivery id (CONTRACTS, "Identity"). How its lines end is no part of
 * it, so that the last line of a file is the same once others follow it.
 */
export function documentHash({ rows }: Document): string {
  const hash = createHash('sha256');
  for (const row of rows) hash.update(withoutEnd(row.raw), 'latin1').update('\n');
  return hash.digest('hex');
}
