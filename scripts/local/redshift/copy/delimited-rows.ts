import type { CopyCommand } from './command.ts';
import type { FileRow } from './json-rows.ts';
import { codes, FieldRefused } from './load-error.ts';

interface Line {
  readonly line: number;
  readonly raw: string;
  readonly cells: string[] | FieldRefused;
}

/** Fields of CSV: a quoted one may hold delimiters, line ends and doubled quotes. */
function* csvLines(text: string, delimiter: string, quote: string): Generator<Line> {
  let line = 1;
  // blanks around a quoted field are ignored, unless one of them is the delimiter
  const afterBlanks = (from: number): number => {
    let at = from;
    if (!/\s/.test(delimiter)) while (text[at] === ' ' || text[at] === '\t') at++;
    return at;
  };
  for (let at = 0; at < text.length; ) {
    const start = at;
    const here = line;
    const cells: string[] = [];
    let refused: FieldRefused | undefined;
    for (let ended = false; !ended; ) {
      const quoteAt = afterBlanks(at);
      if (text[quoteAt] === quote) at = quoteAt;
      if (text[at] === quote) {
        let cell = '';
        for (at++; ; at++) {
          if (at >= text.length) {
            refused = new FieldRefused(codes.invalidLine, 'Invalid quote formatting for CSV. Unterminated quote');
            break;
          }
          if (text[at] === quote) {
            if (text[at + 1] !== quote) break;
            at++;
          }
          if (text[at] === '\n') line++;
          cell += text.charAt(at);
        }
        at = afterBlanks(at + 1);
        if (at < text.length && text[at] !== delimiter && text[at] !== '\n' && text[at] !== '\r') refused ??= new FieldRefused(codes.invalidLine, 'Invalid quote formatting for CSV');
        cells.push(cell);
      } else {
        let end = at;
        while (end < text.length && text[end] !== delimiter && text[end] !== '\n' && !(text[end] === '\r' && text[end + 1] === '\n')) end++;
        cells.push(text.slice(at, end));
        at = end;
      }
      if (refused) while (at < text.length && text[at] !== '\n') at++;
      if (text[at] === '\r') at++;
      ended = at >= text.length || text[at] === '\n';
      at++;
    }
    line++;
    yield { line: here, raw: text.slice(start, at - 1), cells: refused ?? cells };
  }
}

/** Fields between delimiters, with backslash escapes and quotes around fields where those options are given. */
function* textLines(text: string, { delimiter, escape, removeQuotes }: Extract<CopyCommand['format'], { kind: 'text' }>): Generator<Line> {
  let line = 1;
  for (let at = 0; at < text.length; ) {
    const start = at;
    const here = line;
    const cells: string[] = [];
    let cell = '';
    for (; at < text.length && text[at] !== '\n'; at++) {
      if (escape && text[at] === '\\' && at + 1 < text.length && text[at + 1] !== 'N') {
        if (text[++at] === '\n') line++;
        cell += text.charAt(at);
      } else if (removeQuotes && cell === '' && (text[at] === '"' || text[at] === "'") && text.indexOf(text[at] ?? '', at + 1) > 0) {
        const end = text.indexOf(text[at] ?? '', at + 1);
        cell += text.slice(at + 1, end);
        at = end;
      } else if (text[at] === delimiter) {
        cells.push(cell);
        cell = '';
      } else cell += text.charAt(at);
    }
    cells.push(cell.replace(/\r$/, ''));
    at++;
    line++;
    yield { line: here, raw: text.slice(start, at - 1), cells };
  }
}

/** Rows of a delimited file for `width` columns. */
export function* delimitedRows(text: string, width: number, command: CopyCommand): Generator<FileRow> {
  const { format, flags, ignoreHeader } = command;
  if (format.kind === 'json') return;
  let seen = 0;
  for (const { line, raw, cells } of format.kind === 'csv' ? csvLines(text, format.delimiter, format.quote) : textLines(text, format)) {
    if (++seen <= ignoreHeader) continue;
    if (raw.trim() === '' && (flags.has('IGNOREBLANKLINES') || width > 1)) {
      if (!flags.has('IGNOREBLANKLINES')) yield { line, raw, fields: new FieldRefused(codes.delimiterNotFound, 'Delimiter not found') };
      continue;
    }
    let fields: FileRow['fields'] = cells;
    if (!(cells instanceof FieldRefused) && cells.length !== width) {
      if (cells.length > width) fields = new FieldRefused(codes.extraColumns, 'Extra column(s) found');
      else if (flags.has('FILLRECORD')) fields = [...cells, ...Array.from({ length: width - cells.length }, () => '')];
      else fields = new FieldRefused(codes.delimiterNotFound, 'Delimiter not found');
    }
    yield { line, raw, fields };
  }
}
