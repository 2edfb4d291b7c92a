import { DatabaseSync } from 'node:sqlite';

/** Small things of the small services, by kind and name, each a JSON document; on disk when a call returns. */
export class Documents {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; CREATE TABLE IF NOT EXISTS document (kind TEXT, name TEXT, content TEXT NOT NULL, PRIMARY KEY (kind, name))');
  }

  get<T>(kind: string, name: string): T | undefined {
    const row = this.#database.prepare('SELECT content FROM document WHERE kind = ? AND name = ?').get(kind, name);
    return row && (JSON.parse(row['content'] as string) as T);
  }

  /** In order of names. */
  all<T>(kind: string): { name: string; content: T }[] {
    return this.#database.prepare('SELECT name, content FROM document WHERE kind = ? ORDER BY name').all(kind)
      .map((row) => ({ name: row['name'] as string, content: JSON.parse(row['content'] as string) as T }));
  }

  put(kind: string, name: string, content: unknown): void {
    this.#database.prepare('INSERT OR REPLACE INTO document VALUES (?, ?, ?)').run(kind, name, JSON.stringify(content));
  }

  remove(kind: string, name: string): boolean {
    return this.#database.prepare('DELETE FROM document WHERE kind = ? AND name = ?').run(kind, name).changes === 1;
  }

  close(): void {
    this.#database.close();
  }
}
