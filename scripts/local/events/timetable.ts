import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { NextMoment } from './schedule-expression.ts';

/** When something is due, over and over. */
export interface Plan {
  /** Tells this plan from another one: with the same text a due time that is already set stays. */
  readonly text: string;
  readonly next: NextMoment;
  /** Fires at once and counts from then, as a schedule's rate does; a rule's rate waits for its first period to pass. */
  readonly atOnce?: boolean;
  /** First and last possible moments, ms. */
  readonly from?: number;
  readonly until?: number;
  /** Spread over so many ms after the moment. */
  readonly withinMs?: number;
}

/** Due times on disk: one timer each, none while paused. */
export interface Timetable {
  set(key: string, plan: Plan): void;
  delete(key: string): void;
  /** Moment that is due next (ms), `undefined` when there is none. */
  due(key: string): number | undefined;
  start(): void;
  close(): void;
}

export interface TimetableOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  /** Nothing fires by itself. */
  readonly paused: boolean;
  /** Runs in the transaction that moves the due time on; `last` = the plan has no further moment. */
  fire(key: string, at: number, last: boolean): void;
}

interface Row { first: number; at: number | null; due: number | null; text: string }
interface Entry { readonly plan: Plan; row: Row; cancel: () => void }

export function createTimetable(options: TimetableOptions): Timetable {
  const { journal, clock, paused } = options;
  journal.define('CREATE TABLE IF NOT EXISTS timetable (key TEXT PRIMARY KEY, text TEXT, first INTEGER, at INTEGER, due INTEGER) WITHOUT ROWID');
  const entries = new Map<string, Entry>();
  let started = false;

  const moment = (plan: Plan, after: number, first: number): Pick<Row, 'at' | 'due'> => {
    const at = plan.next(Math.max(after, (plan.from ?? 0) - 1), first);
    if (at === undefined || at > (plan.until ?? Infinity)) return { at: null, due: null };
    return { at, due: at + Math.floor(Math.random() * (plan.withinMs ?? 0)) };
  };
  const save = (key: string, row: Row): void => void journal.write('INSERT OR REPLACE INTO timetable VALUES (?, ?, ?, ?, ?)', key, row.text, row.first, row.at, row.due);
  const arm = (key: string, entry: Entry): void => {
    entry.cancel();
    const { at, due } = entry.row;
    if (!started || paused || due === null || at === null) return;
    entry.cancel = clock.after(due - clock.now(), () => {
      entry.row = { ...entry.row, ...moment(entry.plan, Math.max(at, clock.now()), entry.row.first) };
      save(key, entry.row);
      arm(key, entry);
      options.fire(key, at, entry.row.due === null);
    });
  };
  const remove = (key: string): void => {
    entries.get(key)?.cancel();
    entries.delete(key);
    journal.write('DELETE FROM timetable WHERE key = ?', key);
  };
  return {
    set(key, plan) {
      entries.get(key)?.cancel();
      const known = journal.get<Row>('SELECT text, first, at, due FROM timetable WHERE key = ?', key);
      const now = clock.now();
      const first = plan.atOnce ? Math.max(now, plan.from ?? 0) : now;
      // A due time missed while nothing ran is made up for once, at the start.
      const row = known?.text === plan.text ? { ...known } : { text: plan.text, first, ...moment(plan, plan.atOnce ? first - 1 : now, first) };
      if (known?.text !== plan.text) save(key, row);
      const entry: Entry = { plan, row, cancel: () => undefined };
      entries.set(key, entry);
      arm(key, entry);
    },
    delete: remove,
    due: (key) => (paused ? undefined : (entries.get(key)?.row.due ?? undefined)),
    start() {
      started = true;
      for (const [key, entry] of entries) arm(key, entry);
    },
    close() {
      for (const entry of entries.values()) entry.cancel();
    },
  };
}
