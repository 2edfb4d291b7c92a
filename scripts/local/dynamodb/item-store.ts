import { DatabaseSync } from 'node:sqlite';
import type { SQLInputValue, StatementSync } from 'node:sqlite';
import { oneRow } from '../sqlite-row.ts';
import type { Callback, Item, Range, Table } from './dynalite-types.ts';

/** One ordered map of the store. All calls back at once, in the same turn. */
export interface KeySpace {
  readonly id: number;
  put(key: string, value: unknown, done: Callback): void;
  get(key: string, done: Callback): void;
  del(key: string, done: Callback): void;
  batch(changes: readonly { type: 'put' | 'del'; key: string; value?: unknown }[], done: Callback): void;
  createKeyStream(): string[];
  createValueStream(range?: Range): unknown[];
  values(range: Range): Iterable<{ key: string; text: string }>;
  lock(key: string, run: (release: (done: Callback) => Callback) => void): void;
  [more: string]: unknown;
}

/**
 * What dynalite's actions take for their LevelDB store, over SQLite. Everything is synchronous, so that one operation, or a
 * whole transaction of them, runs without another in between: no locks, and one SQLite transaction makes it whole on disk.
 */
export class ItemStore {
  readonly options = { maxItemSize: 409_600, maxItemSizeKb: 400, createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };
  readonly tableDb: KeySpace;
  readonly database: DatabaseSync;
  readonly #spaces = new Map<string, KeySpace>();
  readonly #tables = new Map<string, Table>();
  readonly #sql: Readonly<Record<'get' | 'put' | 'del' | 'keys', StatementSync>>;

  constructor(file: string) {
    this.database = new DatabaseSync(file);
    this.database.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; PRAGMA cache_size=-65536;
      CREATE TABLE IF NOT EXISTS space (id INTEGER PRIMARY KEY, name TEXT UNIQUE NOT NULL);
      CREATE TABLE IF NOT EXISTS item (space INTEGER NOT NULL, key TEXT NOT NULL, value TEXT NOT NULL, PRIMARY KEY (space, key)) WITHOUT ROWID;`);
    if (oneRow(this.database.prepare('PRAGMA user_version'))['user_version'] === 0) {
      // index entries of before carry a separator that hid those at the end of a range
      this.database.exec(`UPDATE item SET key = replace(key, '~', '!') WHERE space IN (SELECT id FROM space WHERE substr(name, 1, 6) = 'index-'); PRAGMA user_version = 1`);
    }
    this.#sql = {
      get: this.database.prepare('SELECT value FROM item WHERE space = ? AND key = ?'),
      put: this.database.prepare('INSERT OR REPLACE INTO item VALUES (?, ?, ?)'),
      del: this.database.prepare('DELETE FROM item WHERE space = ? AND key = ?'),
      keys: this.database.prepare('SELECT key FROM item WHERE space = ? ORDER BY key'),
    };
    this.tableDb = Object.assign(this.#space('table'), { awsAccountId: '000000000000', awsRegion: 'eu-west-1' });
  }

  getItemDb = (table: string): KeySpace => this.#space(`item-${table}`);
  deleteItemDb = (table: string, done: Callback): void => this.#empty(`item-${table}`, done);
  getIndexDb = (kind: string, table: string, index: string): KeySpace => this.#space(`index-${kind.toLowerCase()}~${table}~${index}`);
  deleteIndexDb = (kind: string, table: string, index: string, done: Callback): void => this.#empty(`index-${kind.toLowerCase()}~${table}~${index}`, done);
  getTagDb = (table: string): KeySpace => this.#space(`tag-${table}`);
  deleteTagDb = (table: string, done: Callback): void => this.#empty(`tag-${table}`, done);
  /** Settings that dynalite does not know: time to live, backups. */
  settings = (): KeySpace => this.#space('settings');

  /** As dynalite's: with `checkStatus` given it is read afresh, as the caller will change it. */
  getTable = (name: string, checkStatus: boolean | Callback<Table>, done?: Callback<Table>): void => {
    const answer = typeof checkStatus === 'function' ? checkStatus : (done ?? (() => undefined));
    const cached = typeof checkStatus === 'function' ? this.#tables.get(name) : undefined;
    if (cached) return answer(null, cached);
    this.tableDb.get(name, (error, table) => {
      if (!error) {
        if (typeof checkStatus === 'function') this.#tables.set(name, table as Table);
        return answer(null, table as Table);
      }
      const message = `Requested resource not found${checkStatus === false ? `: Table: ${name} not found` : ''}`;
      answer(Object.assign(new Error(message), {
        name: 'NotFoundError', statusCode: 400, body: { __type: 'com.amazonaws.dynamodb.v20120810#ResourceNotFoundException', message },
      }));
    });
  };

  /** A table's description as it is from now on. */
  putTable(table: Table): void {
    this.tableDb.put(table.TableName, { ...table, TableStatus: 'UPDATING' }, () => undefined);
  }

  /** Runs `work` as one transaction on disk; what it throws undoes it. */
  transaction<T>(work: () => T): T {
    this.database.exec('BEGIN');
    try {
      const result = work();
      this.database.exec('COMMIT');
      return result;
    } catch (error) {
      this.database.exec('ROLLBACK');
      this.#tables.clear();
      throw error;
    }
  }

  /** Table, items, indexes, tags and settings in one go. dynalite's own has a state in between that a kill would keep. */
  dropTable(name: string): void {
    this.transaction(() => {
      this.tableDb.del(name, () => undefined);
      this.settings().del(name, () => undefined);
      const spaces = this.database.prepare("SELECT name FROM space WHERE name IN (?, ?) OR substr(name, 1, length(?)) = ? OR substr(name, 1, length(?)) = ?")
        .all(`item-${name}`, `tag-${name}`, ...['local', 'global'].flatMap((kind) => [`index-${kind}~${name}~`, `index-${kind}~${name}~`]));
      for (const space of spaces) this.#empty(space['name'] as string, () => undefined);
    });
  }

  count(table: string): { items: number; bytes: number } {
    const row = oneRow(this.database.prepare('SELECT count(*) AS items, coalesce(sum(length(value)), 0) AS bytes FROM item WHERE space = ?'), this.getItemDb(table).id);
    return { items: Number(row['items']), bytes: Number(row['bytes']) };
  }

  close(): void {
    this.database.close();
  }

  #empty(name: string, done: Callback): void {
    this.database.prepare('DELETE FROM item WHERE space = ?').run(this.#space(name).id);
    done(null);
  }

  #space(name: string): KeySpace {
    let space = this.#spaces.get(name);
    if (space) return space;
    const sql = this.#sql;
    this.database.prepare('INSERT OR IGNORE INTO space (name) VALUES (?)').run(name);
    const id = Number(oneRow(this.database.prepare('SELECT id FROM space WHERE name = ?'), name)['id']);
    const isTables = name === 'table';
    const put = (key: string, value: unknown): void => {
      // a table is ready as soon as it is written: a kill between two states must not leave one that never gets ready;
      // dynalite's later "is now ACTIVE" must not bring back what was deleted or changed meanwhile
      if (isTables) {
        if ((value as Table).TableStatus === 'ACTIVE') return;
        this.#tables.delete(key);
      }
      sql.put.run(id, key, JSON.stringify(isTables ? ready(value as Table) : value));
    };
    const del = (key: string): void => {
      if (isTables) this.#tables.delete(key);
      sql.del.run(id, key);
    };
    const values = (range: Range): Iterable<{ key: string; text: string }> => {
      const where = ['space = ?'];
      const given: SQLInputValue[] = [id];
      for (const [bound, sign] of [['gt', '>'], ['gte', '>='], ['lt', '<'], ['lte', '<=']] as const) {
        if (range[bound] === undefined) continue;
        where.push(`key ${sign} ?`);
        given.push(range[bound]);
      }
      // LIMIT lets a reader stop without leaving an open cursor behind
      return this.#range(where.join(' AND '), range.reverse === true).iterate(...given) as unknown as Iterable<{ key: string; text: string }>;
    };
    space = {
      id, values,
      put: (key, value, done) => {
        put(key, value);
        done(null);
      },
      get: (key, done) => {
        const row = sql.get.get(id, key);
        if (row) done(null, JSON.parse(row['value'] as string) as Item);
        else done(Object.assign(new Error('NotFoundError'), { name: 'NotFoundError' }));
      },
      del: (key, done) => {
        del(key);
        done(null);
      },
      batch: (changes, done) => {
        for (const change of changes) if (change.type === 'put') put(change.key, change.value); else del(change.key);
        done(null);
      },
      createKeyStream: () => sql.keys.all(id).map((row) => row['key'] as string),
      createValueStream: (range = {}) => [...values(range)].map((row) => JSON.parse(row.text) as unknown),
      lock: (_key, run) => run((done) => done),
    };
    this.#spaces.set(name, space);
    return space;
  }

  readonly #ranges = new Map<string, StatementSync>();
  #range(where: string, reverse: boolean): StatementSync {
    const text = `SELECT key, value AS text FROM item WHERE ${where} ORDER BY key${reverse ? ' DESC' : ''}`;
    let statement = this.#ranges.get(text);
    if (!statement) this.#ranges.set(text, (statement = this.database.prepare(text)));
    return statement;
  }
}

function ready(table: Table): Table {
  const active = { ...table, TableStatus: 'ACTIVE' };
  if (!table.GlobalSecondaryIndexes) return active;
  return { ...active, GlobalSecondaryIndexes: table.GlobalSecondaryIndexes.map((index) => ({ ...index, IndexStatus: 'ACTIVE' })) };
}
