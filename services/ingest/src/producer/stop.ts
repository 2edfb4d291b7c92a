import { setTimeout as pause } from 'node:timers/promises';
import type { Server } from 'node:http';

export interface Stopping {
  /** Says no from now on, so that balancers look elsewhere; requests are still taken. */
  readonly announce: () => void;
  readonly server: Pick<Server, 'closeIdleConnections' | 'closeAllConnections'>;
  /** Stops listening; resolves when every connection has ended. */
  readonly close: () => PromiseLike<unknown>;
  /** Writes what waits to be written. */
  readonly flush: () => Promise<unknown>;
}

export interface StopTimes {
  /** From the announcement to the end of listening. */
  readonly noticeMs: number;
  /** Longer than this, from the announcement on, nobody's request is waited for; what is left is for `flush`. */
  readonly requestsMs: number;
}

/** How often connections are looked for whose request has ended meanwhile. */
const sweepMs = 50;

/**
 * Ends in order: announced, no new connections, what is under way finished, what waits written. A request that is not
 * through by then (its sender is slow, or nothing durable answers) is cut off without an answer: it was not promised
 * anything, and what others were promised must be flushed.
 */
export async function stopInOrder({ announce, server, close, flush }: Stopping, { noticeMs, requestsMs }: StopTimes): Promise<void> {
  announce();
  if (noticeMs > 0) await pause(noticeMs);
  const closed = close();
  const sweep = setInterval(() => server.closeIdleConnections(), sweepMs);
  const late = new AbortController();
  await Promise.race([closed, pause(Math.max(0, requestsMs - noticeMs), undefined, { signal: late.signal }).catch(() => undefined)]);
  late.abort();
  clearInterval(sweep);
  server.closeAllConnections();
  await closed;
  await flush();
}
