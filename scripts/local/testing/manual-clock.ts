import type { Clock } from '../clock.ts';

/** A clock for tests that stands until it is moved on. */
export interface ManualClock extends Clock {
  /** To that moment (ms), whatever is due on the way in its order; promises settle in between. */
  moveTo(moment: number): Promise<void>;
}

export function manualClock(start: number): ManualClock {
  let now = start;
  const timers = new Set<{ at: number; act: () => void }>();
  return {
    now: () => now,
    after(ms, act) {
      const timer = { at: now + Math.max(0, ms), act };
      timers.add(timer);
      return () => void timers.delete(timer);
    },
    async moveTo(moment) {
      for (;;) {
        await new Promise(setImmediate);
        const [next] = [...timers].filter(({ at }) => at <= moment).sort((one, other) => one.at - other.at);
        if (!next) break;
        timers.delete(next);
        now = Math.max(now, next.at);
        next.act();
      }
      now = moment;
    },
  };
}
