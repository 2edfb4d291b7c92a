/** A sender in a process of its own: does what its parent asks over IPC and tells what came of it. */
import autocannon from 'autocannon';
import { ordersFrom } from './orders.ts';

/** What the parent asks for. */
export interface Load {
  readonly url: string;
  /** Connections, each with one request under way. */
  readonly connections: number;
  readonly seconds: number;
  /** Requests a second over all connections; absent: as fast as they are answered. */
  readonly rate?: number;
  /** Size of an order in bytes, about. */
  readonly bytes: number;
  /** Number of the first order. */
  readonly first: number;
}

/** What came of it. Milliseconds; with a rate, counted from when a request was due. */
export interface LoadResult {
  readonly acknowledged: number;
  readonly refused: number;
  readonly seconds: number;
  readonly p50: number;
  readonly p99: number;
  /** CPU that the sender itself took, milliseconds. */
  readonly cpuMs: number;
}

process.on('message', (load: Load) => {
  const next = ordersFrom(load.first, load.bytes);
  const began = process.cpuUsage();
  const { rate } = load;
  autocannon(
    {
      url: load.url, connections: load.connections, duration: load.seconds, timeout: 30, ...(rate === undefined ? {} : { overallRate: rate }),
      requests: [{ method: 'POST', path: '/webhooks/shopify', setupRequest: (request) => Object.assign(request, next()) }],
    },
    (error: Error | null, result) => {
      if (error) throw error;
      const { user, system } = process.cpuUsage(began);
      process.send?.({
        acknowledged: result['2xx'], refused: result.non2xx + result.errors + result.timeouts, seconds: result.duration, p50: result.latency.p50, p99: result.latency.p99,
        cpuMs: (user + system) / 1_000,
      } satisfies LoadResult);
    },
  );
});
process.on('disconnect', () => process.exit(0));
process.send?.({ ready: true });
