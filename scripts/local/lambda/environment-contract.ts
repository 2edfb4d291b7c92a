import type { Disturbance } from './disturbance.ts';
import type { ThreadOptions } from './environment-thread.ts';
import type { InvocationResult, LogSink } from './function.ts';

/** One invocation, as it is handed to an environment. */
export interface Call {
  readonly requestId: string;
  readonly payload: string;
  /** As the caller named the function. */
  readonly arn: string;
  /** JSON text. */
  readonly clientContext?: string;
  readonly disturbance?: Disturbance;
}

/** One execution environment: a thread that answers one invocation at a time and is reused while it is sound. */
export interface Environment {
  invoke(call: Call): Promise<InvocationResult>;
  readonly sound: boolean;
  /** See `environmentKey`. */
  readonly key: string;
  readonly idleSince: number;
  /** The invocation has been running for longer than `ms` and does next to nothing itself: it waits for someone else. */
  waitsFor(ms: number): boolean;
  dispose(): Promise<void>;
}

export interface EnvironmentOptions extends Omit<ThreadOptions, 'temporary'> {
  readonly log: LogSink;
  /** Its `/tmp` is made below. */
  readonly temporaryRoot: string;
}
