import type pg from 'pg';
import { bind } from './bind.ts';
import { parseCopy } from './copy/command.ts';
import type { CopySource } from './copy/files.ts';
import type { LoadError } from './copy/load-error.ts';
import { LoadFailed } from './copy/load-error.ts';
import { runCopy } from './copy/run.ts';
import { toPostgres } from './dialect.ts';
import { lackingForms } from './lacking.ts';
import { redshiftFaults } from './lint.ts';
import { runsAlone, tableWritten, writeLock } from './locks.ts';
import { mask, statementsOf } from './masked.ts';
import { mostResultBytes, mostRowBytes, type ResultSet } from './results.ts';

/** What one statement of a call gave: rows returned or changed. */
export interface Outcome {
  readonly rows: number;
  readonly result: ResultSet | undefined;
}

export interface Execution {
  readonly client: pg.ClientBase;
  readonly parameters: ReadonlyMap<string, string>;
  /** Inside a transaction of the caller's. */
  readonly inTransaction: boolean;
  /** How a transaction begins. */
  readonly begin: string;
  readonly source: CopySource;
  /** Rows that COPY could not load: noted at once, whatever becomes of the transaction. */
  readonly note: (errors: readonly LoadError[]) => Promise<void>;
  readonly queryId: number;
}

const verbatim = { getTypeParser: () => (value: string) => value } as unknown as pg.CustomTypesConfig;

interface Translation {
  readonly statements: readonly string[];
  /** Table to lock first. */
  readonly lock: string | undefined;
  readonly alone: boolean;
  readonly returnsRows: boolean;
}

const translated = new Map<string, Translation>();

/** Statements that PostgreSQL runs for one of Redshift's. @throws Error as Redshift would refuse it */
function translate(sql: string, inTransaction: boolean): Translation {
  const key = `${inTransaction ? 'T' : 'A'}${sql}`;
  const known = translated.get(key);
  if (known) return known;
  const { code, restore } = mask(sql);
  const fault = redshiftFaults(sql, inTransaction)[0];
  if (fault !== undefined) throw new Error(`ERROR: Redshift does not take this: ${fault}`);
  const lack = lackingForms(code)[0];
  if (lack !== undefined) throw new Error(`ERROR: the local warehouse does not have ${lack}`);
  if (statementsOf(sql).length > 1) throw new Error('ERROR: cannot insert multiple commands into a prepared statement');
  const written = tableWritten(code);
  const translation = {
    statements: toPostgres(sql.trim().replace(/;\s*$/, ''), { dropTemporary: inTransaction }),
    lock: written === undefined ? undefined : writeLock(restore(written).toLowerCase()),
    alone: written === undefined && runsAlone(code) && !/^\s*(SELECT|WITH)\b[\s\S]*\bINTO\b/i.test(code),
    returnsRows: /^\s*(SELECT|WITH|SHOW|EXPLAIN|\()/i.test(code),
  };
  if (translated.size > 500) translated.clear();
  translated.set(key, translation);
  return translation;
}

function resultOf(answer: pg.QueryArrayResult<(string | null)[]>): ResultSet | undefined {
  if (answer.fields.length === 0) return undefined;
  let bytes = 0;
  for (const row of answer.rows) {
    let size = 0;
    for (const cell of row) size += cell === null ? 1 : cell.length;
    if (size * 3 > mostRowBytes) size = row.reduce((sum, cell) => sum + (cell === null ? 1 : Buffer.byteLength(cell)), 0);
    if (size > mostRowBytes) throw new Error(`ERROR: Packet for query is too large (${size} > ${mostRowBytes}): a row of a result may hold 64 KB`);
    bytes += size;
  }
  if (bytes > mostResultBytes) throw new Error('ERROR: Database response exceeded size limit: a result may hold 500 MB');
  return { columns: answer.fields.map(({ name, dataTypeID, dataTypeModifier }) => ({ name, oid: dataTypeID, modifier: dataTypeModifier })), rows: answer.rows, bytes };
}

async function runTranslated({ statements, returnsRows }: Translation, { client, parameters }: Execution): Promise<Outcome> {
  let outcome: Outcome | undefined;
  for (const statement of statements) {
    const { text, values } = bind(statement, parameters);
    const query = { text, rowMode: 'array' as const, types: verbatim, ...(values.length > 0 ? { values } : {}) };
    const answer = await client.query<(string | null)[]>(query);
    const result = returnsRows ? resultOf(answer) : undefined;
    outcome ??= { rows: result ? result.rows.length : Math.max(0, answer.rowCount ?? 0), result };
  }
  return outcome ?? { rows: 0, result: undefined };
}

async function runLoad(command: NonNullable<ReturnType<typeof parseCopy>>, execution: Execution): Promise<Outcome> {
  const { client, source, note, queryId } = execution;
  try {
    const { rows, errors } = await runCopy(client, command, source);
    if (errors.length > 0) await note(errors);
    await client.query(`SELECT set_config('redshift.last_copy_count', $1, false), set_config('redshift.last_copy_id', $2, false)`, [String(rows), String(queryId)]);
    return { rows, result: undefined };
  } catch (error) {
    if (error instanceof LoadFailed) await note(error.errors);
    throw error;
  }
}

/** Runs one Redshift statement in the session of `client`. @throws Error with the text that DescribeStatement shows. */
export async function execute(sql: string, execution: Execution): Promise<Outcome> {
  const { client, inTransaction, begin } = execution;
  const copy = parseCopy(sql);
  const translation = copy ? undefined : translate(sql, inTransaction);
  const lock = copy ? writeLock(copy.table) : translation?.lock;
  const run = (): Promise<Outcome> => (copy ? runLoad(copy, execution) : runTranslated(translation as Translation, execution));
  if (inTransaction) {
    if (lock !== undefined) await client.query(lock);
    return run();
  }
  if (translation?.alone) return run();
  await client.query(lock === undefined ? begin : `${begin}; ${lock}`);
  const outcome = await run();
  await client.query('COMMIT');
  return outcome;
}
