import { randomUUID } from 'node:crypto';
import { DatabaseSync } from 'node:sqlite';
import { oneRow } from '../sqlite-row.ts';

/** A message as it was given to SES, or to an e-mail subscription of SNS. */
export interface MailMessage {
  readonly from: string;
  readonly to: readonly string[];
  readonly cc?: readonly string[];
  readonly bcc?: readonly string[];
  readonly replyTo?: readonly string[];
  readonly subject: string;
  readonly text?: string;
  readonly html?: string;
  /** Message tags and headers that the sender set. */
  readonly headers?: Readonly<Record<string, string>>;
  /** Which service took it. */
  readonly via: 'ses' | 'sns';
}

export interface KeptMessage extends MailMessage {
  readonly id: string;
  /** Epoch milliseconds. */
  readonly at: number;
}

/** An event that a configuration set asks for, until SNS has taken it. */
export interface MailEvent {
  readonly topicArn: string;
  readonly message: string;
}

/** The outbox: what would have left the house. Also SES' identities, templates, sets and suppressed addresses. */
export class MailStore {
  readonly #database: DatabaseSync;

  constructor(file: string) {
    this.#database = new DatabaseSync(file);
    this.#database.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;
      CREATE TABLE IF NOT EXISTS message (number INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT UNIQUE NOT NULL, at INTEGER NOT NULL, content TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS event (id INTEGER PRIMARY KEY AUTOINCREMENT, topic TEXT NOT NULL, message TEXT NOT NULL);
      CREATE TABLE IF NOT EXISTS setting (kind TEXT, name TEXT, content TEXT NOT NULL, PRIMARY KEY (kind, name));`);
  }

  /** Keeps the message, with the events it causes, and answers its id; on disk when it returns. `key`: the same one is kept once (a repeated delivery). */
  deliver(message: MailMessage, key: string = randomUUID(), events: readonly MailEvent[] = []): string {
    this.#database.exec('BEGIN');
    this.#database.prepare('INSERT OR IGNORE INTO message (id, at, content) VALUES (?, ?, ?)').run(key, Date.now(), JSON.stringify(message));
    this.#insert(events);
    this.#database.exec('COMMIT');
    if (events.length > 0) this.onEvents();
    return key;
  }

  addEvents(events: readonly MailEvent[]): void {
    this.#insert(events);
    if (events.length > 0) this.onEvents();
  }

  /** Told that events wait. */
  onEvents: () => void = () => undefined;

  /** Oldest first. */
  waitingEvents(): (MailEvent & { readonly id: number })[] {
    return this.#database.prepare('SELECT id, topic, message FROM event ORDER BY id LIMIT 20').all().map((row) => ({ id: Number(row['id']), topicArn: row['topic'] as string, message: row['message'] as string }));
  }

  settleEvent(id: number): void {
    this.#database.prepare('DELETE FROM event WHERE id = ?').run(id);
  }

  #insert(events: readonly MailEvent[]): void {
    for (const { topicArn, message } of events) this.#database.prepare('INSERT INTO event (topic, message) VALUES (?, ?)').run(topicArn, message);
  }

  count(): number {
    return Number(oneRow(this.#database.prepare('SELECT count(*) AS n FROM message'))['n']);
  }

  message(id: string): KeptMessage | undefined {
    const row = this.#database.prepare('SELECT id, at, content FROM message WHERE id = ?').get(id);
    return row && kept(row);
  }

  /** Oldest first; with `last`, only that many of the newest. */
  messages(last?: number): KeptMessage[] {
    const rows = this.#database.prepare('SELECT id, at, content FROM message ORDER BY number DESC LIMIT ?').all(last ?? -1);
    return rows.reverse().map(kept);
  }

  setting(kind: string, name: string): Record<string, unknown> | undefined {
    const row = this.#database.prepare('SELECT content FROM setting WHERE kind = ? AND name = ?').get(kind, name);
    return row && (JSON.parse(row['content'] as string) as Record<string, unknown>);
  }

  settings(kind: string): { name: string; content: Record<string, unknown> }[] {
    return this.#database.prepare('SELECT name, content FROM setting WHERE kind = ? ORDER BY name').all(kind)
      .map((row) => ({ name: row['name'] as string, content: JSON.parse(row['content'] as string) as Record<string, unknown> }));
  }

  putSetting(kind: string, name: string, content: object): void {
    this.#database.prepare('INSERT OR REPLACE INTO setting VALUES (?, ?, ?)').run(kind, name, JSON.stringify(content));
  }

  removeSetting(kind: string, name: string): boolean {
    return this.#database.prepare('DELETE FROM setting WHERE kind = ? AND name = ?').run(kind, name).changes === 1;
  }

  close(): void {
    this.#database.close();
  }
}

function kept(row: Record<string, unknown>): KeptMessage {
  return { id: row['id'] as string, at: row['at'] as number, ...(JSON.parse(row['content'] as string) as MailMessage) };
}
