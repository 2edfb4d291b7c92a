/**
 * What goes wrong with one invocation on purpose. Asked for at every invocation, whoever makes it: callers, mappings, workflows.
 * - `crash`: the environment is killed and the caller is told Runtime.ExitError. `before` the handler runs; `during`, once
 *   `ms` have passed or `calls` HTTP calls of the handler have been answered (a handler that is through sooner is killed as
 *   with `after`); `after` the handler has ended and before its result is told: what it did is done.
 * - `timeout`: the result never arrives; told after the function's Timeout, or after `ms` where that is shorter.
 * - `delay`: the handler starts `ms` late, within its Timeout.
 * - `skew`: the function's `Date` is off by `ms`.
 * - `error`: the handler does not run; the caller is told this error.
 * - `throttle`: the invocation is refused as above the function's reserved concurrency.
 */
export type Disturbance =
  | { readonly kind: 'crash'; readonly when: 'before' | 'after' }
  | { readonly kind: 'crash'; readonly when: 'during'; readonly ms?: number; readonly calls?: number }
  | { readonly kind: 'timeout'; readonly ms?: number }
  | { readonly kind: 'delay'; readonly ms: number }
  | { readonly kind: 'skew'; readonly ms: number }
  | { readonly kind: 'throttle' }
  | { readonly kind: 'error'; readonly type: string; readonly message: string };
