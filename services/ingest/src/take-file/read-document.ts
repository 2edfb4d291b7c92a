import { exact, sum, Unreadable } from '../convert/index.ts';
import type { Draft, Rejection } from '../sources/definition.ts';
import { draftsOf, remainderDraft } from './document-drafts.ts';
import { lineOf, type DocumentReading, type Line } from './document-line.ts';
import type { Document } from './documents.ts';
import type { Row } from './rows.ts';

/** A line of the file that is not taken: it cannot be read, or another line of its document cannot. */
export interface RejectedRow extends Rejection {
  readonly row: Row;
}

/** What one document says. */
export interface ReadDocument {
  readonly drafts: readonly Draft[];
  readonly rejected: readonly RejectedRow[];
  /** Codes that no rule of the mapping knows, taken as products. */
  readonly unknownCodes: readonly string[];
}

/** A document has one currency: that of its first line, and of all others. */
const currencyOf = (row: Row, before: string, { mapping, reader }: DocumentReading): string => {
  if (typeof mapping.currency === 'string') return mapping.currency;
  const { column } = mapping.currency;
  const found = reader.text(row, column)?.toUpperCase();
  if (found === undefined) throw new Unreadable('missing', reader.path(row, column), 'is missing');
  if (before !== '' && found !== before) throw new Unreadable('currency', reader.path(row, column), 'is another currency than that of the lines before');
  return found;
};

const rejectionOf = (row: Row, error: unknown): RejectedRow => {
  if (error instanceof Unreadable) return { row, code: error.code, path: error.path, message: error.message };
  throw error;
};

/** A line that was no record keeps its document from being taken, like one whose values cannot be read. */
const lineFrom = (row: Row, ordinal: number, currency: string, reading: DocumentReading): Line => {
  if (row.problem !== undefined) throw new Unreadable('csv', `$.lines[${row.number}]`, row.problem);
  return lineOf(row, ordinal, currency, reading);
};

/** The other lines of a document that is not whole wait with the one that cannot be read. */
function held(rows: readonly Row[], bad: readonly RejectedRow[]): readonly RejectedRow[] {
  const [first] = bad;
  const why = new Map(bad.map((one) => [one.row, one]));
  return rows.map((row) =>
    why.get(row) ?? { row, code: 'held', path: `$.lines[${row.number}]`, message: `waits for line ${first?.row.number} of its document, which cannot be read` });
}

/**
 * One document's lines → events. Pure. A document is taken whole or not at all: without one of its lines its total would
 * be wrong, and what it is (its kind) could be something else. So a line that cannot be read is given back with its
 * number and its reason, and the others of its document with it.
 */
export function readDocument(document: Document, reading: DocumentReading): ReadDocument {
  const { mapping, reader } = reading;
  const rejected: RejectedRow[] = [];
  const lines: Line[] = [];
  let currency = typeof mapping.currency === 'string' ? mapping.currency : '';
  document.rows.forEach((row, at) => {
    try {
      currency = currencyOf(row, currency, reading);
      lines.push(lineFrom(row, at + 1, currency, reading));
    } catch (error) {
      rejected.push(rejectionOf(row, error));
    }
  });
  const [first] = lines;
  if (rejected.length > 0 || !first) return { drafts: [], rejected: held(document.rows, rejected), unknownCodes: [] };
  const at = lines.reduce((earliest, line) => (line.at < earliest ? line.at : earliest), first.at);
  const kind = mapping.document.kinds.find(({ when }) =>
    Object.entries(when).every(([column, condition]) => lines.every(({ row }) => reader.holds(row, column, condition))),
  )?.kind;
  const dropped = lines.flatMap((line) => (line.dropped === undefined ? [] : [exact(line.dropped)]));
  const remainder = dropped.reduce(sum, { units: 0n, scale: 0 });
  try {
    const drafts = draftsOf(kind, document.id, lines, at, currency, reading);
    return {
      drafts: remainder.units === 0n ? drafts : [...drafts, remainderDraft(document.id, remainder, dropped.length, at, currency, reading)],
      rejected: [],
      unknownCodes: lines.filter(({ known }) => !known).map(({ line }) => line.productId ?? ''),
    };
  } catch (error) {
    return { drafts: [], rejected: document.rows.map((row) => rejectionOf(row, error)), unknownCodes: [] };
  }
}
