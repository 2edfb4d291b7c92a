import { randomUUID } from 'node:crypto';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { AwsError } from '../service.ts';
import { createAsyncQueue } from './async-queue.ts';
import { startEnvironment } from './environment.ts';
import { createFunctionStore } from './function-store.ts';
import type { FunctionDefinition } from './function.ts';
import { createPool, type Pool } from './pool.ts';
import { prepareInside } from './prepare-inside.ts';
import { isThrottle, throttled } from './throttle.ts';
import { functionNameOf, type LambdaOptions, type LambdaRuntime } from './runtime-contract.ts';
import { createUsageLedger, type MetricSink } from './usage.ts';
import { variablesOf } from './variables.ts';

export { functionNameOf } from './runtime-contract.ts';
export type { InvokeOptions, LambdaOptions, LambdaRuntime } from './runtime-contract.ts';

export function createLambdaRuntime(options: LambdaOptions): LambdaRuntime {
  const bootstrap = prepareInside(options.inside, options.cacheDir);
  const store = createFunctionStore(options.journal);
  const pools = new Map<string, Pool>();
  const metric: MetricSink = options.metric ?? (() => undefined);
  const usage = createUsageLedger(metric);
  const idleMs = options.idleMs ?? 30_000;
  const usual = options.environmentsPerFunction ?? Math.max(1, Math.floor(availableParallelism() / 2));
  const limits = { usual, most: Math.max(usual, options.mostEnvironmentsPerFunction ?? 4), slowMs: options.slowMs ?? 2000 };
  const everywhere = options.environmentsInAll ?? 28;
  const environments = (): number => [...pools.values()].reduce((sum, pool) => sum + pool.size, 0);

  const poolOf = (nameOrArn: string): Pool => {
    const pool = pools.get(functionNameOf(nameOrArn));
    if (!pool) throw new AwsError('ResourceNotFoundException', `Function not found: ${nameOrArn.startsWith('arn:') ? nameOrArn : `arn:aws:lambda:${options.addresses.region}:000000000000:function:${nameOrArn}`}`, 404, { Type: 'User' });
    return pool;
  };
  const start: Parameters<typeof createPool>[2] = (definition) => {
    if (environments() >= everywhere) {
      for (const pool of pools.values()) if (pool.running === 0 && pool.retire(Date.now() - 1000) > 0) break;
    }
    usage.started(definition.name);
    let allowed = true;
    let asked = 0;
    return startEnvironment(definition, {
      bootstrap,
      variables: variablesOf(definition, options.addresses),
      log: (group, stream, message, at) => {
        const now = Date.now();
        // not asked at every line
        if (now - asked > 1000) {
          asked = now;
          allowed = options.mayLog?.(definition, group, stream) !== false;
        }
        if (allowed) options.log(group, stream, message, at);
      },
      compileCache: join(options.cacheDir, 'compiled'),
      temporaryRoot: join(options.cacheDir, 'tmp'),
    });
  };
  const invoke: LambdaRuntime['invoke'] = async (nameOrArn, payload, { requestId = randomUUID(), clientContext } = {}) => {
    const pool = poolOf(nameOrArn);
    const { definition } = pool;
    const disturbance = options.disturb?.(definition.name, payload);
    const call = {
      requestId, payload, arn: nameOrArn.startsWith('arn:') ? nameOrArn : definition.arn,
      ...(clientContext === undefined ? {} : { clientContext }), ...(disturbance === undefined ? {} : { disturbance }),
    };
    try {
      if (disturbance?.kind === 'throttle') throw throttled();
      const answer = pool.invoke(call);
      metric(definition.name, 'ConcurrentExecutions', pool.running + pool.waiting);
      const result = await answer;
      usage.ended(definition, result);
      return result;
    } catch (error) {
      if (isThrottle(error)) metric(definition.name, 'Throttles', 1);
      throw error;
    }
  };
  const define = (definition: FunctionDefinition): void => {
    options.assume?.(definition.accessKeyId, definition.role);
    options.permit?.(definition.arn, definition.policy ?? []);
    const pool = pools.get(definition.name);
    if (pool) pool.redefine(definition);
    else pools.set(definition.name, createPool(definition, limits, start));
  };
  const keep = (definition: FunctionDefinition): FunctionDefinition => {
    options.checkRole?.(definition.role);
    const kept = { ...definition, modifiedAt: options.clock.now() };
    define(kept);
    store.put(kept);
    return kept;
  };
  const queue = createAsyncQueue({
    journal: options.journal,
    clock: options.clock,
    ports: options,
    invoke: (name, payload, requestId) => invoke(name, payload, { requestId }),
    find: (name) => pools.get(name)?.definition,
    metric,
    ...(options.asyncRetryDelayMs === undefined ? {} : { retryDelayMs: options.asyncRetryDelayMs }),
  });
  const reaper = setInterval(() => {
    for (const pool of pools.values()) pool.retire(Date.now() - idleMs);
  }, Math.min(idleMs, 5000));
  reaper.unref();
  for (const definition of store.all()) define(definition);

  return {
    deploy(definition) {
      const asyncConfig = definition.asyncConfig ?? pools.get(definition.name)?.definition.asyncConfig;
      keep({ ...definition, ...(asyncConfig ? { asyncConfig } : {}) });
    },
    update: (nameOrArn, change) => keep(Object.fromEntries(Object.entries({ ...poolOf(nameOrArn).definition, ...change }).filter(([, value]) => value !== undefined)) as unknown as FunctionDefinition),
    remove(nameOrArn) {
      const name = functionNameOf(nameOrArn);
      void pools.get(name)?.dispose();
      pools.delete(name);
      store.remove(name);
    },
    find: (nameOrArn) => poolOf(nameOrArn).definition,
    list: () => [...pools.values()].map((pool) => pool.definition),
    invoke,
    invokeAsync: (nameOrArn, payload) => queue.enqueue(poolOf(nameOrArn).definition.name, payload),
    queue,
    usage: usage.byFunction,
    activity() {
      const all = [...pools.values()];
      const sum = (pick: (pool: Pool) => number): number => all.reduce((total, pool) => total + pick(pool), 0);
      return { running: sum((pool) => pool.running), waiting: sum((pool) => pool.waiting), environments: sum((pool) => pool.size), queued: queue.depth };
    },
    async close() {
      clearInterval(reaper);
      queue.close();
      await Promise.all([...pools.values()].map((pool) => pool.dispose()));
    },
  };
}
