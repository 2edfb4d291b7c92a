import { binomialTail, falseDiscoveryRates } from '../statistics/proportion.ts';

/** Days that count as now, and those before that they are compared with. */
export const [recentDays, earlierDays] = [14, 84] as const;
/** At most so many of the reasons that are told are chance. */
export const mostFalse = 0.05;
const leastReturns = 3;

export interface ReasonCount {
  /** Empty: all products together. */
  readonly productKey: string;
  readonly reason: string;
  readonly recent: number;
  readonly earlier: number;
  /** Units sold of the product in both spans; what is sold more comes back more. */
  readonly soldRecent: number;
  readonly soldEarlier: number;
}

export interface EmergingReason {
  readonly productKey: string;
  readonly reason: string;
  readonly recent: number;
  readonly expected: number;
  readonly p: number;
  readonly q: number;
}

/**
 * Reasons that rise faster than chance. Given how often a reason was told in both spans together, the recent ones are binomial
 * with the share of what was sold in that span, if the rate has not changed: the exact comparison of two Poisson rates (J.
 * Przyborowski and H. Wilenski, Biometrika 31, 1940). Chances of all that were tested are held back together (Benjamini and
 * Hochberg). Where nothing is known to be sold, the spans' lengths stand for it.
 */
export function emergingReasons(counts: readonly ReasonCount[]): EmergingReason[] {
  const tested = counts.filter(({ recent }) => recent >= leastReturns).map((one) => {
    const [now, before] = one.soldRecent > 0 && one.soldEarlier > 0 ? [one.soldRecent, one.soldEarlier] : [recentDays, earlierDays];
    return { productKey: one.productKey, reason: one.reason, recent: one.recent, expected: (one.earlier * now) / before, p: binomialTail(one.recent, one.recent + one.earlier, now / (now + before)) };
  });
  const rates = falseDiscoveryRates(tested.map(({ p }) => p));
  return tested.map((one, at) => ({ ...one, q: rates[at] ?? 1 })).filter(({ q }) => q <= mostFalse).sort((a, b) => a.p - b.p || (a.productKey + a.reason < b.productKey + b.reason ? -1 : 1));
}
