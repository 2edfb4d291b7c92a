import { parse, type CsvError } from 'csv-parse';
import type { Readable } from 'node:stream';

/** One record of a file. */
export interface Row {
  /** Line number in the file; the header is line 1. */
  readonly number: number;
  readonly values: readonly string[];
  /** The record's own bytes as text, line end included. */
  readonly raw: string;
  /** Decompressed bytes of the file before it, and up to its end. */
  readonly offset: number;
  readonly end: number;
}

/** A record that cannot be taken apart. */
export interface BadRow {
  readonly number: number;
  readonly raw: string;
  readonly offset: number;
  readonly end: number;
  readonly problem: string;
}

/** Where reading starts: at the top, or where a checkpoint stands. */
export interface Start {
  readonly offset: number;
  /** Records before it, header included. */
  readonly rows: number;
}

/** An unclosed quotation mark must not swallow the rest of the file: a record is no longer than this. */
const mostRecordBytes = 1_000_000;

interface Parsed {
  readonly record: string[];
  readonly raw: string;
  readonly info: { readonly bytes: number };
}

/**
 * CSV records (RFC 4180) of a stream with their bytes and positions, pulled one by one: nothing is read ahead beyond the
 * stream's own buffers. A malformed record is given as such and does not end the reading.
 */
export async function* csvRows(
  bytes: Readable, start: Start, { delimiter, encoding }: { readonly delimiter: string; readonly encoding: 'utf8' | 'latin1' },
): AsyncGenerator<Row | BadRow> {
  const bad: { problem: string; raw: string }[] = [];
  const parser = parse({
    delimiter, encoding, info: true, raw: true, relax_column_count: true, skip_empty_lines: true,
    bom: start.offset === 0 && encoding === 'utf8',
    max_record_size: mostRecordBytes, skip_records_with_error: true,
    on_skip: (error: CsvError | undefined, raw: string | undefined) => {
      bad.push({ problem: error?.code ?? 'CSV_ERROR', raw: raw ?? '' });
      return undefined;
    },
  });
  bytes.on('error', (error) => parser.destroy(error));
  bytes.pipe(parser);
  let rows = start.rows;
  let offset = start.offset;
  const skipped = function* (before: number): Generator<BadRow> {
    // the parser says only where the next good record ends: what it skipped lies between
    for (const { problem, raw } of bad.splice(0)) yield { number: ++rows, raw, offset, end: before, problem };
  };
  for await (const parsed of parser as AsyncIterable<Parsed>) {
    const end = start.offset + parsed.info.bytes;
    const own = end - Buffer.byteLength(parsed.raw, encoding);
    yield* skipped(own);
    yield { number: ++rows, values: parsed.record, raw: parsed.raw, offset: own, end };
    offset = end;
  }
  yield* skipped(offset);
}

const newLine = 0x0a;
const mostLineBytes = 10_000_000;

/** Lines of a stream (JSON lines); empty ones are passed over. A line over 10 MB is given as bad. */
export async function* jsonLines(bytes: Readable, start: Start): AsyncGenerator<Row | BadRow> {
  let rows = start.rows;
  let offset = start.offset;
  let parts: Buffer[] = [];
  let length = 0;

  const line = (): (Row | BadRow)[] => {
    const whole = Buffer.concat(parts);
    const at = { number: ++rows, offset, end: offset + length };
    const tooLong = length > mostLineBytes;
    parts = [];
    offset += length;
    length = 0;
    if (tooLong) return [{ ...at, raw: whole.toString('utf8', 0, 1_000), problem: 'LINE_TOO_LONG' }];
    const raw = whole.toString('utf8');
    return raw.trim() === '' ? [] : [{ ...at, raw, values: [raw] }];
  };
  const keep = (part: Buffer): void => {
    length += part.length;
    if (length <= mostLineBytes) parts.push(part);
  };

  for await (const chunk of bytes as AsyncIterable<Buffer>) {
    let from = 0;
    for (let at = chunk.indexOf(newLine); at >= 0; at = chunk.indexOf(newLine, from)) {
      keep(chunk.subarray(from, at + 1));
      from = at + 1;
      yield* line();
    }
    keep(chunk.subarray(from));
  }
  if (length > 0) yield* line();
}
