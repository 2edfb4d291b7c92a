import type { CallCount } from './calls.ts';

/** What a service's thread tells the main thread. */
export type FromWorker =
  | { readonly kind: 'ready'; readonly port: number }
  | { readonly kind: 'failed'; readonly message: string }
  | { readonly kind: 'counts'; readonly counts: readonly CallCount[] }
  | { readonly kind: 'event'; readonly name: string; readonly payload: unknown }
  | { readonly kind: 'answer'; readonly id: number; readonly value?: unknown; readonly error?: WorkerError };

export interface WorkerError {
  readonly code: string;
  readonly message: string;
  readonly status: number;
  readonly extra: Readonly<Record<string, unknown>>;
}

/** What the main thread asks of it; `close` has id 0 and no answer but the thread's end. */
export interface ToWorker {
  readonly id: number;
  readonly kind: string;
  readonly payload?: unknown;
}
