import { setImmediate as yieldToOthers } from 'node:timers/promises';
import type pg from 'pg';
import type { CopyCommand } from './command.ts';
import { parseS3 } from './command.ts';
import { copyIn } from './copy-in.ts';
import { delimitedRows } from './delimited-rows.ts';
import { addressOf, contentOf, decoded, filesOf, type CopySource } from './files.ts';
import { jsonRows, shredder, type FileRow } from './json-rows.ts';
import { codes, FieldRefused, LoadFailed, type LoadError } from './load-error.ts';
import { fieldReader, type TargetColumn } from './values.ts';

interface CatalogColumn extends TargetColumn {
  readonly type: string;
  readonly identity: boolean;
}

async function columnsOf(client: pg.ClientBase, { table, columns, flags }: CopyCommand): Promise<CatalogColumn[]> {
  const { rows: all } = await client.query<CatalogColumn>(
    `SELECT attname AS name, atttypid::int AS oid, atttypmod AS modifier, attnotnull AS "notNull", attidentity <> '' AS identity, t.typname AS type
     FROM pg_attribute a JOIN pg_type t ON t.oid = a.atttypid WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    [table],
  );
  if (!columns) return all.filter(({ identity }) => !identity || flags.has('EXPLICIT_IDS'));
  return columns.map((name) => {
    const column = all.find((one) => one.name === name);
    if (!column) throw new Error(`ERROR: column "${name}" of relation "${table}" does not exist`);
    return column;
  });
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escape = (text: string): string => (/[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (c) => escapes[c] ?? c) : text);

/** What a load did. */
export interface Loaded {
  readonly rows: number;
  /** Rows left out, within MAXERROR. */
  readonly errors: readonly LoadError[];
}

/** Rows sent at once; between two sends others get their turn, and never more than one file is in memory. */
const rowsAChunk = 1_000;

async function jsonPathsOf({ format }: CopyCommand, source: CopySource): Promise<readonly string[] | undefined> {
  if (format.kind !== 'json' || !format.paths.startsWith('s3://')) return undefined;
  const { bucket, key } = parseS3(format.paths);
  const { jsonpaths } = JSON.parse((await source.get(bucket, key)).toString('utf8')) as { jsonpaths?: readonly string[] };
  if (!Array.isArray(jsonpaths)) throw new Error(`ERROR: Invalid JSONPath file ${format.paths}: it has no list jsonpaths`);
  return jsonpaths as readonly string[];
}

/** Runs COPY inside the caller's transaction. @throws LoadFailed when MAXERROR rows or more could not be read */
export async function runCopy(client: pg.ClientBase, command: CopyCommand, everything: CopySource): Promise<Loaded> {
  const source = everything.as?.(command.role) ?? everything;
  const columns = await columnsOf(client, command);
  const files = await filesOf(command, source);
  const shred = command.format.kind === 'json' ? shredder(command.format.paths, await jsonPathsOf(command, source), columns) : undefined;
  const readers = columns.map((column) => fieldReader(column, command));
  const errors: LoadError[] = [];
  const starts: { file: string; lines: number[] }[] = [];
  let rows = 0;

  const note = (file: string, { line, raw }: FileRow, at: number, field: string, { code, message }: FieldRefused): void => {
    const column = columns[at];
    const sized = column !== undefined && [1042, 1043].includes(column.oid) && column.modifier > 4;
    errors.push({
      table: command.table, file, line, column: column?.name ?? '', type: column?.type ?? '', length: sized ? String(column.modifier - 4) : '0', position: 0,
      rawLine: raw.slice(0, 1_024), rawField: field.slice(0, 1_024), code, reason: message,
    });
    if (errors.length >= Math.max(1, command.maxError)) throw new LoadFailed(command.table, errors);
  };
  /** A row in PostgreSQL's COPY text; undefined where it is left out. */
  const rowText = (file: string, row: FileRow): string | undefined => {
    if (row.fields instanceof FieldRefused) {
      note(file, row, -1, '', row.fields);
      return undefined;
    }
    let text = '';
    let at = 0;
    try {
      for (; at < readers.length; at++) {
        const field = row.fields[at] ?? null;
        const value = field === null && columns[at]?.notNull === false ? null : (readers[at]?.(field) ?? null);
        text += (at > 0 ? '\t' : '') + (value === null ? '\\N' : escape(value));
      }
      return text;
    } catch (error) {
      if (!(error instanceof FieldRefused)) throw error;
      note(file, row, at, row.fields[at] ?? '', error);
      return undefined;
    }
  };

  async function* chunks(): AsyncGenerator<Buffer> {
    for (const one of files) {
      const bytes = await contentOf(one, command, source);
      if (!bytes) continue;
      const file = addressOf(one.file);
      const start = { file, lines: [] as number[] };
      starts.push(start);
      const text = decoded(bytes, command.replacement);
      let some: string[] = [];
      for (const row of shred ? jsonRows(text, shred, command) : delimitedRows(text, columns.length, command)) {
        const encoded = rowText(file, row);
        if (encoded === undefined) continue;
        rows++;
        start.lines.push(row.line);
        if (some.push(encoded) < rowsAChunk) continue;
        yield Buffer.from(`${some.join('\n')}\n`);
        some = [];
        await yieldToOthers();
      }
      if (some.length > 0) yield Buffer.from(`${some.join('\n')}\n`);
    }
  }
  if (command.flags.has('NOLOAD')) {
    for await (const _ of chunks());
    return { rows: 0, errors };
  }
  try {
    await copyIn(client, `COPY ${command.table} (${columns.map(({ name }) => `"${name}"`).join(', ')}) FROM STDIN`, chunks());
  } catch (error) {
    if (error instanceof LoadFailed || !(error as { where?: string }).where?.startsWith('COPY')) throw error;
    throw new LoadFailed(command.table, [...errors, refusedByDatabase(error as Error & { where?: string }, command.table, columns, starts)]);
  }
  return { rows, errors };
}

/** What only the database found: which file and line it was, counted from the rows sent. */
function refusedByDatabase({ message, where }: Error & { where?: string }, table: string, columns: readonly CatalogColumn[], starts: readonly { file: string; lines: readonly number[] }[]): LoadError {
  const [, at = '1', name = ''] = /line (\d+)(?:, column (\w+))?/.exec(where ?? '') ?? [];
  const column = columns.find((one) => one.name === name);
  let before = Number(at) - 1;
  const found = starts.find(({ lines }) => {
    if (before < lines.length) return true;
    before -= lines.length;
    return false;
  });
  const code = column?.oid === 1082 ? codes.date : column?.oid === 1114 || column?.oid === 1184 ? codes.timestamp : codes.invalidLine;
  return { table, file: found?.file ?? '', line: found?.lines[before] ?? 0, column: name, type: column?.type ?? '', length: '0', position: 0, rawLine: '', rawField: '', code, reason: message };
}
