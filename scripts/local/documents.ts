import { DatabaseSync } from 'node:sqlite';

/** Documents of one kind, by name. On disk when a call returns. */
export interface Collection<T> {
  get(name: string): T | undefined;
  /** In order of names. */
  all(): { name: string; content: T }[];
  put(name: string, content: T): void;
  /** False when there was none. */
  remove(name: string): boolean;
}

/** Small things of the small services: collections of JSON documents in one file. */
export class Documents {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; CREATE TABLE IF NOT EXISTS document (kind TEXT, name TEXT, content TEXT NOT NULL, PRIMARY KEY (kind, name))');
  }

  collection<T>(kind: string): Collection<T> {
    const database = this.#database;
    const get = database.prepare('SELECT content FROM document WHERE kind = ? AND name = ?');
    const all = database.prepare('SELECT name, content FROM document WHERE kind = ? ORDER BY name');
    const put = database.prepare('INSERT OR REPLACE INTO document VALUES (?, ?, ?)');
    const remove = database.prepare('DELETE FROM document WHERE kind = ? AND name = ?');
    const read = (content: unknown): T => JSON.parse(content as string) as T;
    return {
      get: (name) => {
        const row = get.get(kind, name);
        return row && read(row['content']);
      },
      all: () => all.all(kind).map((row) => ({ name: row['name'] as string, content: read(row['content']) })),
      put: (name, content) => void put.run(kind, name, JSON.stringify(content)),
      remove: (name) => remove.run(kind, name).changes === 1,
    };
  }

  close(): void {
    this.#database.close();
  }
}
