import type { MetricStore } from '../metrics.ts';
import type { MetricSink } from './usage.ts';

/** AWS/Lambda metrics by function, and over all functions. */
export const lambdaMetrics = (store: Pick<MetricStore, 'record'>): MetricSink => (FunctionName, metric, value) => {
  store.record('AWS/Lambda', metric, { FunctionName }, value);
  store.record('AWS/Lambda', metric, {}, value);
};
