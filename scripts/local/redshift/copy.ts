import { setImmediate as yieldToOthers } from 'node:timers/promises';
import { gunzipSync } from 'node:zlib';
import type pg from 'pg';
import { mask, unquote } from './masked.ts';

/** Objects that COPY reads. */
export interface CopySource {
  get(bucket: string, key: string): Promise<Buffer>;
  /** Keys that begin with `prefix`, in order. */
  list?(bucket: string, prefix: string): Promise<readonly string[]>;
}

/** COPY … FROM 's3://…' FORMAT JSON 'auto', as far as it is understood here. */
export interface CopyCommand {
  readonly table: string;
  readonly columns: readonly string[] | undefined;
  readonly bucket: string;
  readonly key: string;
  readonly gzip: boolean;
  readonly manifest: boolean;
  readonly truncate: boolean;
}

/** What Redshift says of a load that failed; the row's own error is in sys_load_error_detail. */
export class LoadFailed extends Error {
  readonly detail: { file: string; line: number; column: string; type: string; code: number; message: string };
  constructor(table: string, detail: LoadFailed['detail']) {
    super(`ERROR: Load into table '${table}' failed. Check 'sys_load_error_detail' system table for details.`);
    this.name = 'LoadFailed';
    this.detail = detail;
  }
}

const parseS3 = (url: string): { bucket: string; key: string } => {
  const parts = /^s3:\/\/([^/]+)\/(.+)$/.exec(url);
  if (!parts?.[1] || !parts[2]) throw new Error(`ERROR: COPY reads s3://bucket/key, not ${url}`);
  return { bucket: parts[1], key: parts[2] };
};

/** Reads a COPY statement; undefined for any other. @throws Error for options that this shim does not know. */
export function parseCopy(sql: string): CopyCommand | undefined {
  const { code, literals } = mask(sql.trim());
  const parts = /^COPY\s+([\w."]+)\s*(?:\(([^)]*)\)\s*)?FROM\s+\u0001(\d+)\u0001\s*([\s\S]*)$/i.exec(code);
  if (!parts) return undefined;
  const literal = (at: string | undefined): string => unquote(literals[Number(at)] ?? "''");
  const given = new Map<string, string>();
  const option = /\s*(IAM_ROLE|FORMAT|JSON|GZIP|MANIFEST|TIMEFORMAT|DATEFORMAT|REGION|TRUNCATECOLUMNS|COMPUPDATE|STATUPDATE|AS|DEFAULT|AUTO|ON|OFF|\u0001(\d+)\u0001)/iy;
  const rest = (parts[4] ?? '').trim();
  let last = '';
  for (option.lastIndex = 0; option.lastIndex < rest.length; ) {
    const found = option.exec(rest);
    if (!found?.[1]) throw new Error(`ERROR: the local warehouse's COPY does not know: ${rest.slice(0, 80)}`);
    if (found[2] === undefined) given.set((last = found[1].toUpperCase()), '');
    else given.set(last === 'AS' ? 'JSON' : last, literal(found[2]));
  }
  if (!given.has('IAM_ROLE')) throw new Error('ERROR: COPY needs IAM_ROLE');
  if (given.get('JSON') !== 'auto') throw new Error("ERROR: the local warehouse's COPY reads FORMAT JSON 'auto' only");
  return {
    table: parts[1] ?? '',
    columns: parts[2]?.split(',').map((column) => column.trim().toLowerCase()),
    ...parseS3(literal(parts[3])),
    gzip: given.has('GZIP'),
    manifest: given.has('MANIFEST'),
    truncate: given.has('TRUNCATECOLUMNS'),
  };
}

interface Column {
  readonly name: string;
  readonly type: string;
  /** Most bytes of a CHAR or VARCHAR: Redshift counts bytes, PostgreSQL characters. */
  readonly most: number;
}

async function columnsOf(client: pg.ClientBase, command: CopyCommand): Promise<Column[]> {
  const { rows } = await client.query<{ name: string; type: string; length: number }>({
    name: 'columns-of',
    text: `SELECT attname AS name, format_type(atttypid, atttypmod) AS type,
      CASE WHEN atttypid IN (1042, 1043) AND atttypmod > 4 THEN atttypmod - 4 ELSE 0 END AS length
      FROM pg_attribute WHERE attrelid = $1::regclass AND attnum > 0 AND NOT attisdropped ORDER BY attnum`,
    values: [command.table],
  });
  const all = rows.map(({ name, type, length }) => ({ name, type, most: length }));
  if (!command.columns) return all;
  return command.columns.map((name) => {
    const column = all.find((one) => one.name === name);
    if (!column) throw new Error(`ERROR: column "${name}" of relation "${command.table}" does not exist`);
    return column;
  });
}

const escapes: Readonly<Record<string, string>> = { '\\': '\\\\', '\n': '\\n', '\r': '\\r', '\t': '\\t' };
const escape = (text: string): string => (/[\\\n\r\t]/.test(text) ? text.replace(/[\\\n\r\t]/g, (c) => escapes[c] ?? c) : text);

/** Files of a manifest or prefix. @throws Error when a mandatory one is absent. */
async function filesOf(command: CopyCommand, source: CopySource): Promise<{ bucket: string; key: string }[]> {
  if (command.manifest) {
    const text = (await source.get(command.bucket, command.key)).toString('utf8');
    return (JSON.parse(text) as { entries: { url: string }[] }).entries.map(({ url }) => parseS3(url));
  }
  const keys = (await source.list?.(command.bucket, command.key)) ?? [command.key];
  if (keys.length === 0) throw new Error('ERROR: The specified S3 prefix does not exist');
  return keys.map((key) => ({ bucket: command.bucket, key }));
}

/** One row of a file in PostgreSQL's COPY text. @throws LoadFailed naming line and column */
function rowOf(json: string, file: string, line: number, columns: readonly Column[], { table, truncate }: CopyCommand): string {
  const fail = (column: string, type: string, code: number, message: string): LoadFailed =>
    new LoadFailed(table, { file, line, column, type, code, message });
  let row: Record<string, unknown>;
  try {
    row = JSON.parse(json) as Record<string, unknown>;
  } catch {
    throw fail('', '', 1213, 'Invalid JSON');
  }
  return columns.map(({ name, type, most }) => {
    const value = row[name];
    if (value === null || value === undefined) return '\\N';
    let text = typeof value === 'string' ? value : typeof value === 'boolean' ? (value ? 't' : 'f') : JSON.stringify(value);
    if (most > 0 && text.length * 3 > most && Buffer.byteLength(text) > most) {
      if (!truncate) throw fail(name, type, 1204, 'String length exceeds DDL length');
      text = Buffer.from(text).subarray(0, most).toString('utf8').replace(/\ufffd+$/, '');
    }
    return escape(text);
  }).join('\t');
}

/** Rows sent at once; between two sends others get their turn, and never more than one file is in memory. */
const rowsAChunk = 1_000;

/** Runs COPY inside the caller's transaction; resolves to the number of rows. @throws LoadFailed */
export async function runCopy(client: pg.ClientBase, command: CopyCommand, source: CopySource): Promise<number> {
  const columns = await columnsOf(client, command);
  const files = await filesOf(command, source);
  const starts: { file: string; from: number }[] = [];
  let rows = 0;
  async function* chunks(): AsyncGenerator<Buffer> {
    for (const { bucket, key } of files) {
      const file = `s3://${bucket}/${key}`;
      const bytes = await source.get(bucket, key);
      const lines = (command.gzip ? gunzipSync(bytes) : bytes).toString('utf8').split('\n');
      starts.push({ file, from: rows });
      for (let at = 0; at < lines.length; at += rowsAChunk) {
        const some = lines.slice(at, at + rowsAChunk)
          .flatMap((json, offset) => (json.trim() === '' ? [] : [rowOf(json, file, at + offset + 1, columns, command)]));
        rows += some.length;
        if (some.length > 0) yield Buffer.from(`${some.join('\n')}\n`);
        await yieldToOthers();
      }
    }
  }
  const names = columns.map(({ name }) => `"${name}"`).join(', ');
  try {
    await copyIn(client, `COPY ${command.table} (${names}) FROM STDIN`, chunks());
  } catch (error) {
    if (error instanceof LoadFailed) throw error;
    const { message, where } = error as Error & { where?: string };
    const [, line = '1', column = ''] = /line (\d+)(?:, column (\w+))?/.exec(where ?? '') ?? [];
    const at = Number(line) - 1;
    const start = starts.findLast(({ from }) => from <= at) ?? { file: '', from: 0 };
    const type = columns.find(({ name }) => name === column)?.type ?? '';
    throw new LoadFailed(command.table, { file: start.file, line: at - start.from + 1, column, type, code: 1207, message });
  }
  return rows;
}

/** The COPY sub-protocol of PostgreSQL (https://www.postgresql.org/docs/18/protocol-flow.html#PROTOCOL-COPY). */
interface CopyConnection {
  query(text: string): void;
  sendCopyFromChunk(chunk: Buffer): void;
  endCopyFrom(): void;
  sendCopyFail(message: string): void;
}

const copyIn = (client: pg.ClientBase, text: string, chunks: AsyncGenerator<Buffer>): Promise<void> =>
  new Promise((resolve, reject) => {
    let failure: Error | undefined;
    const ignore = (): void => undefined;
    const send = async (connection: CopyConnection): Promise<void> => {
      try {
        for await (const chunk of chunks) {
          if (failure) return; // the server has refused a row already and reads no more
          connection.sendCopyFromChunk(chunk);
        }
        connection.endCopyFrom();
      } catch (error) {
        failure = error as Error;
        connection.sendCopyFail('the rows could not be read');
      }
    };
    const submittable = {
      submit: (connection: CopyConnection) => connection.query(text),
      handleCopyInResponse: (connection: CopyConnection) => void send(connection),
      handleError(error: Error) {
        failure ??= error;
        reject(failure);
      },
      handleReadyForQuery() {
        if (!failure) resolve();
      },
      handleRowDescription: ignore, handleDataRow: ignore, handlePortalSuspended: ignore, handleCommandComplete: ignore,
      handleEmptyQuery: ignore, handleCopyData: ignore,
    };
    client.query(submittable as unknown as pg.Submittable);
  });
