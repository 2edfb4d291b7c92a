import type { RateLimit } from '../sources/api.ts';

/** Keeps the calls of one account within what its vendor allows. */
export interface Pace {
  /** Milliseconds until a call may be made; the call is counted when that is at most `patienceMs`. */
  before(patienceMs: number): number;
  /** What the headers of an answer say of the calls that are left. */
  after(headers: Pick<Headers, 'get'>): void;
}

const units = { seconds: 1_000, milliseconds: 1, epoch: 1_000 };

/** When a vendor that names the end of no period is asked again, milliseconds. */
const usualPeriodMs = 1_000;

function endOf({ reset }: RateLimit, headers: Pick<Headers, 'get'>, now: number): number {
  const text = reset && headers.get(reset.header);
  const value = text ? Number(text) : Number.NaN;
  if (!reset || !Number.isFinite(value) || value < 0) return now + usualPeriodMs;
  const ms = value * units[reset.unit];
  return reset.unit === 'epoch' ? ms : now + ms;
}

/**
 * A leaky bucket of `perSecond`, which lets one second's calls through at once, and the vendor's own word: no call before
 * the end of a period in which none is left. `share`: how many processes ask beside one another.
 */
export function pace(limit: RateLimit, clock: () => number, share = 1): Pace {
  const gapMs = limit.perSecond === undefined ? 0 : (1_000 * share) / limit.perSecond;
  /** The moment up to which the bucket is filled. */
  let filled = 0;
  let closedUntil = 0;
  return {
    before(patienceMs) {
      const now = clock();
      const wait = Math.max(closedUntil - now, gapMs === 0 ? 0 : Math.max(filled, now) + gapMs - Math.max(1_000, gapMs) - now, 0);
      if (wait <= patienceMs) filled = Math.max(filled, now) + gapMs;
      return wait;
    },
    after(headers) {
      const left = limit.left === undefined ? null : headers.get(limit.left);
      if (left !== null && Number(left) <= 0) closedUntil = endOf(limit, headers, clock());
    },
  };
}

/** The paces of many accounts, by name. */
export function paces(clock: () => number): (name: string, limit: RateLimit, share: number) => Pace {
  const known = new Map<string, Pace>();
  return (name, limit, share) => {
    const one = known.get(name) ?? pace(limit, clock, share);
    known.set(name, one);
    return one;
  };
}
