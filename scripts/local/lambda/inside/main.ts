/**
 * What runs inside a function's worker thread: loads the handler of the unzipped package and answers one invocation
 * at a time; in between the thread is frozen, as Lambda freezes an environment: no timer and no callback of it runs.
 * It shares nothing with the main thread but messages. Plain imports only: Node runs these files as they are.
 */
import { enableCompileCache } from 'node:module';
import { dirname } from 'node:path';
import { getHeapStatistics } from 'node:v8';
import { parentPort, workerData } from 'node:worker_threads';
import { afterAnsweredCalls, countNoCalls } from './answered-calls.ts';
import { replaceDate, setSkew, trueNow } from './clock.ts';
import { failureOf, runtimeError, unhandledRejection, type Failure } from './failure.ts';
import { callHandler, loadHandler, type Handler } from './handler.ts';
import type { Boot, FromFunction, Invocation } from './messages.ts';
import { captureOutput } from './output.ts';
import { ownTemporaryFolder } from './temporary-folder.ts';

const boot = workerData as Boot;
if (!parentPort) throw new Error('this file runs in a worker thread only');
const port = parentPort;
if (boot.compileCache) enableCompileCache(boot.compileCache);

const runtimeFolder = dirname(process.argv[1] ?? '/');
let current: Invocation | undefined;
let handled = 0;
const tell = (message: FromFunction): void => port.postMessage(message);
const output = captureOutput(tell, () => current?.id);
replaceDate();
ownTemporaryFolder(boot.temporary, [boot.folder, ...(boot.compileCache ? [boot.compileCache] : [])]);

const contextOf = (call: Invocation): Record<string, unknown> => ({
  functionName: boot.functionName,
  functionVersion: '$LATEST',
  invokedFunctionArn: call.arn,
  memoryLimitInMB: String(boot.memoryMb),
  awsRequestId: call.id,
  logGroupName: boot.logGroup,
  logStreamName: process.env['AWS_LAMBDA_LOG_STREAM_NAME'],
  clientContext: call.clientContext === undefined ? undefined : (JSON.parse(call.clientContext) as unknown),
  identity: undefined,
  getRemainingTimeInMillis: () => Math.max(0, call.deadline - trueNow()),
});

/** Traces name the places that Lambda has, not those of this machine. */
const placed = (failure: Failure): Failure => ({
  ...failure, trace: failure.trace.map((line) => line.replaceAll(boot.folder, '/var/task').replaceAll(runtimeFolder, '/var/runtime')),
});

function freeze(): void {
  Atomics.wait(boot.handedOver, 0, handled);
}

function answer(kind: 'done' | 'failed', call: Invocation, payload: string): void {
  current = undefined;
  output.flush();
  const { used_heap_size, external_memory } = getHeapStatistics();
  tell({ kind, id: call.id, payload, memory: used_heap_size + external_memory });
  freeze();
}

async function run(handler: Handler, call: Invocation): Promise<void> {
  setSkew(call.skewMs ?? 0);
  if (call.crashAfterCalls === undefined) countNoCalls();
  else {
    afterAnsweredCalls(call.crashAfterCalls, () => {
      output.flush();
      tell({ kind: 'crash' });
      // nothing more is done until the thread is ended
      Atomics.wait(boot.handedOver, 0, handled);
    });
  }
  // tracing header: 8 digits of time, 24 of the request
  process.env['_X_AMZN_TRACE_ID'] = `Root=1-${Math.floor(trueNow() / 1000).toString(16)}-${call.id.replaceAll('-', '').slice(0, 24)};Sampled=0`;
  try {
    const value = await callHandler(handler, JSON.parse(call.payload), contextOf(call));
    let text: unknown;
    try {
      // undefined for what JSON does not know, a function say
      text = JSON.stringify(value === undefined ? null : value);
    } catch {
      throw runtimeError('JSONStringifyError', 'Unable to stringify response body');
    }
    answer('done', call, typeof text === 'string' ? text : 'null');
  } catch (error) {
    const failure = placed(failureOf(error));
    output.error('Invoke Error', { errorType: failure.errorType, errorMessage: failure.errorMessage, stack: failure.trace });
    answer('failed', call, JSON.stringify(failure));
  }
}

function broken(label: string, told: Failure): void {
  const failure = placed(told);
  output.error(label, { errorType: failure.errorType, errorMessage: failure.errorMessage, stack: failure.trace });
  output.flush();
  tell({ kind: 'broken', payload: JSON.stringify(failure) });
}

// An error outside the handler's promise ends the environment, as on Lambda.
process.on('uncaughtException', (error) => broken('Uncaught Exception', failureOf(error)));
process.on('unhandledRejection', (reason) => broken('Unhandled Promise Rejection', unhandledRejection(reason)));
process.on('exit', () => output.flush());

// Listening starts before the handler is loaded so that no message is missed.
const ready = loadHandler(boot.folder, boot.handler, boot.runtime);
ready.then(
  () => {
    output.flush();
    tell({ kind: 'ready' });
    freeze();
  },
  (error: unknown) => broken('Uncaught Exception', failureOf(error)),
);
port.on('message', (call: Invocation) => {
  handled += 1;
  current = call;
  void ready.then((handler) => run(handler, call), () => undefined);
});
