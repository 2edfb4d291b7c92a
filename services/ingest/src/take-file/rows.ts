import { parse } from 'csv-parse/sync';
import type { Line } from './lines.ts';

/** One record of a file. */
export interface Row {
  /** Line of the file on which it begins; the header is line 1. */
  readonly number: number;
  readonly values: readonly string[];
  /** The record's own bytes as text, line end included. */
  readonly raw: string;
  /** Decompressed bytes of the file before it, and up to its end. */
  readonly offset: number;
  readonly end: number;
}

/** A line that is no record. */
export interface BadRow {
  readonly number: number;
  readonly raw: string;
  readonly offset: number;
  readonly end: number;
  readonly problem: string;
}

export const isBad = (row: Row | BadRow): row is BadRow => 'problem' in row;

/** How a CSV file is written. */
export interface Writing {
  readonly delimiter: string;
  readonly encoding: 'utf8' | 'latin1';
}

/** A value in quotation marks may hold line ends; one that goes on for longer than this was never closed. */
const mostLines = 100;

const quotes = (text: string): number => {
  let count = 0;
  for (let at = text.indexOf('"'); at >= 0; at = text.indexOf('"', at + 1)) count++;
  return count;
};

const withoutEnd = (raw: string): string => raw.replace(/\r?\n$/, '');

/** Takes physical lines, gives records (RFC 4180). */
export interface Records {
  /** What is complete with this line; nothing while a quotation mark is open. */
  add(line: Line): (Row | BadRow)[];
  /** The file is over. */
  end(): (Row | BadRow)[];
  /** Where a restart must begin so that nothing is lost: before the lines that wait for a closing mark. */
  resumeAt(): { readonly offset: number; readonly lines: number } | undefined;
}

/**
 * A mark that is never closed costs its own line only: after a hundred lines the first is given as bad and reading goes
 * on with the second. (A parser of whole streams loses its place there, and good lines with it.)
 */
export function csvRecords({ delimiter, encoding }: Writing): Records {
  let waiting: { readonly line: Line; readonly text: string }[] = [];
  let marks = 0;

  const textOf = (line: Line): string => {
    const text = line.bytes.toString(encoding);
    return line.offset === 0 ? text.replace(/^\uFEFF/, '') : text;
  };
  const bad = (line: Line, raw: string, problem: string): BadRow => ({ number: line.number, raw, offset: line.offset, end: line.end, problem });

  /** The lines that wait are one record. */
  const complete = (): (Row | BadRow)[] => {
    const [first] = waiting;
    const last = waiting.at(-1);
    if (!first || !last) return [];
    const raw = waiting.map(({ text }) => text).join('');
    const at = { number: first.line.number, raw, offset: first.line.offset, end: last.line.end };
    const none = marks === 0;
    waiting = [];
    marks = 0;
    const text = withoutEnd(raw);
    if (text === '') return [];
    if (none) return [{ ...at, values: text.split(delimiter) }];
    try {
      const [values]: string[][] = parse(text, { delimiter, relax_column_count: true });
      return [{ ...at, values: values ?? [] }];
    } catch (error) {
      const code = error instanceof Error && 'code' in error ? String(error.code) : 'CSV_ERROR';
      return [{ ...at, problem: code }];
    }
  };

  const add = (line: Line): (Row | BadRow)[] => {
    if (line.tooLong) return [...giveUp(), bad(line, textOf(line), 'LINE_TOO_LONG')];
    const text = textOf(line);
    waiting.push({ line, text });
    marks += quotes(text);
    if (marks % 2 === 0) return complete();
    return waiting.length > mostLines ? giveUp(true) : [];
  };

  /** The first waiting line is bad; the others are read anew. */
  const giveUp = (goOn = false): (Row | BadRow)[] => {
    const [first, ...others] = waiting;
    waiting = [];
    marks = 0;
    if (!first) return [];
    const given = [bad(first.line, first.text, 'QUOTE_NOT_CLOSED'), ...others.flatMap(({ line }) => add(line))];
    return goOn ? given : [...given, ...giveUp()];
  };

  return {
    add,
    end: () => giveUp(),
    resumeAt() {
      const [first] = waiting;
      return first && { offset: first.line.offset, lines: first.line.number - 1 };
    },
  };
}
