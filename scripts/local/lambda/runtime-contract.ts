import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import type { AsyncQueue, AsyncQueuePorts } from './async-queue.ts';
import type { Disturbance } from './disturbance.ts';
import type { FunctionDefinition, InvocationResult, LogSink } from './function.ts';
import type { FunctionUsage, MetricSink } from './usage.ts';
import type { RuntimeAddresses } from './variables.ts';

export interface LambdaOptions extends AsyncQueuePorts {
  /** Folder `lambda/inside`. */
  readonly inside: string;
  readonly addresses: RuntimeAddresses;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: LogSink;
  /** Asked at every invocation; what it answers is done to it. */
  disturb?(functionName: string, payload: string): Disturbance | undefined;
  /** AWS/Lambda metrics. */
  readonly metric?: MetricSink;
  /** Told of every function's access key and role. */
  assume?(accessKeyId: string, role: string): void;
  /** The function's own policy: who may invoke it. */
  permit?(functionArn: string, statements: NonNullable<FunctionDefinition['policy']>): void;
  /** Whether its role lets the function write to its log stream; without it there is no log, as on AWS. */
  mayLog?(definition: FunctionDefinition, group: string, stream: string): boolean;
  /** Throws where Lambda may not assume the role of a function that is made or changed. */
  checkRole?(role: string): void;
  /** Holds what runs inside the environments as JavaScript, V8's compile cache (a second environment starts without compiling) and `/tmp` of each. */
  readonly cacheDir: string;
  /** Environments that a function has under load, default one for every two processors. */
  readonly environmentsPerFunction?: number;
  /** Default 4: what slow invocations may add to. */
  readonly mostEnvironmentsPerFunction?: number;
  /** Environments of all functions together; above it idle ones end first. */
  readonly environmentsInAll?: number;
  /** Default 2 s: what counts as slow. */
  readonly slowMs?: number;
  readonly idleMs?: number;
  readonly asyncRetryDelayMs?: number;
}

export interface InvokeOptions {
  readonly requestId?: string;
  /** JSON text; handlers see it as `context.clientContext`. */
  readonly clientContext?: string;
}

/** Deployed functions and their environments. Functions are kept on disk. */
export interface LambdaRuntime {
  /** Makes the function or replaces it: what runs ends with the old code, later invocations get the new one. */
  deploy(definition: FunctionDefinition): void;
  /** The same with some of its properties changed; `undefined` takes one away. */
  update(nameOrArn: string, change: { readonly [K in keyof FunctionDefinition]?: FunctionDefinition[K] | undefined }): FunctionDefinition;
  /** Idle environments end now, busy ones after their invocation. */
  remove(nameOrArn: string): void;
  /** By name, `name:qualifier`, partial or full ARN; ResourceNotFoundException if unknown. */
  find(nameOrArn: string): FunctionDefinition;
  list(): FunctionDefinition[];
  /** @throws AwsError ResourceNotFoundException, TooManyRequestsException */
  invoke(nameOrArn: string, payload: string, options?: InvokeOptions): Promise<InvocationResult>;
  /** Durable once the promise resolves; the request id. */
  invokeAsync(nameOrArn: string, payload: string): Promise<string>;
  readonly queue: AsyncQueue;
  readonly usage: ReadonlyMap<string, FunctionUsage>;
  activity(): { running: number; waiting: number; environments: number; queued: number };
  close(): Promise<void>;
}

export const functionNameOf = (nameOrArn: string): string => {
  const parts = nameOrArn.split(':');
  const at = parts.indexOf('function');
  return (at >= 0 ? parts[at + 1] : parts[0]) ?? nameOrArn;
};
