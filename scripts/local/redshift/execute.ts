import type pg from 'pg';
import { LoadFailed, parseCopy, runCopy, type CopySource } from './copy.ts';
import { toPostgres } from './dialect.ts';
import { redshiftFaults } from './lint.ts';
import { mask, statementsOf } from './masked.ts';
import { mostResultBytes, mostRowBytes, type ResultSet } from './results.ts';

/** What one statement of a call gave. */
export interface Outcome {
  readonly rows: number;
  readonly result: ResultSet | undefined;
}

const verbatim = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig;

const translated = new Map<string, string[]>();

/** Statements that PostgreSQL runs for one of Redshift's. @throws Error as Redshift would refuse it. */
function translate(sql: string, inTransaction: boolean): string[] {
  const key = `${inTransaction ? 'T' : 'A'}${sql}`;
  const known = translated.get(key);
  if (known) return known;
  const fault = redshiftFaults(sql, inTransaction)[0];
  if (fault) throw new Error(`ERROR: Redshift does not take this: ${fault}`);
  if (statementsOf(sql).length > 1) throw new Error('ERROR: cannot insert multiple commands into a prepared statement');
  const statements = toPostgres(sql.trim().replace(/;\s*$/, ''), { dropTemporary: inTransaction });
  if (translated.size > 500) translated.clear();
  translated.set(key, statements);
  return statements;
}

/** `:name` → `$n`, one number per occurrence, so that each takes the type of its own place. */
export function bind(sql: string, parameters: ReadonlyMap<string, string>): { text: string; values: string[]; used: Set<string> } {
  const { code, restore } = mask(sql);
  const values: string[] = [];
  const used = new Set<string>();
  const text = code.replace(/(?<![:\w]):([A-Za-z_]\w*)/g, (all, name: string) => {
    const value = parameters.get(name);
    if (value === undefined) return all;
    used.add(name);
    values.push(value);
    return `$${values.length}`;
  });
  return { text: restore(text), values, used };
}

function resultOf(answer: pg.QueryArrayResult<(string | null)[]>): ResultSet | undefined {
  if (answer.fields.length === 0) return undefined;
  let bytes = 0;
  for (const row of answer.rows) {
    let size = 0;
    for (const cell of row) size += cell === null ? 1 : cell.length;
    if (size > mostRowBytes) throw new Error('ERROR: Row size exceeds the maximum of 64 KB of the Data API');
    bytes += size;
  }
  if (bytes > mostResultBytes) throw new Error('ERROR: Result size exceeds the maximum of 100 MB of the Data API');
  return { fields: answer.fields.map(({ name, dataTypeID }) => ({ name, oid: dataTypeID })), rows: answer.rows, bytes };
}

/** Runs one Redshift statement in the session of `client`. @throws Error with the text that DescribeStatement shows. */
export async function execute(
  client: pg.ClientBase,
  sql: string,
  parameters: ReadonlyMap<string, string>,
  inTransaction: boolean,
  source: CopySource,
): Promise<Outcome> {
  const copy = parseCopy(sql);
  if (copy) return { rows: await runCopy(client, copy, source), result: undefined };
  let outcome: Outcome | undefined;
  for (const statement of translate(sql, inTransaction)) {
    const { text, values } = bind(statement, parameters);
    const query = { text, rowMode: 'array' as const, types: verbatim, ...(values.length > 0 ? { values } : {}) };
    const answer = await client.query<(string | null)[]>(query);
    const result = resultOf(answer);
    outcome ??= { rows: result ? result.rows.length : Math.max(0, answer.rowCount ?? -1), result };
  }
  return outcome ?? { rows: 0, result: undefined };
}

/** An error as the Data API words it. */
export const wordsOf = (error: unknown): string => {
  const { message } = error as Error;
  const { detail, code } = error as { detail?: string; code?: string };
  if (code === '40001' || code === '40P01') return `ERROR: 1023 Detail: Serializable isolation violation: ${message}`;
  const text = message.startsWith('ERROR:') ? message : `ERROR: ${message}`;
  return typeof detail === 'string' ? `${text} Detail: ${detail}` : text;
};

/** Notes a failed load where Redshift shows it, outside the transaction that failed. */
export async function noteLoadError(pool: pg.Pool, error: unknown): Promise<void> {
  if (!(error instanceof LoadFailed)) return;
  const { file, line, column, type, code, message } = error.detail;
  await pool.query(
    `INSERT INTO redshift.sys_load_error_detail (start_time, file_name, line_number, column_name, column_type, error_code, error_message)
     VALUES (clock_timestamp() AT TIME ZONE 'UTC', $1, $2, $3, $4, $5, $6)`,
    [file, line, column, type, code, message],
  );
}
