/** What the main thread and a function's worker thread tell each other. */

export interface Boot {
  readonly folder: string;
  readonly handler: string;
  /** `nodejs24.x` */
  readonly runtime: string;
  readonly functionName: string;
  readonly memoryMb: number;
  readonly logGroup: string;
  /** Stands for `/tmp`. */
  readonly temporary: string;
  readonly compileCache?: string;
  /** One Int32: invocations handed over so far. The thread sleeps on it between two of them. */
  readonly handedOver: Int32Array<SharedArrayBuffer>;
}

export interface Invocation {
  readonly id: string;
  readonly payload: string;
  /** Epoch milliseconds. */
  readonly deadline: number;
  readonly arn: string;
  /** JSON text. */
  readonly clientContext?: string;
  /** The function's clock is off by this. */
  readonly skewMs?: number;
  /** Says `crash` and goes no further once so many HTTP calls have been answered. */
  readonly crashAfterCalls?: number;
}

/** A log event: epoch milliseconds, text. */
export type LogEntry = readonly [at: number, text: string];

export type FromFunction =
  | { readonly kind: 'ready' }
  | { readonly kind: 'log'; readonly entries: readonly LogEntry[] }
  /** Memory in bytes: heap and buffers. */
  | { readonly kind: 'done' | 'failed'; readonly id: string; readonly payload: string; readonly memory: number }
  /** The environment is of no further use: it did not load, or an error came outside the handler's promise. */
  | { readonly kind: 'broken'; readonly payload: string }
  | { readonly kind: 'crash' };
