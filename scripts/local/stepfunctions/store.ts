import type { Journal } from '../journal.ts';
import { certain } from '../certain.ts';

export type ExecutionStatus = 'RUNNING' | 'SUCCEEDED' | 'FAILED' | 'TIMED_OUT' | 'ABORTED';

export interface ExecutionRow {
  readonly arn: string;
  readonly machine: string;
  readonly name: string;
  readonly definition: string;
  status: ExecutionStatus;
  readonly input: string;
  readonly started: number;
  stopped: number | null;
  output: string | null;
  error: string | null;
  cause: string | null;
  redrives: number;
  redriven: number | null;
  events: number;
  /** Client tokens of the newest redrives, with their moments, JSON list. */
  tokens: string | null;
}

/** One line of control: the execution itself, a branch of a Parallel, or an iteration of a Map. */
export interface BranchRow {
  readonly id: number;
  readonly execution: string;
  readonly parent: number;
  readonly position: number;
  state: string;
  input: string;
  status: 'RUNNING' | 'DONE' | 'FAILED';
  output: string | null;
  /** When the state was entered, ms. */
  entered: number;
  /** The line's last event: the next one names it as the previous. */
  event: number;
  /** The event of the state's entry. */
  entry: number;
  /** Attempts per retrier, JSON list. */
  retries: string;
  /** End of a Wait, or of the pause before a retry, ms. */
  wake: number | null;
  token: string | null;
  /** The task was handed out with its token, and when. */
  dispatched: number | null;
  heartbeat: number | null;
  /** JSON `{output}` or `{error, cause}` that came for the token. */
  answer: string | null;
}

export interface HistoryRow { readonly first: number; readonly events: string }

const SCHEMA = `
CREATE TABLE IF NOT EXISTS definition (hash TEXT PRIMARY KEY, text TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS execution (arn TEXT PRIMARY KEY, machine TEXT, name TEXT, definition TEXT, status TEXT, input TEXT,
  started INTEGER, stopped INTEGER, output TEXT, error TEXT, cause TEXT, redrives INTEGER, redriven INTEGER, events INTEGER);
CREATE INDEX IF NOT EXISTS execution_by_machine ON execution (machine, status);
CREATE TABLE IF NOT EXISTS branch (id INTEGER PRIMARY KEY, execution TEXT, parent INTEGER, position INTEGER, state TEXT, input TEXT,
  status TEXT, output TEXT, entered INTEGER, retries TEXT, wake INTEGER, token TEXT, dispatched INTEGER, heartbeat INTEGER, answer TEXT);
CREATE INDEX IF NOT EXISTS branch_by_execution ON branch (execution);
CREATE INDEX IF NOT EXISTS branch_by_parent ON branch (parent) WHERE parent > 0;
CREATE INDEX IF NOT EXISTS branch_by_token ON branch (token) WHERE token IS NOT NULL;
CREATE TABLE IF NOT EXISTS express (arn TEXT PRIMARY KEY, machine TEXT, document TEXT) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS history (execution TEXT, first INTEGER, events TEXT, PRIMARY KEY (execution, first)) WITHOUT ROWID;
`;

export interface ListQuery { readonly machine: string; readonly status?: string | undefined; readonly redriven?: boolean | undefined; readonly before?: number | undefined; readonly limit: number }

/** Columns that came later. */
const ADDED = ['execution ADD COLUMN tokens TEXT', 'branch ADD COLUMN event INTEGER DEFAULT 0', 'branch ADD COLUMN entry INTEGER DEFAULT 0'];

/** Executions on disk. */
export interface ExecutionStore {
  keepDefinition(hash: string, text: string): void;
  definition(hash: string): string;
  insert(row: ExecutionRow): void;
  save(row: ExecutionRow): void;
  find(arn: string): ExecutionRow | undefined;
  running(): ExecutionRow[];
  /** Newest first; `before`: place of the last one that was shown. */
  list(query: ListQuery): (ExecutionRow & { readonly place: number })[];
  newBranch(execution: string, parent: number, position: number, state: string, input: string, entered: number, event?: number): BranchRow;
  saveBranch(row: BranchRow): void;
  branches(execution: string): BranchRow[];
  branchOfToken(token: string): BranchRow | undefined;
  dropBranches(execution: string): void;
  dropChildren(parent: number): void;
  appendHistory(execution: string, first: number, events: string): void;
  history(execution: string): HistoryRow[];
  /** All executions of a machine, with everything that belongs to them. */
  forget(machine: string): void;
  /** Express executions under way: started again after a kill. */
  keepExpress(arn: string, machine: string, document: string): void;
  dropExpress(arn: string): void;
  express(): { readonly arn: string; readonly machine: string; readonly document: string }[];
  committed(): Promise<void>;
}

const SETTLED_HISTORIES_KEPT = 5000;

export function openExecutionStore(journal: Journal): ExecutionStore {
  journal.define(SCHEMA);
  const columns = new Set(['execution', 'branch'].flatMap((table) => journal.all<{ name: string }>(`PRAGMA table_info(${table})`).map(({ name }) => `${table} ADD COLUMN ${name}`)));
  for (const column of ADDED) if (!columns.has(column.split(' ').slice(0, 4).join(' '))) journal.define(`ALTER TABLE ${column}`);
  let nextBranch = (journal.get<{ id: number | null }>('SELECT max(id) AS id FROM branch')?.id ?? 0) + 1;
  let finished = 0;

  /** Histories of old successes go: they are read while something is looked into, not for ever. */
  const prune = (): void => {
    journal.write(`DELETE FROM history WHERE execution IN (SELECT arn FROM execution WHERE status = 'SUCCEEDED'
      AND rowid < (SELECT max(rowid) FROM execution) - ${SETTLED_HISTORIES_KEPT} ORDER BY rowid DESC LIMIT 2000)`);
  };
  return {
    keepDefinition: (hash, text) => void journal.write('INSERT OR IGNORE INTO definition VALUES (?, ?)', hash, text),
    definition: (hash) => certain(journal.get<{ text: string }>('SELECT text FROM definition WHERE hash = ?', hash), `definition ${hash}`).text,
    insert(row) {
      journal.write('INSERT INTO execution VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)', row.arn, row.machine, row.name, row.definition,
        row.status, row.input, row.started, row.stopped, row.output, row.error, row.cause, row.redrives, row.redriven, row.events, row.tokens);
    },
    save(row) {
      journal.write('UPDATE execution SET status = ?, stopped = ?, output = ?, error = ?, cause = ?, redrives = ?, redriven = ?, events = ?, tokens = ? WHERE arn = ?',
        row.status, row.stopped, row.output, row.error, row.cause, row.redrives, row.redriven, row.events, row.tokens, row.arn);
      if (row.status === 'SUCCEEDED' && (finished += 1) % 1000 === 0) prune();
    },
    find: (arn) => journal.get<ExecutionRow>('SELECT * FROM execution WHERE arn = ?', arn),
    running: () => journal.all<ExecutionRow>("SELECT * FROM execution WHERE status = 'RUNNING' ORDER BY rowid"),
    list: ({ machine, status, redriven, before, limit }) =>
      journal.all(`SELECT *, rowid AS place FROM execution WHERE machine = ? AND (? IS NULL OR status = ?) AND (? IS NULL OR (redrives > 0) = ?) AND (? IS NULL OR rowid < ?) ORDER BY rowid DESC LIMIT ?`,
        machine, status ?? null, status ?? null, redriven === undefined ? null : Number(redriven), Number(redriven ?? false), before ?? null, before ?? null, limit),
    newBranch(execution, parent, position, state, input, entered, event = 0) {
      const row: BranchRow = { id: nextBranch++, execution, parent, position, state, input, status: 'RUNNING', output: null, entered, event, entry: 0, retries: '[]', wake: null, token: null, dispatched: null, heartbeat: null, answer: null };
      journal.write("INSERT INTO branch (id, execution, parent, position, state, input, status, entered, event, entry, retries) VALUES (?, ?, ?, ?, ?, ?, 'RUNNING', ?, ?, 0, '[]')", row.id, execution, parent, position, state, input, entered, event);
      return row;
    },
    saveBranch(row) {
      journal.write('UPDATE branch SET state = ?, input = ?, status = ?, output = ?, entered = ?, event = ?, entry = ?, retries = ?, wake = ?, token = ?, dispatched = ?, heartbeat = ?, answer = ? WHERE id = ?',
        row.state, row.input, row.status, row.output, row.entered, row.event, row.entry, row.retries, row.wake, row.token, row.dispatched, row.heartbeat, row.answer, row.id);
    },
    branches: (execution) => journal.all<BranchRow>('SELECT * FROM branch WHERE execution = ? ORDER BY parent, position', execution),
    branchOfToken: (token) => journal.get<BranchRow>('SELECT * FROM branch WHERE token = ?', token),
    dropBranches: (execution) => void journal.write('DELETE FROM branch WHERE execution = ?', execution),
    dropChildren: (parent) => void journal.write('DELETE FROM branch WHERE parent = ? AND parent > 0', parent),
    appendHistory: (execution, first, events) => void journal.write('INSERT OR REPLACE INTO history VALUES (?, ?, ?)', execution, first, events),
    history: (execution) => journal.all<HistoryRow>('SELECT first, events FROM history WHERE execution = ? ORDER BY first', execution),
    forget(machine) {
      for (const table of ['branch', 'history']) journal.write(`DELETE FROM ${table} WHERE execution IN (SELECT arn FROM execution WHERE machine = ?)`, machine);
      journal.write('DELETE FROM execution WHERE machine = ?', machine);
    },
    keepExpress: (arn, machine, document) => void journal.write('INSERT INTO express VALUES (?, ?, ?)', arn, machine, document),
    dropExpress: (arn) => void journal.write('DELETE FROM express WHERE arn = ?', arn),
    express: () => journal.all('SELECT * FROM express'),
    committed: () => journal.committed(),
  };
}
