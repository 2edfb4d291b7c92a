import { DatabaseSync } from 'node:sqlite';
import type { Alarm, AlarmState } from './alarm.ts';

/** An alarm and how it stands. Times in epoch milliseconds. */
export interface KeptAlarm {
  readonly alarm: Alarm;
  readonly state: AlarmState;
  readonly reason: string;
  /** JSON text. */
  readonly reasonData: string;
  readonly stateAt: number;
  readonly transitionedAt: number;
}
export interface HistoryItem { readonly name: string; readonly at: number; readonly type: 'ConfigurationUpdate' | 'StateUpdate' | 'Action'; readonly summary: string; readonly data: string }

/** Alarms and what became of them, on disk when a call returns. */
export interface AlarmFile {
  all(): KeptAlarm[];
  get(name: string): KeptAlarm | undefined;
  put(kept: KeptAlarm): void;
  remove(name: string): void;
  note(item: HistoryItem): void;
  history(name?: string): HistoryItem[];
  close(): void;
}

const MOST_HISTORY = 10_000;

export function openAlarmFile(file: string): AlarmFile {
  const database = new DatabaseSync(file);
  database.exec(`PRAGMA journal_mode=WAL; PRAGMA synchronous=OFF;
    CREATE TABLE IF NOT EXISTS alarm (name TEXT PRIMARY KEY, content TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE IF NOT EXISTS history (id INTEGER PRIMARY KEY, name TEXT NOT NULL, at INTEGER NOT NULL, type TEXT NOT NULL, summary TEXT NOT NULL, data TEXT NOT NULL);`);
  const read = (row: Record<string, unknown>): KeptAlarm => JSON.parse(row['content'] as string) as KeptAlarm;
  const kept = new Map(database.prepare('SELECT content FROM alarm ORDER BY name').all().map((row) => [read(row).alarm.name, read(row)]));
  return {
    all: () => [...kept.values()].sort((a, b) => (a.alarm.name < b.alarm.name ? -1 : 1)),
    get: (name) => kept.get(name),
    put(one) {
      kept.set(one.alarm.name, one);
      database.prepare('INSERT OR REPLACE INTO alarm VALUES (?, ?)').run(one.alarm.name, JSON.stringify(one));
    },
    remove(name) {
      kept.delete(name);
      database.prepare('DELETE FROM alarm WHERE name = ?').run(name);
    },
    note({ name, at, type, summary, data }) {
      database.prepare('INSERT INTO history (name, at, type, summary, data) VALUES (?, ?, ?, ?, ?)').run(name, at, type, summary, data);
      database.prepare('DELETE FROM history WHERE id <= (SELECT max(id) FROM history) - ?').run(MOST_HISTORY);
    },
    history: (name) => database.prepare('SELECT name, at, type, summary, data FROM history WHERE (? IS NULL OR name = ?) ORDER BY id DESC').all(name ?? null, name ?? null) as unknown as HistoryItem[],
    close: () => database.close(),
  };
}
