import { throttled } from './throttle.ts';
import type { Call, Environment } from './environment-contract.ts';
import { environmentKey, type FunctionDefinition, type InvocationResult } from './function.ts';

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
  /** Other code or configuration from now on; what runs ends with what it began with. */
  redefine(definition: FunctionDefinition): void;
  /** @throws AwsError TooManyRequestsException beyond the function's reserved concurrency */
  invoke(call: Call): Promise<InvocationResult>;
  readonly running: number;
  readonly waiting: number;
  readonly size: number;
  /** Ends environments idle since before `moment` (ms); returns how many ended. */
  retire(moment: number): number;
  /** No further reuse: idle environments end now, busy ones after their invocation. */
  dispose(): Promise<void>;
}

export function createPool(first: FunctionDefinition, limits: PoolLimits, start: (definition: FunctionDefinition) => Environment): Pool {
  let definition = first;
  let key = environmentKey(definition);
  const cap = (limit: number): number => Math.max(1, Math.min(limit, definition.reservedConcurrency ?? limit));
  let maximum = cap(limits.usual);
  let watch: NodeJS.Timeout | undefined;
  let idle: Environment[] = [];
  const busy = new Set<Environment>();
  const queue: (() => void)[] = [];
  let disposed = false;
  let held = 0;

  const take = (): Environment | undefined => {
    // Last in, first out: the rest grow cold and can be retired.
    for (let found = idle.pop(); found; found = idle.pop()) if (found.sound) return found;
    return busy.size < maximum ? start(definition) : undefined;
  };
  const release = (environment: Environment): void => {
    busy.delete(environment);
    if (environment.sound && !disposed && environment.key === key) idle.push(environment);
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
  const run = async (call: Call): Promise<InvocationResult> => {
    let environment = busy.size < maximum ? take() : undefined;
    while (!environment) {
      watchQueue();
      await new Promise<void>((turn) => queue.push(turn));
      environment = take();
    }
    busy.add(environment);
    try {
      return await environment.invoke(call);
    } finally {
      release(environment);
    }
  };
  return {
    get definition() {
      return definition;
    },
    redefine(next) {
      definition = next;
      maximum = cap(limits.usual);
      if (environmentKey(next) === key) return;
      key = environmentKey(next);
      for (const environment of idle) void environment.dispose();
      idle = [];
    },
    get running() {
      return busy.size;
    },
    get waiting() {
      return queue.length;
    },
    get size() {
      return busy.size + idle.length;
    },
    async invoke(call) {
      if (definition.reservedConcurrency !== undefined && held >= definition.reservedConcurrency) throw throttled();
      held += 1;
      try {
        return await run(call);
      } finally {
        held -= 1;
      }
    },
    retire(moment) {
      const old = idle.filter((environment) => environment.idleSince < moment);
      if (old.length === 0) return 0;
      maximum = cap(limits.usual);
      idle = idle.filter((environment) => !old.includes(environment));
      for (const environment of old) void environment.dispose();
      return old.length;
    },
    async dispose() {
      disposed = true;
      await Promise.all(idle.splice(0).map((environment) => environment.dispose()));
    },
  };
}
