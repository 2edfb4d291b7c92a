/** Time for the local cloud: injected, so that tests and accelerated runs can drive it. */
export interface Clock {
  /** Milliseconds since the epoch. */
  now(): number;
  /** Runs `act` once `ms` have passed; the returned function cancels it. Any length is allowed. */
  after(ms: number, act: () => void): () => void;
}

const LONGEST_TIMER_MS = 2 ** 31 - 1;

export const systemClock: Clock = {
  now: () => Date.now(),
  after(ms, act) {
    let timer: NodeJS.Timeout;
    const arm = (left: number): void => {
      timer = setTimeout(() => (left > LONGEST_TIMER_MS ? arm(left - LONGEST_TIMER_MS) : act()), Math.min(Math.max(left, 0), LONGEST_TIMER_MS));
    };
    arm(ms);
    return () => clearTimeout(timer);
  },
};
