import { DatabaseSync, type StatementSync } from 'node:sqlite';

/**
 * The compute side's file on disk. Writes of one turn of the event loop share a transaction that is committed at the
 * end of that turn; whoever must answer "durable" awaits `committed()`. Process kill is survived, power loss is not
 * (synchronous=OFF), which is what a local run promises.
 */
export interface Journal {
  /** A prepared write inside the turn's transaction. */
  write(sql: string, ...values: readonly (string | number | null)[]): number;
  all<Row>(sql: string, ...values: readonly (string | number | null)[]): Row[];
  // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- the caller knows the columns that it names
  get<Row>(sql: string, ...values: readonly (string | number | null)[]): Row | undefined;
  /** Creates tables; runs at once. */
  define(sql: string): void;
  /** Resolves once everything written so far is in the file. */
  committed(): Promise<void>;
  close(): void;
}

export function openJournal(file: string): Journal {
  const database = new DatabaseSync(file);
  database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA temp_store=MEMORY; PRAGMA busy_timeout=5000;');
  const statements = new Map<string, StatementSync>();
  let pending: Promise<void> | undefined;
  let closed = false;

  const prepared = (sql: string): StatementSync => {
    let statement = statements.get(sql);
    if (!statement) statements.set(sql, (statement = database.prepare(sql)));
    return statement;
  };
  const commit = (): void => {
    if (pending && !closed) database.exec('COMMIT');
    pending = undefined;
  };
  const begin = (): void => {
    if (pending) return;
    database.exec('BEGIN');
    pending = new Promise((done) => {
      setImmediate(() => {
        commit();
        done();
      });
    });
  };
  return {
    write(sql, ...values) {
      // After close a late worker answer has nobody to tell: the next start repeats the work.
      if (closed) return 0;
      begin();
      return Number(prepared(sql).run(...values).changes);
    },
    all: <Row>(sql: string, ...values: readonly (string | number | null)[]) => (closed ? [] : (prepared(sql).all(...values) as Row[])),
    // eslint-disable-next-line @typescript-eslint/no-unnecessary-type-parameters -- as above
    get: <Row>(sql: string, ...values: readonly (string | number | null)[]) =>
      closed ? undefined : (prepared(sql).get(...values) as Row | undefined),
    define(sql) {
      commit();
      database.exec(sql);
    },
    committed: () => pending ?? Promise.resolve(),
    close() {
      if (closed) return;
      commit();
      closed = true;
      database.close();
    },
  };
}
