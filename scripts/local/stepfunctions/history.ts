import { StateFailure } from './failure.ts';
import type { ExecutionRow, ExecutionStore } from './store.ts';

/** https://docs.aws.amazon.com/step-functions/latest/apireference/API_HistoryEvent.html, its details under `details`. */
export interface HistoryEvent { readonly id: number; readonly previousEventId: number; readonly timestamp: number; readonly type: string; readonly details?: Readonly<Record<string, unknown>> }

/** AWS ends an execution whose history reaches this. https://docs.aws.amazon.com/step-functions/latest/dg/service-quotas.html */
export const HISTORY_LIMIT = 25_000;

/** A line of control remembers its last event: the next one names it as the previous. */
export interface Line { event: number }

/** Collects the events of an execution and writes them together with the next transition. */
export interface HistoryWriter {
  /** Answers the event's id. */
  add(line: Line, type: string, details?: Readonly<Record<string, unknown>>): number;
  flush(): void;
  /** Nothing comes after the execution's end. */
  close(): void;
  /** Events that are not on disk yet. */
  readonly pending: readonly HistoryEvent[];
}

/** @param listen sees each event as it is made (logging) */
export function createHistory(row: ExecutionRow, store: Pick<ExecutionStore, 'appendHistory'>, now: () => number, listen?: (event: HistoryEvent) => void): HistoryWriter {
  let pending: HistoryEvent[] = [];
  let closed = false;
  return {
    add(line, type, details) {
      if (closed) return 0;
      // one is left for the end
      if (row.events >= HISTORY_LIMIT - 1 && !type.startsWith('Execution')) throw new StateFailure('States.Runtime', `The execution reached the maximum number of history events (${HISTORY_LIMIT}).`);
      row.events += 1;
      const event: HistoryEvent = { id: row.events, previousEventId: line.event, timestamp: now(), type, ...(details ? { details } : {}) };
      pending.push(event);
      line.event = event.id;
      listen?.(event);
      return event.id;
    },
    flush() {
      const [first] = pending;
      if (!first) return;
      store.appendHistory(row.arn, first.id, JSON.stringify(pending));
      pending = [];
    },
    close() {
      closed = true;
    },
    get pending() {
      return pending;
    },
  };
}

export function readHistory(store: ExecutionStore, arn: string): HistoryEvent[] {
  return store.history(arn).flatMap((row) => JSON.parse(row.events) as HistoryEvent[]);
}

/** The event count in an execution's row is only written at its end; a resumed one counts on from its history. */
export function lastEventId(store: ExecutionStore, arn: string): number {
  const last = store.history(arn).at(-1);
  return last ? ((JSON.parse(last.events) as HistoryEvent[]).at(-1)?.id ?? 0) : 0;
}

const DATA = ['input', 'output', 'parameters'];
const firstLower = (text: string): string => text.charAt(0).toLowerCase() + text.slice(1);

/** Where an event keeps its details: all states' entries share one name, and so do their exits. */
const detailsName = (type: string): string =>
  type.endsWith('StateEntered') ? 'stateEnteredEventDetails' : type.endsWith('StateExited') ? 'stateExitedEventDetails' : `${firstLower(type)}EventDetails`;

/** The details with or without the data that went through; whether texts were cut is said beside them. */
export function detailsWith(details: Readonly<Record<string, unknown>>, includeData: boolean): Record<string, unknown> {
  const shown = includeData ? { ...details } : Object.fromEntries(Object.entries(details).filter(([name]) => !DATA.includes(name)));
  if (includeData) for (const name of ['input', 'output']) if (name in details) shown[`${name}Details`] = { truncated: false };
  return shown;
}

/** As GetExecutionHistory answers. */
export function shownEvent({ id, previousEventId, timestamp, type, details }: HistoryEvent, includeData: boolean): Record<string, unknown> {
  return { timestamp: timestamp / 1000, type, id, previousEventId, ...(details ? { [detailsName(type)]: detailsWith(details, includeData) } : {}) };
}
