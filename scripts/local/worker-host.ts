import { Worker } from 'node:worker_threads';
import type { CallLedger } from './calls.ts';
import type { FromWorker } from './worker-messages.ts';
import { AwsError } from './service.ts';

/** A service that runs in a thread of its own, seen from the main thread. Threads die with their process: no orphans. */
export interface Hosted {
  /** Port that the thread listens on. */
  readonly port: number;
  ask(kind: string, payload: unknown): Promise<unknown>;
  close(): Promise<void>;
}

const CLOSE_MS = 1500;
/** Requests are short-lived: a larger nursery would only be held, not used. */
const YOUNG_MB = 16;

/** Starts `file` as a worker thread; resolves when it listens. Its call counts go to `calls`, its events to `onEvent`. */
export function startWorker(file: string, workerData: unknown, calls: CallLedger, onEvent: (kind: string, payload: unknown) => void = () => undefined): Promise<Hosted> {
  const worker = new Worker(file, { workerData, execArgv: ['--disable-warning=ExperimentalWarning'], resourceLimits: { maxYoungGenerationSizeMb: YOUNG_MB } });
  const waiting = new Map<number, { resolve(value: unknown): void; reject(error: Error): void }>();
  let asked = 0;
  let closing = false;

  const close = async (): Promise<void> => {
    closing = true;
    const gone = new Promise<void>((resolve) => worker.once('exit', () => resolve()));
    worker.postMessage({ id: 0, kind: 'close' });
    const timer = setTimeout(() => void worker.terminate(), CLOSE_MS);
    await gone;
    clearTimeout(timer);
  };

  return new Promise((resolve, reject) => {
    let ready = false;
    worker.on('message', (message: FromWorker) => {
      switch (message.kind) {
        case 'ready':
          ready = true;
          return resolve({
            port: message.port,
            ask: (kind, payload) => new Promise((answer, refuse) => {
              waiting.set(++asked, { resolve: answer, reject: refuse });
              worker.postMessage({ id: asked, kind, payload });
            }),
            close,
          });
        case 'failed':
          return reject(new Error(message.message));
        case 'counts':
          return calls.add(message.counts);
        case 'event':
          return onEvent(message.name, message.payload);
        case 'answer': {
          const asker = waiting.get(message.id);
          waiting.delete(message.id);
          if (message.error) asker?.reject(new AwsError(message.error.code, message.error.message, message.error.status, message.error.extra));
          else asker?.resolve(message.value);
        }
      }
    });
    worker.on('error', (error) => {
      if (!ready) return reject(error as Error);
      process.stderr.write(`local cloud: ${file} failed\n`);
      throw error;
    });
    worker.on('exit', () => {
      if (!ready) reject(new Error(`${file} ended before it was ready`));
      else if (!closing) throw new Error(`local cloud: ${file} ended by itself`);
      for (const asker of waiting.values()) asker.reject(new Error('the local cloud is closing'));
    });
  });
}
