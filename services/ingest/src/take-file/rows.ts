import { isUtf8 } from 'node:buffer';
import { mostBytes, type Line } from './lines.ts';
import { readOn, withoutEnd, type Unfinished } from './values.ts';

/** One record of a file. */
export interface Row {
  /** Line of the file on which it begins; the header is line 1. */
  readonly number: number;
  readonly values: readonly string[];
  /** The record's own bytes, line end included: each is one character (latin1), so that nothing is lost. */
  readonly raw: string;
  /** Decompressed bytes of the file before it, and up to its end. */
  readonly offset: number;
  readonly end: number;
  /** Why it is no record; its values are then a guess. */
  readonly problem?: string;
}

export const rawBytes = ({ raw }: Row): Buffer => Buffer.from(raw, 'latin1');

/** How a CSV file is written. */
export interface Writing {
  readonly delimiter: string;
  readonly encoding: 'utf8' | 'latin1';
}

/** A value in quotation marks may hold line ends; one that goes on for longer than this was never closed. */
const mostLines = 100;

/** Takes physical lines, gives records (RFC 4180). */
export interface Records {
  /** What is complete with this line; nothing while a quotation mark is open. */
  add(line: Line): Row[];
  /** The file is over. */
  end(): Row[];
  /** Where a restart must begin so that nothing is lost: before the lines that wait for a closing mark. */
  resumeAt(): { readonly offset: number; readonly lines: number } | undefined;
}

const neverClosed = 'has a quotation mark that is never closed';
const mark = /^\u00EF\u00BB\u00BF/;

/**
 * A record that comes to nothing costs its first line only: that one is given as bad and reading goes on with the
 * second. A mark is taken for one that is never closed after a hundred lines or 10 MB, or where the record that it makes
 * has not `columns` values. (A parser of whole streams loses its place there, and good lines with it.)
 */
export function csvRecords({ delimiter, encoding }: Writing, columns?: number): Records {
  let waiting: Line[] = [];
  let waitingBytes = 0;
  let record: Unfinished = { values: [], open: undefined };

  const reset = (): void => {
    waiting = [];
    waitingBytes = 0;
    record = { values: [], open: undefined };
  };
  /** The byte order mark belongs to the file, not to its first line. */
  const own = (line: Line): string => {
    const raw = line.bytes.toString('latin1');
    return line.offset === 0 ? raw.replace(mark, '') : raw;
  };
  const textOf = (line: Line): string => {
    const text = line.bytes.toString(encoding);
    return line.offset === 0 ? text.replace(/^\uFEFF/, '') : text;
  };
  /** What its document would be, were it not for the fault: whoever gathers documents must know which one is not whole. */
  const bad = (line: Line, problem: string): Row => ({
    number: line.number, raw: own(line), offset: line.offset, end: line.end, problem,
    values: withoutEnd(textOf(line).slice(0, 10_000)).split(delimiter).map((value) => value.replaceAll('"', '')),
  });

  const complete = (): Row[] => {
    const [first] = waiting;
    const last = waiting.at(-1);
    const { values } = record;
    if (!first || !last) return [];
    if (waiting.length > 1 && columns !== undefined && values.length !== columns) return giveUp(neverClosed);
    const raw = waiting.length === 1 ? own(first) : waiting.map(own).join('');
    reset();
    return [{ number: first.number, values, raw, offset: first.offset, end: last.end }];
  };

  const add = (line: Line): Row[] => {
    if (line.tooLong) return [...giveUpAll(), bad(line, 'is longer than 10 MB; only its beginning is kept here')];
    if (encoding === 'utf8' && !isUtf8(line.bytes)) return [...giveUpAll(), bad(line, 'is not UTF-8 (for latin1 say "encoding": "latin1" in the mapping)')];
    const text = textOf(line);
    if (waiting.length === 0 && withoutEnd(text) === '') return [];
    waiting.push(line);
    waitingBytes += line.bytes.length;
    const problem = readOn(record, text, delimiter);
    if (problem !== undefined) return giveUp(waiting.length === 1 ? problem : neverClosed);
    if (record.open === undefined) return complete();
    return waiting.length > mostLines || waitingBytes > mostBytes ? giveUp(neverClosed) : [];
  };

  /** The first waiting line is bad; the others are read anew. */
  const giveUp = (problem: string): Row[] => {
    const [first, ...others] = waiting;
    reset();
    return first ? [bad(first, problem), ...others.flatMap(add)] : [];
  };
  const giveUpAll = (): Row[] => {
    const given: Row[] = [];
    while (waiting.length > 0) given.push(...giveUp(neverClosed));
    return given;
  };

  return {
    add,
    end: giveUpAll,
    resumeAt() {
      const [first] = waiting;
      return first && { offset: first.offset, lines: first.number - 1 };
    },
  };
}
