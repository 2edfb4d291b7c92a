import { Logger } from '@aws-lambda-powertools/logger';
import { injectLambdaContext } from '@aws-lambda-powertools/logger/middleware';
import { Metrics, MetricUnit } from '@aws-lambda-powertools/metrics';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import { readEnv } from './env.ts';
import type { Log } from './log.ts';
import { tracing } from './tracing.ts';
import { systemClock, systemId, type Meter, type Tools } from './tools.ts';

/** What an invocation knows of itself. */
export interface Invocation {
  readonly requestId: string;
  readonly functionName: string;
  readonly functionArn: string;
  /** Milliseconds until Lambda ends this invocation. */
  readonly remainingMs: () => number;
}

export interface Served<Schema extends z.ZodMiniType, Deps, Input, Output> {
  /** Schema of the environment variables that this function reads. */
  readonly env: Schema;
  /** Wires the ports; called once per execution environment. */
  readonly deps: (env: z.output<Schema>, tools: Tools) => Deps;
  /** The use case. */
  readonly handle: (input: Input, deps: Deps, invocation: Invocation) => Promise<Output>;
}

const logOf = (logger: Logger): Log => ({
  info: (code, fields) => logger.info(code, fields ?? {}),
  warn: (code, fields) => logger.warn(code, fields ?? {}),
  error: (code, fields) => logger.error(code, fields ?? {}),
});

const meterOf = (metrics: Metrics): Meter => ({
  count(name, value = 1, by) {
    metrics.addMetric(name, MetricUnit.Count, value);
    // a line of its own: dimensions hold for the whole line
    if (by) metrics.singleMetric().addDimensions(by).addMetric(name, MetricUnit.Count, value);
  },
  milliseconds: (name, value) => metrics.addMetric(name, MetricUnit.Milliseconds, value),
});

/** Publishes what was measured in an invocation; one that measured nothing writes nothing. */
const publishing = (metrics: Metrics) => {
  const publish = () => {
    if (metrics.hasStoredMetrics()) metrics.publishStoredMetrics();
  };
  return { after: publish, onError: publish };
};

/**
 * A Lambda handler out of environment, wiring and use case, with structured logs, metrics and tracing around it. The
 * environment is parsed and the ports are made at the first invocation, once.
 */
export function serve<Schema extends z.ZodMiniType, Deps, Input, Output>(
  served: Served<Schema, Deps, Input, Output>,
): (input: Input, context: Context) => Promise<Output> {
  const logger = new Logger();
  const metrics = new Metrics();
  let deps: Deps | undefined;

  const use = async (input: Input, context: Context): Promise<Output> => {
    deps ??= served.deps(readEnv(served.env), {
      log: logOf(logger),
      meter: meterOf(metrics),
      clock: systemClock,
      newId: systemId,
    });
    return served.handle(input, deps, {
      requestId: context.awsRequestId,
      functionName: context.functionName,
      functionArn: context.invokedFunctionArn,
      remainingMs: () => context.getRemainingTimeInMillis(),
    });
  };

  return middy<Input, Output>()
    .use(tracing())
    .use(injectLambdaContext(logger, { resetKeys: true }))
    .use(publishing(metrics))
    .handler(use);
}
