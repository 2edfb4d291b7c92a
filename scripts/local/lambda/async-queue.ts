import { randomUUID } from 'node:crypto';
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { FunctionDefinition, InvocationResult } from './function.ts';
import { deadLetter, invocationRecord, type DeadLetter, type Ending, type InvocationRecord } from './invocation-record.ts';
import { isThrottle } from './throttle.ts';
import type { MetricSink } from './usage.ts';

export interface AsyncQueuePorts {
  /** Outcome to a destination (SQS, SNS, Lambda, EventBridge, S3), with the rights of the function's role. */
  send(destination: string, record: InvocationRecord, definition: FunctionDefinition): Promise<void>;
  /** The event to a dead-letter queue or topic, likewise. */
  bury(target: string, payload: string, letter: DeadLetter, definition: FunctionDefinition): Promise<void>;
}

export interface AsyncQueueOptions {
  readonly journal: Journal;
  readonly clock: Clock;
  readonly ports: AsyncQueuePorts;
  invoke(functionName: string, payload: string, requestId: string): Promise<InvocationResult>;
  /** Undefined once the function is gone: its queue is dropped. */
  find(functionName: string): FunctionDefinition | undefined;
  readonly metric: MetricSink;
  /** AWS waits one and two minutes; shorter here so that a test run ends. */
  readonly retryDelayMs?: number;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-error-handling.html */
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
const LONGEST_THROTTLE_MS = 300_000;
const DELIVERIES = 3;

export function createAsyncQueue(options: AsyncQueueOptions): AsyncQueue {
  const { journal, clock, metric, ports } = options;
  journal.define('CREATE TABLE IF NOT EXISTS async_invocation (id TEXT PRIMARY KEY, function TEXT, payload TEXT, attempt INTEGER, due INTEGER, born INTEGER) WITHOUT ROWID');
  const timers = new Map<string, () => void>();
  const throttles = new Map<string, number>();
  const taken = new Set<string>();
  let closed = false;

  const drop = (row: Row): void => {
    taken.delete(row.id);
    throttles.delete(row.id);
    journal.write('DELETE FROM async_invocation WHERE id = ?', row.id);
  };
  const deliver = async (what: 'DestinationDeliveryFailures' | 'DeadLetterErrors', name: string, act: () => Promise<void>): Promise<void> => {
    for (let left = DELIVERIES; !closed; left -= 1) {
      try {
        await act(); return;
      } catch (error) {
        if (left > 1) continue;
        process.stderr.write(`local cloud: asynchronous invocation of ${name}: its outcome is lost (${what}): ${String(error)}\n`);
        metric(name, what, 1); return;
      }
    }
  };
  const finish = async (row: Row, definition: FunctionDefinition, ending: Ending): Promise<void> => {
    const { onSuccess, onFailure } = definition.asyncConfig ?? {};
    const destination = ending.condition === 'Success' ? onSuccess : onFailure;
    const { deadLetterArn } = definition;
    if (ending.condition !== 'Success' && !destination && !deadLetterArn) metric(row.function, 'AsyncEventsDropped', 1);
    if (destination) await deliver('DestinationDeliveryFailures', row.function, () => ports.send(destination, invocationRecord(definition, ending), definition));
    if (deadLetterArn && ending.condition !== 'Success') await deliver('DeadLetterErrors', row.function, () => ports.bury(deadLetterArn, row.payload, deadLetter(ending), definition));
    if (!closed) drop(row);
  };
  const again = (row: Row, attempt: number, waitMs: number): void => {
    const due = clock.now() + waitMs;
    journal.write('UPDATE async_invocation SET attempt = ?, due = ? WHERE id = ?', attempt, due, row.id);
    arm({ ...row, attempt, due });
  };
  const attempt = async (row: Row): Promise<void> => {
    const definition = options.find(row.function);
    if (!definition) { drop(row); return; }
    const { maximumEventAgeSeconds = DEFAULT_AGE_SECONDS, maximumRetryAttempts = DEFAULT_RETRIES } = definition.asyncConfig ?? {};
    const end = (condition: Ending['condition'], invocations: number, result?: InvocationResult): Promise<void> =>
      finish(row, definition, { requestId: row.id, payload: row.payload, invocations, condition, at: clock.now(), ...(result ? { result } : {}) });
    const old = (waitMs: number): boolean => clock.now() + waitMs - row.born > maximumEventAgeSeconds * 1000;
    if (definition.reservedConcurrency === 0) return end('ZeroReservedConcurrency', row.attempt);
    if (old(0)) return end('EventAgeExceeded', row.attempt);
    metric(row.function, 'AsyncEventAge', clock.now() - row.born);
    try {
      const result = await options.invoke(row.function, row.payload, row.id);
      const tried = row.attempt + 1;
      if (closed) return;
      if (!result.functionError) { await end('Success', tried, result); return; }
      if (tried > maximumRetryAttempts) { await end('RetriesExhausted', tried, result); return; }
      const wait = (options.retryDelayMs ?? 1000) * tried;
      if (old(wait)) { await end('EventAgeExceeded', tried, result); return; }
      again(row, tried, wait);
    } catch (error) {
      if (closed || !isThrottle(error)) throw error;
      // throttles are no attempts
      const count = throttles.get(row.id) ?? 0;
      throttles.set(row.id, count + 1);
      again(row, row.attempt, Math.min(LONGEST_THROTTLE_MS, (options.retryDelayMs ?? 1000) * 2 ** count));
    }
  };
  const arm = (row: Row): void => {
    const run = (): void => {
      timers.delete(row.id);
      attempt(row).catch((error: unknown) => {
        if (closed) return;
        process.stderr.write(`local cloud: asynchronous invocation of ${row.function}: ${String(error)}\n`);
        arm({ ...row, due: clock.now() + 5000 });
      });
    };
    const wait = row.due - clock.now();
    if (wait <= 0) run();
    else timers.set(row.id, clock.after(wait, run));
  };
  return {
    get depth() {
      return taken.size;
    },
    async enqueue(functionName, payload) {
      const now = clock.now();
      const row: Row = { id: randomUUID(), function: functionName, payload, attempt: 0, due: now, born: now };
      journal.write('INSERT INTO async_invocation VALUES (?, ?, ?, 0, ?, ?)', row.id, functionName, payload, now, now);
      taken.add(row.id);
      await journal.committed();
      metric(functionName, 'AsyncEventsReceived', 1);
      setImmediate(() => !closed && arm(row));
      return row.id;
    },
    resume() {
      for (const row of journal.all<Row>('SELECT * FROM async_invocation')) {
        if (taken.has(row.id)) continue;
        taken.add(row.id);
        arm(row);
      }
    },
    close() {
      closed = true;
      for (const cancel of timers.values()) cancel();
    },
  };
}
