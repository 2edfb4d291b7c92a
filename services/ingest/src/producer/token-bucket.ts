/** So many a second in the long run, and so many at once. */
export interface Allowance {
  readonly perSecond: number;
  readonly burst: number;
}

export interface TokenBucket {
  /** Whole seconds until a token is there; 0: now. */
  wait(now: number): number;
  /** @returns whether there was a token */
  take(now: number): boolean;
  /** A token that was taken for nothing. */
  giveBack(): void;
}

/** A token bucket that begins full; times are milliseconds of one clock. */
export function tokenBucket({ perSecond, burst }: Allowance, startedAt: number): TokenBucket {
  let level = burst;
  let at = startedAt;
  const fill = (now: number): void => {
    // a clock that is set back gives nothing and takes nothing
    level = Math.min(burst, level + (Math.max(0, now - at) / 1_000) * perSecond);
    at = now;
  };
  return {
    wait(now) {
      fill(now);
      return level >= 1 ? 0 : Math.max(1, Math.ceil((1 - level) / perSecond));
    },
    take(now) {
      fill(now);
      if (level < 1) return false;
      level -= 1;
      return true;
    },
    giveBack() {
      level = Math.min(burst, level + 1);
    },
  };
}
