import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import type { Column } from './results.ts';

export type StatementState = 'SUBMITTED' | 'PICKED' | 'STARTED' | 'FINISHED' | 'FAILED' | 'ABORTED';

export interface SubStatement {
  readonly sql: string;
  state: StatementState;
  error?: string;
  durationNs: number;
  /** Returned or changed; -1 until it is known. */
  rows: number;
  /** Of the result; -1 until it is known. */
  bytes: number;
  /** Columns of the result, where there is one. */
  columns?: readonly Column[];
  /** Redshift's own number of the query. */
  queryId: number;
  updatedAt: number;
}

/** One call of ExecuteStatement or BatchExecuteStatement. Times are milliseconds since 1970. */
export interface Statement {
  readonly id: string;
  readonly batch: boolean;
  /** Several statements, one transaction. */
  readonly transaction: boolean;
  readonly name: string | undefined;
  /** Database user: `IAMR:<role>` or `IAM:<user>`. */
  readonly user: string;
  /** Access key that called; one session of a role. */
  readonly caller: string;
  readonly workgroup: string | undefined;
  readonly format: 'JSON' | 'CSV';
  readonly withEvent: boolean;
  readonly sessionId?: string;
  readonly createdAt: number;
  updatedAt: number;
  state: StatementState;
  error?: string;
  durationNs: number;
  pid: number;
  readonly parameters: readonly { name: string; value: string }[];
  readonly parts: SubStatement[];
}

/** Results and statements are kept a day, client tokens eight hours (https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html). */
export const dayMs = 86_400_000;
const tokenMs = 8 * 3_600_000;

export const hasEnded = ({ state }: { readonly state: StatementState }): boolean => state === 'FINISHED' || state === 'FAILED' || state === 'ABORTED';

/** Statements, their results' pages and client tokens, on disk. */
export interface StatementLog {
  /** `request` tells calls with the same token apart. */
  add(statement: Statement, token: string | undefined, request: string): void;
  save(statement: Statement): void;
  get(id: string): Statement | undefined;
  byToken(token: string, now: number): { readonly id: string; readonly request: string } | undefined;
  /** Newest first, from the one after `after`. */
  recent(after: { readonly createdAt: number; readonly id: string } | undefined): Generator<Statement>;
  putPage(id: string, page: number, rows: string): void;
  page(id: string, page: number): string | undefined;
  nextQueryId(): number;
  close(): void;
}

export function openStatementLog(dataDir: string, now: number): StatementLog {
  mkdirSync(dataDir, { recursive: true });
  const db = new DatabaseSync(join(dataDir, 'statements.sqlite'));
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS data_statement (id TEXT PRIMARY KEY, token TEXT, request TEXT, created_at INTEGER, open INTEGER, query_id INTEGER, body TEXT) STRICT;
    CREATE INDEX IF NOT EXISTS data_statement_token ON data_statement (token, created_at) WHERE token IS NOT NULL;
    CREATE INDEX IF NOT EXISTS data_statement_created ON data_statement (created_at, id);
    CREATE INDEX IF NOT EXISTS data_statement_open ON data_statement (open) WHERE open = 1;
    CREATE TABLE IF NOT EXISTS result_page (id TEXT, page INTEGER, created_at INTEGER, rows TEXT, PRIMARY KEY (id, page)) STRICT, WITHOUT ROWID;
    DROP TABLE IF EXISTS statement;`);
  const insert = db.prepare('INSERT INTO data_statement (id, token, request, created_at, open, query_id, body) VALUES (?, ?, ?, ?, 1, ?, ?)');
  const update = db.prepare('UPDATE data_statement SET open = ?, body = ? WHERE id = ?');
  const select = db.prepare('SELECT body FROM data_statement WHERE id = ?');
  const token = db.prepare('SELECT id, request FROM data_statement WHERE token = ? AND created_at > ?');
  const latest = db.prepare('SELECT body FROM data_statement WHERE (created_at, id) < (?, ?) ORDER BY created_at DESC, id DESC LIMIT 200');
  const insertPage = db.prepare('INSERT INTO result_page (id, page, created_at, rows) VALUES (?, ?, ?, ?)');
  const selectPage = db.prepare('SELECT rows FROM result_page WHERE id = ? AND page = ?');
  const prune = (at: number): void => {
    db.exec(`DELETE FROM data_statement WHERE created_at < ${at - dayMs}; DELETE FROM result_page WHERE created_at < ${at - dayMs}`);
  };
  // running statements by identity: what runs and what is described must be one object
  const live = new Map<string, Statement>();

  prune(now);
  let nextQueryId = 1 + (db.prepare('SELECT COALESCE(MAX(query_id), 100000) AS last FROM data_statement').get() as { last: number }).last;
  for (const { body } of db.prepare('SELECT body FROM data_statement WHERE open = 1').all() as { body: string }[]) {
    const statement = JSON.parse(body) as Statement;
    statement.state = 'FAILED';
    statement.error = 'Connection to the database was lost while this statement ran; whether it was committed is for its effects to say';
    statement.updatedAt = now;
    for (const part of statement.parts) if (!hasEnded(part)) part.state = 'ABORTED';
    update.run(0, JSON.stringify(statement), statement.id);
  }

  let added = 0;
  return {
    add(statement, clientToken, request) {
      live.set(statement.id, statement);
      insert.run(statement.id, clientToken ?? null, request, statement.createdAt, statement.parts.at(-1)?.queryId ?? 0, JSON.stringify(statement));
      if (++added % 1_000 === 0) prune(statement.createdAt);
    },
    save(statement) {
      const ended = hasEnded(statement);
      update.run(ended ? 0 : 1, JSON.stringify(statement), statement.id);
      if (ended) live.delete(statement.id);
    },
    get(id) {
      const known = live.get(id);
      if (known) return known;
      const row = select.get(id) as { body: string } | undefined;
      return row && (JSON.parse(row.body) as Statement);
    },
    byToken: (clientToken, at) => token.get(clientToken, at - tokenMs) as { id: string; request: string } | undefined,
    *recent(after) {
      let last = after ?? { createdAt: Number.MAX_SAFE_INTEGER, id: '' };
      for (;;) {
        const rows = latest.all(last.createdAt, last.id) as { body: string }[];
        for (const { body } of rows) {
          const statement = JSON.parse(body) as Statement;
          last = statement;
          yield live.get(statement.id) ?? statement;
        }
        if (rows.length === 0) return;
      }
    },
    putPage: (id, page, rows) => void insertPage.run(id, page, Date.now(), rows),
    page: (id, page) => (selectPage.get(id, page) as { rows: string } | undefined)?.rows,
    nextQueryId: () => nextQueryId++,
    close: () => db.close(),
  };
}
