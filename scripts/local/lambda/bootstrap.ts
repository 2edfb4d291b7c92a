/**
 * What runs inside a function's worker thread: loads the handler of the unzipped package and answers one invocation
 * at a time. It shares nothing with the main thread but messages. Plain imports only: Node runs this file as it is.
 */
import { createRequire, enableCompileCache } from 'node:module';
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parentPort, workerData } from 'node:worker_threads';

interface Boot {
  readonly folder: string;
  readonly handler: string;
  readonly functionName: string;
  readonly functionArn: string;
  readonly memoryMb: number;
  readonly logGroup: string;
  readonly compileCache?: string;
}
interface Invocation {
  readonly id: string;
  readonly payload: string;
  readonly deadline: number;
}
type Handler = (event: unknown, context: unknown, callback: (error: unknown, value?: unknown) => void) => unknown;

const boot = workerData as Boot;
if (!parentPort) throw new Error('this file runs in a worker thread only');
const port = parentPort;
if (boot.compileCache) enableCompileCache(boot.compileCache);

let lines: string[] = [];
let size = 0;
function flush(): void {
  if (lines.length === 0) return;
  port.postMessage({ kind: 'log', text: lines.join('') });
  lines = [];
  size = 0;
}
const capture = (chunk: unknown, encoding?: unknown, done?: unknown): boolean => {
  const text = typeof chunk === 'string' ? chunk : Buffer.from(chunk as Uint8Array).toString('utf8');
  lines.push(text);
  size += text.length;
  if (size > 64 * 1024) flush();
  const callback = typeof encoding === 'function' ? encoding : done;
  if (typeof callback === 'function') queueMicrotask(callback as () => void);
  return true;
};
process.stdout.write = capture;
process.stderr.write = capture;

/** `src/consume/index.handler` → file without extension, export name (may be nested with dots). */
async function loadHandler(): Promise<Handler> {
  const slash = boot.handler.lastIndexOf('/');
  const dot = boot.handler.indexOf('.', slash + 1);
  const stem = join(boot.folder, boot.handler.slice(0, dot));
  const file = ['.js', '.cjs', '.mjs'].map((end) => stem + end).find((path) => existsSync(path));
  if (!file) throw Object.assign(new Error(`Cannot find module '${boot.handler.slice(0, dot)}'`), { name: 'Runtime.ImportModuleError' });
  const loaded = (file.endsWith('.mjs') ? await import(pathToFileURL(file).href) : createRequire(file)(file)) as Record<string, unknown>;
  let found: unknown = loaded;
  for (const name of boot.handler.slice(dot + 1).split('.')) found = (found as Record<string, unknown> | undefined)?.[name];
  if (typeof found !== 'function') throw Object.assign(new Error(`${boot.handler} is undefined or not exported`), { name: 'Runtime.HandlerNotFound' });
  return found as Handler;
}

function describe(error: unknown): string {
  const known = error instanceof Error ? error : new Error(typeof error === 'string' ? error : JSON.stringify(error));
  return JSON.stringify({ errorType: known.name || 'Error', errorMessage: known.message, trace: (known.stack ?? '').split('\n').slice(0, 20) });
}

const contextOf = (call: Invocation): Record<string, unknown> => ({
  callbackWaitsForEmptyEventLoop: true,
  functionName: boot.functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: boot.functionArn,
  memoryLimitInMB: String(boot.memoryMb),
  awsRequestId: call.id,
  logGroupName: boot.logGroup,
  logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
  getRemainingTimeInMillis: () => Math.max(0, call.deadline - Date.now()),
});

async function run(handler: Handler, call: Invocation): Promise<void> {
  try {
    const event: unknown = JSON.parse(call.payload);
    const value = await new Promise<unknown>((resolve, reject) => {
      const callback = (error: unknown, result?: unknown): void => (error ? reject(error instanceof Error ? error : new Error(JSON.stringify(error))) : resolve(result));
      const answer = handler(event, contextOf(call), callback);
      if (answer instanceof Promise) answer.then(resolve, reject);
      else if (handler.length < 3) resolve(answer);
    });
    const text = JSON.stringify(value === undefined ? null : value);
    flush();
    port.postMessage({ kind: 'done', id: call.id, payload: text });
  } catch (error) {
    flush();
    port.postMessage({ kind: 'failed', id: call.id, payload: describe(error) });
  }
}

// An error outside the handler's promise ends the environment, as on Lambda.
process.on('uncaughtException', (error) => {
  flush();
  port.postMessage({ kind: 'broken', payload: describe(error) });
});
process.on('unhandledRejection', (error) => {
  flush();
  port.postMessage({ kind: 'broken', payload: describe(error) });
});

// Listening starts before the handler is loaded so that no message is missed.
const ready = loadHandler();
ready.then(
  () => port.postMessage({ kind: 'ready' }),
  (error: unknown) => {
    flush();
    port.postMessage({ kind: 'broken', payload: describe(error) });
  },
);
port.on('message', (call: Invocation) => {
  void ready.then((handler) => run(handler, call));
});
