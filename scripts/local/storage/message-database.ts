import { DatabaseSync } from 'node:sqlite';

/** Queues, topics and everything on its way between them: one file, so that a step that touches several is one transaction. */
export interface MessageDatabase {
  readonly sql: DatabaseSync;
  /** All of `work` or none of it; within another transaction it is part of that one. */
  transaction<T>(work: () => T): T;
  close(): void;
}

export function openMessageDatabase(file: string): MessageDatabase {
  const sql = new DatabaseSync(file);
  sql.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;
    CREATE TABLE IF NOT EXISTS queue (name TEXT PRIMARY KEY, made_at INTEGER NOT NULL, changed_at INTEGER NOT NULL, attributes TEXT NOT NULL, tags TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS message (id INTEGER PRIMARY KEY AUTOINCREMENT, queue TEXT NOT NULL, message_id TEXT NOT NULL, body TEXT NOT NULL, attributes TEXT, system TEXT,
      sent_at INTEGER NOT NULL, visible_at INTEGER NOT NULL, receives INTEGER NOT NULL DEFAULT 0, first_received_at INTEGER, receipt TEXT, message_group TEXT, deduplication TEXT, source TEXT);
    CREATE INDEX IF NOT EXISTS message_due ON message (queue, visible_at, id);
    CREATE INDEX IF NOT EXISTS message_group ON message (queue, message_group, id) WHERE message_group IS NOT NULL;
    CREATE INDEX IF NOT EXISTS message_receipt ON message (receipt) WHERE receipt IS NOT NULL;
    CREATE TABLE IF NOT EXISTS deduplication (target TEXT, id TEXT, at INTEGER NOT NULL, answer TEXT NOT NULL, PRIMARY KEY (target, id)) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS move_task (handle TEXT PRIMARY KEY, source TEXT NOT NULL, destination TEXT, rate INTEGER, status TEXT NOT NULL, moved INTEGER NOT NULL DEFAULT 0, total INTEGER NOT NULL, started_at INTEGER NOT NULL, failure TEXT);
    CREATE TABLE IF NOT EXISTS topic (arn TEXT PRIMARY KEY, made_at INTEGER NOT NULL, attributes TEXT NOT NULL, tags TEXT NOT NULL);
    CREATE TABLE IF NOT EXISTS subscription (arn TEXT PRIMARY KEY, topic TEXT NOT NULL REFERENCES topic ON DELETE CASCADE, protocol TEXT NOT NULL, endpoint TEXT NOT NULL, attributes TEXT NOT NULL, confirmed INTEGER NOT NULL, token TEXT NOT NULL);
    CREATE INDEX IF NOT EXISTS subscription_topic ON subscription (topic);
    CREATE TABLE IF NOT EXISTS delivery (id INTEGER PRIMARY KEY AUTOINCREMENT, content TEXT NOT NULL);`);
  let inside = false;
  return {
    sql,
    transaction(work) {
      if (inside) return work();
      inside = true;
      sql.exec('BEGIN');
      try {
        const value = work();
        sql.exec('COMMIT');
        return value;
      } catch (error) {
        sql.exec('ROLLBACK');
        throw error;
      } finally {
        inside = false;
      }
    },
    close: () => sql.close(),
  };
}
