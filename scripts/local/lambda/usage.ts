import type { FunctionDefinition, InvocationResult } from './function.ts';

export interface FunctionUsage { invocations: number; errors: number; durationMs: number; gbMs: number; starts: number }

/** What functions have used since the process began, and the AWS/Lambda metrics of it. */
export interface UsageLedger {
  readonly byFunction: ReadonlyMap<string, FunctionUsage>;
  started(name: string): void;
  ended(definition: FunctionDefinition, result: InvocationResult): void;
}

/** https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html */
export type LambdaMetric =
  | 'Invocations' | 'Errors' | 'Duration' | 'Throttles' | 'ConcurrentExecutions'
  | 'AsyncEventsReceived' | 'AsyncEventAge' | 'AsyncEventsDropped' | 'DeadLetterErrors' | 'DestinationDeliveryFailures' | 'IteratorAge';

export type MetricSink = (functionName: string, metric: LambdaMetric, value: number) => void;

export function createUsageLedger(metric: MetricSink): UsageLedger {
  const byFunction = new Map<string, FunctionUsage>();
  const of = (name: string): FunctionUsage => {
    let found = byFunction.get(name);
    if (!found) byFunction.set(name, (found = { invocations: 0, errors: 0, durationMs: 0, gbMs: 0, starts: 0 }));
    return found;
  };
  return {
    byFunction,
    started(name) {
      of(name).starts += 1;
    },
    ended(definition, result) {
      const used = of(definition.name);
      used.invocations += 1;
      used.durationMs += result.durationMs;
      used.gbMs += (result.durationMs * definition.memoryMb) / 1024;
      if (result.functionError) used.errors += 1;
      metric(definition.name, 'Invocations', 1);
      metric(definition.name, 'Errors', result.functionError ? 1 : 0);
      metric(definition.name, 'Duration', result.durationMs);
    },
  };
}
