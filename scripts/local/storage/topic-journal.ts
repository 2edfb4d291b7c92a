import { DatabaseSync } from 'node:sqlite';

/** A message on its way from a topic to an e-mail address or a function. */
export interface Delivery {
  readonly protocol: string;
  readonly topicArn: string;
  readonly subscriptionArn: string;
  readonly endpoint: string;
  readonly messageId: string;
  readonly message: string;
  readonly subject?: string;
  readonly attributes: Readonly<Record<string, { readonly Type: string; readonly Value: string }>>;
  readonly at: number;
}

/** Deliveries that were accepted and not yet settled: told again after a kill. */
export class TopicJournal {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec('PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF; CREATE TABLE IF NOT EXISTS delivery (id INTEGER PRIMARY KEY AUTOINCREMENT, content TEXT NOT NULL)');
  }

  add(delivery: Delivery): number {
    return Number(this.#database.prepare('INSERT INTO delivery (content) VALUES (?)').run(JSON.stringify(delivery)).lastInsertRowid);
  }

  settle(id: number): void {
    this.#database.prepare('DELETE FROM delivery WHERE id = ?').run(id);
  }

  unsettled(): { id: number; delivery: Delivery }[] {
    return this.#database.prepare('SELECT id, content FROM delivery ORDER BY id').all().map((row) => ({ id: Number(row['id']), delivery: JSON.parse(row['content'] as string) as Delivery }));
  }

  close(): void {
    this.#database.close();
  }
}
