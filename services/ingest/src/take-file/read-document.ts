import { exact, sum, Unreadable, type Exact } from '../convert/index.ts';
import type { Draft, Rejection } from '../sources/definition.ts';
import { draftsOf } from './document-drafts.ts';
import { lineOf, type DocumentReading, type Line } from './document-line.ts';
import type { Document } from './documents.ts';
import type { Row } from './rows.ts';

/** A line of the file that could not be read; the rest of its document goes on. */
export interface RejectedRow extends Rejection {
  readonly row: Row;
}

/** What one document says. */
export interface ReadDocument {
  readonly drafts: readonly Draft[];
  readonly rejected: readonly RejectedRow[];
  /** Σ (quantity × unit price − rounded line total), exact, and how many lines contributed. */
  readonly remainder: Exact;
  readonly remainderLines: number;
  readonly currency: string;
  /** Codes that no rule of the mapping knows, taken as products. */
  readonly unknownCodes: readonly string[];
}

const currencyOf = (row: Row, { mapping, reader }: DocumentReading): string => {
  if (typeof mapping.currency === 'string') return mapping.currency;
  const found = reader.text(row, mapping.currency.column)?.toUpperCase();
  if (found === undefined) throw new Unreadable('missing', reader.path(row, mapping.currency.column), 'is missing');
  return found;
};

const rejectionOf = (row: Row, error: unknown): RejectedRow => {
  if (error instanceof Unreadable) return { row, code: error.code, path: error.path, message: error.message };
  throw error;
};

/** One document's lines → events. Pure. A line that cannot be read is given back with its number; the others go on. */
export function readDocument(document: Document, reading: DocumentReading): ReadDocument {
  const { mapping, reader } = reading;
  const rejected: RejectedRow[] = [];
  const lines: Line[] = [];
  let currency = typeof mapping.currency === 'string' ? mapping.currency : '';
  document.rows.forEach((row, at) => {
    try {
      if (currency === '') currency = currencyOf(row, reading);
      lines.push(lineOf(row, at + 1, currency, reading));
    } catch (error) {
      rejected.push(rejectionOf(row, error));
    }
  });
  const dropped = lines.flatMap((line) => (line.dropped === undefined ? [] : [exact(line.dropped)]));
  const summary = {
    rejected,
    remainder: dropped.reduce(sum, { units: 0n, scale: 0 }),
    remainderLines: dropped.length,
    currency,
    unknownCodes: lines.filter(({ known }) => !known).map(({ line }) => line.productId ?? ''),
  };
  const [first] = lines;
  if (!first) return { ...summary, drafts: [] };
  const at = lines.reduce((earliest, line) => (line.at < earliest ? line.at : earliest), first.at);
  const kind = mapping.document.kinds.find(({ when }) =>
    Object.entries(when).every(([column, condition]) => lines.every(({ row }) => reader.holds(row, column, condition))),
  )?.kind;
  try {
    return { ...summary, drafts: draftsOf(kind, document.id, lines, at, currency, reading) };
  } catch (error) {
    return { ...summary, drafts: [], rejected: [...rejected, ...lines.map(({ row }) => rejectionOf(row, error))] };
  }
}
