import type { CallCount, LambdaUsage } from './local-cloud.ts';

/** Callers that are not product code: the administrator (this runner, the Serverless Framework) and the local cloud itself. */
const notProduct = new Set(['local', 'local-cloud', 'unsigned', '']);
/** Listed apart, or no calls of product code (CONTRACTS "apiCalls"). */
const apart = new Set(['lambda', 'sts', 'logs', 'monitoring', 'xray']);

export const productCalls = (calls: readonly CallCount[]): CallCount[] =>
  calls.filter(({ accessKeyId, service }) => !notProduct.has(accessKeyId) && !apart.has(service));

/** `dynamodb.Query` → calls. */
export function byOperation(calls: readonly CallCount[]): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { service, operation, calls: n } of calls) counts[`${service}.${operation}`] = (counts[`${service}.${operation}`] ?? 0) + n;
  return Object.fromEntries(Object.entries(counts).sort(([, a], [, b]) => b - a));
}

export const totalCalls = (calls: readonly CallCount[]): number => calls.reduce((sum, { calls: n }) => sum + n, 0);

/** What functions used between two readings; the counters begin again when the local cloud does. */
export function lambdaSince(before: LambdaUsage, after: LambdaUsage): LambdaUsage {
  const since = (name: keyof LambdaUsage): number => (after[name] >= before[name] ? after[name] - before[name] : after[name]);
  return { invocations: since('invocations'), errors: since('errors'), gbSeconds: since('gbSeconds'), stateTransitions: since('stateTransitions') };
}
