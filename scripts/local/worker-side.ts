import { parentPort } from 'node:worker_threads';
import type { MessagePort } from 'node:worker_threads';
import type { CallCount } from './calls.ts';
import { AwsError } from './service.ts';
import type { ToWorker } from './worker-messages.ts';

const TELL_EVERY_MS = 200;
type Counter = { -readonly [K in keyof CallCount]: CallCount[K] };

/** The main thread, seen from a service's thread. */
export interface MainThread {
  count(accessKeyId: string, service: string, operation: string, status: number, requestBytes: number, responseBytes: number): void;
  event(name: string, payload: unknown): void;
}

/** Answers the main thread's questions; `close` ends the thread. Counts are told a few times a second and at the end. */
export function serveMain(answers: Readonly<Record<string, (payload: never) => unknown>>, close: () => Promise<void> | void): MainThread {
  const port = main();
  const counters = new Map<string, Counter>();
  const tell = (): void => {
    if (counters.size === 0) return;
    port.postMessage({ kind: 'counts', counts: [...counters.values()] });
    counters.clear();
  };
  setInterval(tell, TELL_EVERY_MS).unref();
  port.on('message', (message: ToWorker) => {
    if (message.kind === 'close') {
      void Promise.resolve(close()).then(() => (tell(), port.close(), setImmediate(() => process.exit(0))));
      return;
    }
    const answer = message.kind === 'tellCounts' ? tell : answers[message.kind];
    Promise.resolve()
      .then(() => {
        if (!answer) throw new Error(`this thread does not know ${message.kind}`);
        return answer(message.payload as never);
      })
      .then(
        (value) => port.postMessage({ kind: 'answer', id: message.id, value }),
        (error: unknown) => port.postMessage({ kind: 'answer', id: message.id, error: asError(error) }),
      );
  });
  return {
    count(accessKeyId, service, operation, status, requestBytes, responseBytes) {
      const key = `${accessKeyId}\n${service}\n${operation}\n${status}`;
      const counter = counters.get(key);
      if (counter) {
        counter.calls += 1;
        counter.requestBytes += requestBytes;
        counter.responseBytes += responseBytes;
      } else counters.set(key, { accessKeyId, service, operation, status, calls: 1, requestBytes, responseBytes });
    },
    event: (name, payload) => port.postMessage({ kind: 'event', name, payload }),
  };
}

export function tellReady(port: number): void {
  main().postMessage({ kind: 'ready', port });
}

export function tellFailed(error: unknown): void {
  main().postMessage({ kind: 'failed', message: error instanceof Error ? error.message : String(error) });
}

function main(): MessagePort {
  if (!parentPort) throw new Error('this file runs as a worker thread');
  return parentPort;
}

function asError(error: unknown): unknown {
  if (error instanceof AwsError) return { code: error.code, message: error.message, status: error.status, extra: error.extra };
  return { code: 'InternalFailure', message: error instanceof Error ? (error.stack ?? error.message) : String(error), status: 500, extra: {} };
}
