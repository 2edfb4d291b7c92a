import { logOperations } from './logs/operations.ts';
import type { LogStore } from './logs/log-file.ts';
import { openLogFile, type LogBounds } from './logs/store.ts';
import { jsonProtocol, type LocalService } from './service.ts';

export type { LogStore } from './logs/log-file.ts';

/**
 * CloudWatch Logs; `listen` sees each message as it comes (metrics in the embedded metric format). Subscriptions, metric
 * filters, Insights queries and live tail are not here.
 */
export function logsService(file: string, listen: (message: string, at: number) => void = () => undefined, bounds?: LogBounds): LocalService & { readonly store: LogStore } {
  const store = openLogFile(file, listen, bounds);
  return {
    ...jsonProtocol(['logs'], logOperations(store, 'eu-west-1', '000000000000')),
    store,
    close() {
      store.close();
      return Promise.resolve();
    },
  };
}
