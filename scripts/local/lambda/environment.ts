import { randomUUID } from 'node:crypto';
import { Worker } from 'node:worker_threads';
import type { FunctionDefinition, InvocationResult, LogSink } from './function.ts';

/** One execution environment: a worker thread that answers one invocation at a time and is reused while it is sound. */
export interface Environment {
  invoke(payload: string, requestId?: string): Promise<InvocationResult>;
  readonly sound: boolean;
  readonly idleSince: number;
  /** The invocation has been running for longer than `ms` and does next to nothing itself: it waits for someone else. */
  waitsFor(ms: number): boolean;
  dispose(): Promise<void>;
}

export interface EnvironmentOptions {
  /** Path of the bootstrap as JavaScript. */
  readonly bootstrap: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly log: LogSink;
  readonly compileCache?: string;
}

type Message =
  | { kind: 'done' | 'failed'; id: string; payload: string }
  | { kind: 'broken'; payload: string }
  | { kind: 'log'; text: string }
  | { kind: 'ready' };

/** Loading a package is not the invocation's time, as on Lambda; a package that never loads must not hang either. */
const INIT_LIMIT_SECONDS = 30;
/** Share of its time that a waiting handler's event loop is busy with at most. */
const QUIET = 0.05;

const failure = (errorType: string, errorMessage: string): string => JSON.stringify({ errorType, errorMessage });

export function startEnvironment(definition: FunctionDefinition, options: EnvironmentOptions): Environment {
  const stream = `${new Date().toISOString().slice(0, 10).replaceAll('-', '/')}/[$LATEST]${randomUUID().replaceAll('-', '')}`;
  const worker = new Worker(options.bootstrap, {
    env: { ...options.variables, AWS_LAMBDA_LOG_STREAM_NAME: stream },
    stdout: true,
    stderr: true,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    // The main thread's V8 heap is not shared: the limit is the function's own MemorySize.
    resourceLimits: { maxOldGenerationSizeMb: definition.memoryMb, maxYoungGenerationSizeMb: 8, codeRangeSizeMb: 16 },
    workerData: {
      folder: definition.folder,
      handler: definition.handler,
      functionName: definition.name,
      functionArn: definition.arn,
      memoryMb: definition.memoryMb,
      logGroup: definition.logGroup,
      compileCache: options.compileCache,
    },
  });
  let sound = true;
  let idleSince = Date.now();
  let ready = false;
  let begunAt = worker.performance.eventLoopUtilization();
  let current: { id: string; payload: string; started: number; timer: NodeJS.Timeout; settle: (result: InvocationResult) => void } | undefined;

  const limit = (seconds: number): NodeJS.Timeout =>
    setTimeout(() => {
      end(failure('Sandbox.Timedout', `${new Date().toISOString()} ${current?.id ?? ''} Task timed out after ${seconds.toFixed(2)} seconds`));
    }, seconds * 1000);
  const begin = (): void => {
    if (!current) return;
    clearTimeout(current.timer);
    current.timer = limit(definition.timeoutSeconds);
    current.started = performance.now();
    begunAt = worker.performance.eventLoopUtilization();
    worker.postMessage({ id: current.id, payload: current.payload, deadline: Date.now() + definition.timeoutSeconds * 1000 });
  };

  const finish = (payload: string, functionError?: 'Unhandled'): void => {
    if (!current) return;
    const { id, started, timer, settle } = current;
    clearTimeout(timer);
    current = undefined;
    idleSince = Date.now();
    settle({ requestId: id, payload, durationMs: performance.now() - started, ...(functionError ? { functionError } : {}) });
  };
  const end = (payload: string): void => {
    sound = false;
    finish(payload, 'Unhandled');
    void worker.terminate();
  };
  worker.on('message', (message: Message) => {
    if (message.kind === 'log') return options.log(definition.logGroup, stream, message.text);
    if (message.kind === 'broken') return end(message.payload);
    if (message.kind === 'ready') {
      ready = true;
      return begin();
    }
    if (message.id === current?.id) finish(message.payload, message.kind === 'failed' ? 'Unhandled' : undefined);
  });
  worker.on('error', (error: Error & { code?: string }) => {
    const memory = error.code === 'ERR_WORKER_OUT_OF_MEMORY';
    end(memory ? failure('Runtime.OutOfMemory', `RequestId: ${current?.id ?? ''} Error: Runtime exited with error: signal: killed`) : failure(error.name, error.message));
  });
  worker.on('exit', (code) => {
    sound = false;
    finish(failure('Runtime.ExitError', `RequestId: ${current?.id ?? ''} Error: Runtime exited with error: exit status ${code}`), 'Unhandled');
  });
  // Native output (not through process.stdout.write) is rare; it is drained so that the worker never blocks.
  worker.stdout.on('data', (chunk: Buffer) => options.log(definition.logGroup, stream, chunk.toString('utf8')));
  worker.stderr.on('data', (chunk: Buffer) => options.log(definition.logGroup, stream, chunk.toString('utf8')));

  return {
    get sound() {
      return sound;
    },
    get idleSince() {
      return idleSince;
    },
    waitsFor(ms) {
      if (!ready || !current || performance.now() - current.started < ms) return false;
      return worker.performance.eventLoopUtilization(begunAt).utilization < QUIET;
    },
    invoke(payload, requestId = randomUUID()) {
      return new Promise((settle) => {
        current = { id: requestId, payload, started: performance.now(), timer: limit(INIT_LIMIT_SECONDS), settle };
        if (ready) begin();
      });
    },
    async dispose() {
      sound = false;
      await worker.terminate();
    },
  };
}
