/** When a stream counts as down. */
export interface BreakerLimits {
  /** Calls in a row of which nothing was taken … */
  readonly failures: number;
  /** … for at least this long, milliseconds. */
  readonly forMs: number;
  /** While it is down one record tries it this often, milliseconds. */
  readonly probeEveryMs: number;
}

export interface Breaker {
  readonly down: () => boolean;
  /** Whether this caller may try the stream although it is down; the next may after `probeEveryMs`. */
  readonly mayProbe: (now: number) => boolean;
  /** A call was taken, in part at least: all is well. */
  readonly succeeded: () => void;
  /** Nothing of a call was taken that was begun at `since`. */
  readonly failed: (since: number, now: number) => void;
}

/**
 * A circuit breaker (https://learn.microsoft.com/azure/architecture/patterns/circuit-breaker): while a stream is down
 * nobody waits for it but a probe now and then. `changed` hears when it goes down and when it is back.
 */
export function breaker(limits: BreakerLimits, changed: (down: boolean) => void): Breaker {
  let failures = 0;
  let failingSince = 0;
  let probeAt: number | undefined;
  return {
    down: () => probeAt !== undefined,
    mayProbe(now) {
      if (probeAt === undefined || now < probeAt) return false;
      probeAt = now + limits.probeEveryMs;
      return true;
    },
    succeeded() {
      failures = 0;
      if (probeAt === undefined) return;
      probeAt = undefined;
      changed(false);
    },
    failed(since, now) {
      if (failures === 0) failingSince = since;
      failures++;
      if (probeAt !== undefined || failures < limits.failures || now - failingSince < limits.forMs) return;
      probeAt = now + limits.probeEveryMs;
      changed(true);
    },
  };
}
