import type { CopyCommand } from './command.ts';
import { codes, FieldRefused } from './load-error.ts';
import type { TargetColumn } from './values.ts';

/** One row of a file: its fields by column, or why it has none. */
export interface FileRow {
  readonly line: number;
  readonly raw: string;
  readonly fields: readonly (string | null)[] | FieldRefused;
}

type Parsed = Record<string, unknown> | unknown[];

/** A number keeps the digits that the file has: JSON.parse alone would round long ones. */
class Digits {
  readonly text: string;
  constructor(text: string) {
    this.text = text;
  }
  toJSON(): unknown {
    return (JSON as unknown as { rawJSON(text: string): unknown }).rawJSON(this.text);
  }
}
const exact = ((_key: string, value: unknown, { source }: { source?: string }) => (typeof value === 'number' && source !== undefined ? new Digits(source) : value)) as (key: string, value: unknown) => unknown;
const longNumber = /[:,[]\s*-?[\d.]{16}/;
const parsed = (text: string): Parsed => {
  const value = (longNumber.test(text) ? JSON.parse(text, exact) : JSON.parse(text)) as unknown;
  if (typeof value !== 'object' || value === null) throw new SyntaxError('neither object nor array');
  return value as Parsed;
};

const fieldOf = (value: unknown): string | null => {
  if (value === null || value === undefined) return null;
  if (typeof value === 'string') return value;
  return value instanceof Digits ? value.text : JSON.stringify(value); // an object or array loads as its text
};
/** For a SUPER column: JSON text, whatever it is. */
const superOf = (value: unknown): string | null => (value === undefined ? null : JSON.stringify(value));

/** Steps of a JSONPath as COPY takes them: `$.a['b'][0]` (https://docs.aws.amazon.com/redshift/latest/dg/copy-parameters-data-format.html#copy-json-jsonpaths). */
function steps(path: string): (string | number)[] {
  const found: (string | number)[] = [];
  const piece = /\.([\w$-]+)|\['([^']+)'\]|\["([^"]+)"\]|\[(\d+)\]/y;
  piece.lastIndex = 1;
  while (piece.lastIndex < path.length) {
    const step = path.startsWith('$') ? piece.exec(path) : null;
    if (!step) throw new Error(`ERROR: Invalid JSONPath format: ${path}`);
    found.push(step[4] === undefined ? (step[1] ?? step[2] ?? step[3] ?? '') : Number(step[4]));
  }
  return found;
}

/** How the values of a row become the columns'. */
export type Shred = (row: Parsed) => (string | null)[];

export function shredder(paths: string, jsonPaths: readonly string[] | undefined, columns: readonly TargetColumn[]): Shred {
  const textOf = columns.map(({ oid }) => (oid === 3802 ? superOf : fieldOf));
  if (paths === 'noshred') {
    if (columns.length !== 1 || columns[0]?.oid !== 3802) throw new Error("ERROR: COPY: JSON 'noshred' loads into one SUPER column");
    return (row) => [JSON.stringify(row)];
  }
  if (jsonPaths) {
    if (jsonPaths.length !== columns.length) throw new Error('ERROR: Number of jsonpaths and the number of columns should match. JSONPath size: ' + `${jsonPaths.length}, Number of columns in table or column list: ${columns.length}`);
    const ways = jsonPaths.map(steps);
    return (row) => ways.map((way, at) => textOf[at]?.(way.reduce<unknown>((value, step) => (value as Record<string | number, unknown> | null | undefined)?.[step], row)) ?? null);
  }
  const names = columns.map(({ name }) => name);
  if (paths === 'auto ignorecase') {
    return (row) => {
      const lower = Object.fromEntries(Object.entries(row).map(([name, value]) => [name.toLowerCase(), value]));
      return names.map((name, at) => textOf[at]?.(lower[name]) ?? null);
    };
  }
  return (row) => names.map((name, at) => textOf[at]?.((row as Record<string, unknown>)[name]) ?? null);
}

/** Where a structure that begins at `from` ends: braces counted outside of texts. */
function endOf(text: string, from: number): number {
  let depth = 0;
  let inText = false;
  for (let at = from; at < text.length; at++) {
    const c = text[at];
    if (inText) {
      if (c === '\\') at++;
      else if (c === '"') inText = false;
    } else if (c === '"') inText = true;
    else if (c === '{' || c === '[') depth++;
    else if ((c === '}' || c === ']') && --depth === 0) return at + 1;
  }
  return text.length;
}

/** Rows of a JSON file: root-level structures, one a line or laid out over several. */
export function* jsonRows(text: string, shred: Shred, { ignoreHeader }: CopyCommand): Generator<FileRow> {
  let line = 1;
  for (let at = 0; at < text.length; ) {
    let end = text.indexOf('\n', at);
    if (end < 0) end = text.length;
    let raw = text.slice(at, end);
    const here = line;
    if (raw.trim() === '' || here <= ignoreHeader) {
      at = end + 1;
      line++;
      continue;
    }
    let fields: FileRow['fields'];
    try {
      fields = shred(parsed(raw));
    } catch (error) {
      if (!(error instanceof SyntaxError)) throw error;
      // several lines for one structure, or several structures on one line
      const begin = at + raw.search(/\S/);
      const until = endOf(text, begin);
      const whole = text.slice(begin, until);
      try {
        fields = shred(parsed(whole));
        raw = whole;
        end = /^[ \t\r]*\n/.test(text.slice(until, until + 64)) ? text.indexOf('\n', until) : until - 1;
        line += whole.split('\n').length - (text[end] === '\n' ? 1 : 2);
      } catch (again) {
        if (!(again instanceof SyntaxError)) throw again;
        fields = new FieldRefused(codes.invalidLine, 'Invalid value.');
      }
    }
    yield { line: here, raw, fields };
    line++;
    at = end + 1;
  }
}
