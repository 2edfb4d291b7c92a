import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';

export type StatementState = 'SUBMITTED' | 'STARTED' | 'FINISHED' | 'FAILED' | 'ABORTED';

export interface SubStatement {
  readonly sql: string;
  state: StatementState;
  error?: string;
  durationNs: number;
  rows: number;
  bytes: number;
  hasResult: boolean;
  updatedAt: number;
}

/** One call of ExecuteStatement or BatchExecuteStatement. Times are milliseconds since 1970. */
export interface Statement {
  readonly id: string;
  readonly batch: boolean;
  readonly name: string | undefined;
  readonly createdAt: number;
  updatedAt: number;
  state: StatementState;
  error?: string;
  durationNs: number;
  readonly parameters: readonly { name: string; value: string }[];
  readonly parts: SubStatement[];
}

/** AWS keeps statements a day and client tokens eight hours (https://docs.aws.amazon.com/redshift/latest/mgmt/data-api.html). */
const dayMs = 86_400_000;
const tokenMs = 8 * 3_600_000;

/** States of statements, on disk; results are not kept over a restart. */
export interface StatementLog {
  add(statement: Statement, token: string | undefined): void;
  save(statement: Statement): void;
  get(id: string): Statement | undefined;
  byToken(token: string, now: number): string | undefined;
  recent(): Statement[];
  close(): void;
}

export function openStatementLog(dataDir: string, now: number): StatementLog {
  mkdirSync(dataDir, { recursive: true });
  const db = new DatabaseSync(join(dataDir, 'statements.sqlite'));
  db.exec(`PRAGMA journal_mode = WAL; PRAGMA synchronous = OFF;
    CREATE TABLE IF NOT EXISTS statement (id TEXT PRIMARY KEY, token TEXT, created_at INTEGER, state TEXT, body TEXT) STRICT;
    CREATE INDEX IF NOT EXISTS statement_token ON statement (token, created_at);
    CREATE INDEX IF NOT EXISTS statement_created ON statement (created_at);`);
  const insert = db.prepare('INSERT INTO statement (id, token, created_at, state, body) VALUES (?, ?, ?, ?, ?)');
  const update = db.prepare('UPDATE statement SET state = ?, body = ? WHERE id = ?');
  const select = db.prepare('SELECT body FROM statement WHERE id = ?');
  const token = db.prepare('SELECT id FROM statement WHERE token = ? AND created_at > ?');
  const latest = db.prepare('SELECT body FROM statement ORDER BY created_at DESC LIMIT 1000');
  const prune = db.prepare('DELETE FROM statement WHERE created_at < ?');
  // running statements by identity: what executes and what is described must be one object
  const live = new Map<string, Statement>();

  const open = db.prepare("SELECT body FROM statement WHERE state IN ('SUBMITTED', 'STARTED')");
  for (const { body } of open.all() as { body: string }[]) {
    const statement = JSON.parse(body) as Statement;
    statement.state = 'ABORTED';
    statement.error = 'the warehouse stopped while this statement ran; whether it was committed is for its effects to say';
    statement.updatedAt = now;
    for (const part of statement.parts) if (part.state !== 'FINISHED') part.state = 'ABORTED';
    update.run(statement.state, JSON.stringify(statement), statement.id);
  }
  prune.run(now - dayMs);

  return {
    add(statement, clientToken) {
      live.set(statement.id, statement);
      insert.run(statement.id, clientToken ?? null, statement.createdAt, statement.state, JSON.stringify(statement));
    },
    save(statement) {
      update.run(statement.state, JSON.stringify(statement), statement.id);
      if (statement.state !== 'SUBMITTED' && statement.state !== 'STARTED') live.delete(statement.id);
    },
    get(id) {
      const row = select.get(id) as { body: string } | undefined;
      return live.get(id) ?? (row && (JSON.parse(row.body) as Statement));
    },
    byToken: (clientToken, at) => (token.get(clientToken, at - tokenMs) as { id: string } | undefined)?.id,
    recent: () => (latest.all() as { body: string }[]).map(({ body }) => JSON.parse(body) as Statement).map((one) => live.get(one.id) ?? one),
    close: () => db.close(),
  };
}
