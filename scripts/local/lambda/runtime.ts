import { randomUUID } from 'node:crypto';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { availableParallelism } from 'node:os';
import { join } from 'node:path';
import { AwsError } from '../service.ts';
import type { Clock } from '../clock.ts';
import type { Journal } from '../journal.ts';
import { createAsyncQueue, type AsyncQueue, type InvocationRecord } from './async-queue.ts';
import { startEnvironment } from './environment.ts';
import type { FunctionDefinition, InvocationResult, LogSink } from './function.ts';
import { createPool, type Pool } from './pool.ts';
import { variablesOf, type RuntimeAddresses } from './variables.ts';

export interface LambdaOptions {
  /** Path of `lambda/bootstrap.ts`. */
  readonly bootstrap: string;
  readonly addresses: RuntimeAddresses;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly log: LogSink;
  /** Destination ARN (SQS, SNS, Lambda, S3) of an asynchronous invocation's outcome. */
  send(destination: string, record: InvocationRecord): Promise<void>;
  /** Holds the bootstrap as JavaScript and V8's compile cache: a second environment of a function starts without compiling. */
  readonly cacheDir: string;
  /** Environments that a function has under load, default one for every two processors. */
  readonly environmentsPerFunction?: number;
  /** Default 4: what slow invocations may add to. */
  readonly mostEnvironmentsPerFunction?: number;
  /** Environments of all functions together; above it idle ones end first. */
  readonly environmentsInAll?: number;
  readonly idleMs?: number;
  readonly asyncRetryDelayMs?: number;
}

export interface FunctionUsage { invocations: number; errors: number; durationMs: number; gbMs: number; starts: number }

/** Deployed functions and their environments. */
export interface LambdaRuntime {
  deploy(definition: FunctionDefinition): void;
  remove(name: string): void;
  /** By name, `name:qualifier`, partial or full ARN; ResourceNotFoundException if unknown. */
  find(nameOrArn: string): FunctionDefinition;
  list(): FunctionDefinition[];
  invoke(nameOrArn: string, payload: string, requestId?: string): Promise<InvocationResult>;
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

/** Types are stripped once here: a worker that did it itself would load the stripper, some 10 MB, in every environment. */
function prepareBootstrap(source: string, cacheDir: string): string {
  mkdirSync(cacheDir, { recursive: true });
  const path = join(cacheDir, `bootstrap-${process.pid}.mjs`);
  writeFileSync(path, stripTypeScriptTypes(readFileSync(source, 'utf8')));
  return path;
}

export function createLambdaRuntime(options: LambdaOptions): LambdaRuntime {
  const bootstrap = prepareBootstrap(options.bootstrap, options.cacheDir);
  const pools = new Map<string, Pool>();
  const usage = new Map<string, FunctionUsage>();
  const idleMs = options.idleMs ?? 30_000;
  const usual = options.environmentsPerFunction ?? Math.max(1, Math.floor(availableParallelism() / 2));
  const limits = { usual, most: Math.max(usual, options.mostEnvironmentsPerFunction ?? 4), slowMs: 2000 };
  const everywhere = options.environmentsInAll ?? 28;
  const environments = (): number => [...pools.values()].reduce((sum, pool) => sum + pool.size, 0);

  const usageOf = (name: string): FunctionUsage => {
    let found = usage.get(name);
    if (!found) usage.set(name, (found = { invocations: 0, errors: 0, durationMs: 0, gbMs: 0, starts: 0 }));
    return found;
  };
  const poolOf = (nameOrArn: string): Pool => {
    const pool = pools.get(functionNameOf(nameOrArn));
    if (!pool) throw new AwsError('ResourceNotFoundException', `Function not found: ${nameOrArn}`, 404, { Type: 'User' });
    return pool;
  };
  const start: Parameters<typeof createPool>[2] = (definition) => {
    if (environments() >= everywhere) {
      for (const pool of pools.values()) if (pool.running === 0 && pool.retire(Date.now() - 1000) > 0) break;
    }
    usageOf(definition.name).starts += 1;
    return startEnvironment(definition, {
      bootstrap,
      variables: variablesOf(definition, options.addresses),
      log: options.log,
      compileCache: join(options.cacheDir, 'compiled'),
    });
  };
  const invoke = async (nameOrArn: string, payload: string, requestId: string = randomUUID()): Promise<InvocationResult> => {
    const pool = poolOf(nameOrArn);
    const result = await pool.invoke(payload, requestId);
    const used = usageOf(pool.definition.name);
    used.invocations += 1;
    used.durationMs += result.durationMs;
    used.gbMs += (result.durationMs * pool.definition.memoryMb) / 1024;
    if (result.functionError) used.errors += 1;
    return result;
  };
  const queue = createAsyncQueue({
    journal: options.journal,
    clock: options.clock,
    invoke,
    configOf: (name) => {
      const pool = pools.get(name);
      return pool && { arn: pool.definition.arn, config: pool.definition.asyncConfig ?? {} };
    },
    send: (destination, record) => options.send(destination, record),
    ...(options.asyncRetryDelayMs === undefined ? {} : { retryDelayMs: options.asyncRetryDelayMs }),
  });
  const reaper = setInterval(() => {
    for (const pool of pools.values()) pool.retire(Date.now() - idleMs);
  }, Math.min(idleMs, 5000));
  reaper.unref();

  return {
    deploy(definition) {
      void pools.get(definition.name)?.dispose();
      pools.set(definition.name, createPool(definition, limits, start));
    },
    remove(name) {
      void pools.get(name)?.dispose();
      pools.delete(name);
    },
    find: (nameOrArn) => poolOf(nameOrArn).definition,
    list: () => [...pools.values()].map((pool) => pool.definition),
    invoke,
    invokeAsync: (nameOrArn, payload) => queue.enqueue(poolOf(nameOrArn).definition.name, payload),
    queue,
    usage,
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
