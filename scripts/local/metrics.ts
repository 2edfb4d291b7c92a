import { alarmOperations } from './alarms/operations.ts';
import { openAlarms, type Alarms } from './alarms/alarms.ts';
import { metricOperations } from './metrics/operations.ts';
import { cloudWatchProtocol } from './metrics/protocol.ts';
import { openMetricFile, type MetricStore } from './metrics/store.ts';
import type { LocalService } from './service.ts';

export type { MetricStore } from './metrics/store.ts';

/** CloudWatch metrics and alarms: minutes, standard statistics and percentiles; no expressions, composite alarms or dashboards. */
export function metricsService(file: string): LocalService & { readonly store: MetricStore; readonly alarms: Alarms } {
  const store = openMetricFile(file);
  const alarms = openAlarms({ file: file.replace(/\.db$/, '-alarms.db'), metrics: store, region: 'eu-west-1', accountId: '000000000000' });
  return {
    names: ['monitoring'],
    handle: cloudWatchProtocol({ ...metricOperations(store), ...alarmOperations(alarms) }),
    store,
    alarms,
    close() {
      alarms.close();
      store.close();
      return Promise.resolve();
    },
  };
}
