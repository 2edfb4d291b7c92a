import { rm } from 'node:fs';
import { Worker } from 'node:worker_threads';
import type { FunctionDefinition } from './function.ts';
import type { Boot, FromFunction, Invocation } from './inside/messages.ts';

export interface ThreadOptions {
  /** Path of `inside/main` as JavaScript. */
  readonly bootstrap: string;
  readonly variables: Readonly<Record<string, string>>;
  readonly compileCache?: string;
  /** Folder that stands for `/tmp`; it goes with the thread. */
  readonly temporary: string;
}

/** The thread of one execution environment. */
export interface FunctionThread {
  hand(call: Invocation): void;
  /** Share of the time since the last `hand` that its event loop was busy. */
  busy(): number;
  /** Heap and buffers, bytes. */
  memory(): Promise<number>;
  end(): Promise<void>;
}

export interface ThreadEvents {
  message(message: FromFunction): void;
  outOfMemory(): void;
  failed(error: Error): void;
  exited(code: number): void;
  printed(text: string): void;
}

/** Its heap is limited to the function's MemorySize; `end` and a fault of it leave the others alone. */
export function startFunctionThread(definition: FunctionDefinition, options: ThreadOptions, events: ThreadEvents): FunctionThread {
  const handedOver = new Int32Array(new SharedArrayBuffer(4));
  const workerData: Boot = {
    folder: definition.folder, handler: definition.handler, runtime: definition.runtime, functionName: definition.name, memoryMb: definition.memoryMb, logGroup: definition.logGroup,
    temporary: options.temporary, handedOver, ...(options.compileCache === undefined ? {} : { compileCache: options.compileCache }),
  };
  const worker = new Worker(options.bootstrap, {
    env: { ...options.variables },
    stdout: true,
    stderr: true,
    execArgv: ['--disable-warning=ExperimentalWarning'],
    resourceLimits: { maxOldGenerationSizeMb: definition.memoryMb, maxYoungGenerationSizeMb: 8, codeRangeSizeMb: 16 },
    workerData,
  });
  let begun = worker.performance.eventLoopUtilization();
  worker.on('message', (message: FromFunction) => events.message(message));
  worker.on('error', (error: Error & { code?: string }) => (error.code === 'ERR_WORKER_OUT_OF_MEMORY' ? events.outOfMemory() : events.failed(error)));
  worker.on('exit', (code) => {
    rm(options.temporary, { recursive: true, force: true }, () => undefined);
    events.exited(code);
  });
  // Native output (not through process.stdout.write) is rare; it is drained so that the thread never blocks.
  worker.stdout.on('data', (chunk: Buffer) => events.printed(chunk.toString('utf8')));
  worker.stderr.on('data', (chunk: Buffer) => events.printed(chunk.toString('utf8')));
  return {
    hand(call) {
      begun = worker.performance.eventLoopUtilization();
      worker.postMessage(call);
      Atomics.add(handedOver, 0, 1);
      Atomics.notify(handedOver, 0);
    },
    busy: () => worker.performance.eventLoopUtilization(begun).utilization,
    async memory() {
      const { used_heap_size, external_memory } = await worker.getHeapStatistics();
      return used_heap_size + external_memory;
    },
    async end() {
      await worker.terminate();
    },
  };
}
