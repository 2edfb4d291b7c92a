import type { Environment } from './environment.ts';
import type { FunctionDefinition, InvocationResult } from './function.ts';

export interface PoolLimits {
  /** Environments of a function under load. */
  readonly usual: number;
  /** Up to so many while all of them are held by invocations that wait for others. */
  readonly most: number;
  readonly slowMs: number;
}

/**
 * The environments of one function: warm ones first, a new one up to the limit, else the call waits its turn. A busy
 * machine only gets slower by more of them; but one call that waits (a provider that hangs) must not hold up the others.
 */
export interface Pool {
  readonly definition: FunctionDefinition;
  invoke(payload: string, requestId?: string): Promise<InvocationResult>;
  readonly running: number;
  readonly waiting: number;
  readonly size: number;
  /** Ends environments idle since before `moment` (ms); returns how many ended. */
  retire(moment: number): number;
  /** No further reuse: idle environments end now, busy ones after their invocation. */
  dispose(): Promise<void>;
}

export function createPool(definition: FunctionDefinition, limits: PoolLimits, start: (definition: FunctionDefinition) => Environment): Pool {
  const cap = (limit: number): number => Math.max(1, Math.min(limit, definition.reservedConcurrency ?? limit));
  let maximum = cap(limits.usual);
  let watch: NodeJS.Timeout | undefined;
  const idle: Environment[] = [];
  const busy = new Set<Environment>();
  const queue: (() => void)[] = [];
  let disposed = false;

  const take = (): Environment | undefined => {
    // Last in, first out: the rest grow cold and can be retired.
    for (let found = idle.pop(); found; found = idle.pop()) if (found.sound) return found;
    return busy.size < maximum ? start(definition) : undefined;
  };
  const release = (environment: Environment): void => {
    busy.delete(environment);
    if (environment.sound && !disposed) idle.push(environment);
    else void environment.dispose();
    queue.shift()?.();
  };
  /** While calls wait: one more environment whenever every one there is waits for someone else. */
  const watchQueue = (): void => {
    watch ??= setInterval(() => {
      if (queue.length === 0) {
        clearInterval(watch);
        watch = undefined;
      } else if (maximum < cap(limits.most) && [...busy].every((environment) => environment.waitsFor(limits.slowMs))) {
        maximum += 1;
        queue.shift()?.();
      }
    }, limits.slowMs / 2);
    watch.unref();
  };
  return {
    definition,
    get running() {
      return busy.size;
    },
    get waiting() {
      return queue.length;
    },
    get size() {
      return busy.size + idle.length;
    },
    async invoke(payload, requestId) {
      let environment = busy.size < maximum ? take() : undefined;
      while (!environment) {
        watchQueue();
        await new Promise<void>((turn) => queue.push(turn));
        environment = take();
      }
      busy.add(environment);
      try {
        return await environment.invoke(payload, requestId);
      } finally {
        release(environment);
      }
    },
    retire(moment) {
      const old = idle.filter((environment) => environment.idleSince < moment);
      if (old.length > 0) maximum = cap(limits.usual);
      for (const environment of old) {
        idle.splice(idle.indexOf(environment), 1);
        void environment.dispose();
      }
      return old.length;
    },
    async dispose() {
      disposed = true;
      await Promise.all(idle.splice(0).map((environment) => environment.dispose()));
    },
  };
}
