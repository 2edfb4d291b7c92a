import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { AsyncConfig, InvocationResult } from './function.ts';

/** What a finished asynchronous invocation sends to its destination; shape as AWS documents for asynchronous invocation. */
export interface InvocationRecord {
  readonly version: '1.0';
  readonly timestamp: string;
  readonly requestContext: { requestId: string; functionArn: string; condition: string; approximateInvokeCount: number };
  readonly requestPayload: unknown;
  readonly responseContext: { statusCode: number; executedVersion: string; functionError?: string };
  readonly responsePayload: unknown;
}

export interface AsyncQueueOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  invoke(functionName: string, payload: string, requestId: string): Promise<InvocationResult>;
  /** Undefined once the function is gone: its queue is dropped. */
  configOf(functionName: string): { arn: string; config: AsyncConfig } | undefined;
  send(destination: string, record: InvocationRecord): Promise<void>;
  /** AWS waits one and two minutes; shorter here so that a test run ends. */
  readonly retryDelayMs?: number;
}

export interface AsyncQueue {
  /** Durable once the promise resolves; the request id. */
  enqueue(functionName: string, payload: string): Promise<string>;
  readonly depth: number;
  /** Takes up what an earlier process left. */
  resume(): void;
  close(): void;
}

interface Row { readonly id: string; readonly function: string; readonly payload: string; readonly attempt: number; readonly due: number; readonly born: number }

const DEFAULT_RETRIES = 2;
const DEFAULT_AGE_SECONDS = 6 * 3600;

export function createAsyncQueue(options: AsyncQueueOptions): AsyncQueue {
  const { journal, clock } = options;
  journal.define('CREATE TABLE IF NOT EXISTS async_invocation (id TEXT PRIMARY KEY, function TEXT, payload TEXT, attempt INTEGER, due INTEGER, born INTEGER) WITHOUT ROWID');
  const timers = new Map<string, () => void>();
  let depth = 0;
  let closed = false;

  const drop = (row: Row): void => {
    depth -= 1;
    journal.write('DELETE FROM async_invocation WHERE id = ?', row.id);
  };
  const report = async (row: Row, arn: string, destination: string, condition: string, result?: InvocationResult): Promise<void> => {
    await options.send(destination, {
      version: '1.0',
      timestamp: new Date(clock.now()).toISOString(),
      requestContext: { requestId: row.id, functionArn: `${arn}:$LATEST`, condition, approximateInvokeCount: row.attempt },
      requestPayload: JSON.parse(row.payload) as unknown,
      responseContext: { statusCode: 200, executedVersion: '$LATEST', ...(result?.functionError ? { functionError: result.functionError } : {}) },
      responsePayload: result ? (JSON.parse(result.payload) as unknown) : null,
    });
  };
  const attempt = async (row: Row): Promise<void> => {
    const target = options.configOf(row.function);
    if (!target) { drop(row); return; }
    const { arn, config } = target;
    const expired = clock.now() - row.born > (config.maximumEventAgeSeconds ?? DEFAULT_AGE_SECONDS) * 1000;
    const result = expired ? undefined : await options.invoke(row.function, row.payload, row.id);
    if (closed) return;
    const tried = { ...row, attempt: row.attempt + (expired ? 0 : 1) };
    if (result && !result.functionError) {
      if (config.onSuccess) await report(tried, arn, config.onSuccess, 'Success', result);
      drop(row); return;
    }
    if (expired || tried.attempt > (config.maximumRetryAttempts ?? DEFAULT_RETRIES)) {
      if (config.onFailure) await report(tried, arn, config.onFailure, expired ? 'EventAgeExceeded' : 'RetriesExhausted', result);
      drop(row); return;
    }
    const due = clock.now() + (options.retryDelayMs ?? 1000) * tried.attempt;
    journal.write('UPDATE async_invocation SET attempt = ?, due = ? WHERE id = ?', tried.attempt, due, row.id);
    arm({ ...tried, due });
  };
  const arm = (row: Row): void => {
    const run = (): void => {
      timers.delete(row.id);
      attempt(row).catch((error: unknown) => {
        process.stderr.write(`local cloud: asynchronous invocation of ${row.function}: ${String(error)}\n`);
        // The destination could not be reached: the row stays and is tried again.
        if (!closed) arm({ ...row, due: clock.now() + 5000 });
      });
    };
    const wait = row.due - clock.now();
    if (wait <= 0) run();
    else timers.set(row.id, clock.after(wait, run));
  };
  return {
    get depth() {
      return depth;
    },
    async enqueue(functionName, payload) {
      const now = clock.now();
      const row: Row = { id: randomUUID(), function: functionName, payload, attempt: 0, due: now, born: now };
      journal.write('INSERT INTO async_invocation VALUES (?, ?, ?, 0, ?, ?)', row.id, functionName, payload, now, now);
      await journal.committed();
      depth += 1;
      setImmediate(() => !closed && arm(row));
      return row.id;
    },
    resume() {
      for (const row of journal.all<Row>('SELECT * FROM async_invocation')) {
        depth += 1;
        arm(row);
      }
    },
    close() {
      closed = true;
      for (const cancel of timers.values()) cancel();
    },
  };
}
