import type { ExecutionRow, ExecutionStore } from './store.ts';

export interface HistoryEvent { readonly id: number; readonly previousEventId: number; readonly timestamp: number; readonly type: string; readonly [details: string]: unknown }

/** Collects the events of an execution and writes them together with the next transition. */
export interface HistoryWriter {
  add(type: string, details?: Readonly<Record<string, unknown>>): void;
  flush(): void;
}

const firstLower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Where an event keeps its details: all states' entries share one name, and so do their exits. */
const detailsName = (type: string): string =>
  type.endsWith('StateEntered') ? 'stateEnteredEventDetails' : type.endsWith('StateExited') ? 'stateExitedEventDetails' : `${firstLower(type)}EventDetails`;

export function createHistory(row: ExecutionRow, store: ExecutionStore, now: () => number): HistoryWriter {
  let pending: HistoryEvent[] = [];
  return {
    add(type, details) {
      row.events += 1;
      pending.push({ id: row.events, previousEventId: row.events - 1, timestamp: now() / 1000, type, ...(details ? { [detailsName(type)]: details } : {}) });
    },
    flush() {
      const [first] = pending;
      if (!first) return;
      store.appendHistory(row.arn, first.id, JSON.stringify(pending));
      pending = [];
    },
  };
}

/** AWS ends an execution whose history reaches this. */
export const HISTORY_LIMIT = 25_000;

export function readHistory(store: ExecutionStore, arn: string): HistoryEvent[] {
  return store.history(arn).flatMap((row) => JSON.parse(row.events) as HistoryEvent[]);
}

/** The event count in an execution's row is only written at its end; a resumed one counts on from its history. */
export function lastEventId(store: ExecutionStore, arn: string): number {
  const last = store.history(arn).at(-1);
  return last ? ((JSON.parse(last.events) as HistoryEvent[]).at(-1)?.id ?? 0) : 0;
}
