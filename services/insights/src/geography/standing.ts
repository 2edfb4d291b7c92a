import { falseDiscoveryRates, sameShare, wilson, type Interval } from '../statistics/proportion.ts';

export interface RegionCount {
  readonly orders: number;
  readonly ordersBefore: number;
  readonly returned: number;
}
export type Standing = 'high' | 'low' | 'expected';

export interface RegionStanding {
  /** Growth of the region's orders by that of all others, 95 %. */
  readonly growth: Interval;
  readonly sales: Standing;
  readonly returnRate: Interval;
  readonly returns: Standing;
}

const mostFalse = 0.05;
const z95 = 1.959964;

/**
 * Ratio of two growths with its 95 % interval: the logarithm of a ratio of Poisson counts is nearly normal, its variance the
 * sum of their reciprocals; half is added to each count, so that none is nothing (J. B. S. Haldane, 1956).
 */
function growthOf(orders: number, before: number, others: number, othersBefore: number): Interval {
  const counts = [orders, before, others, othersBefore].map((count) => Math.max(0, count) + 0.5) as [number, number, number, number];
  const middle = Math.log(counts[0] / counts[1]) - Math.log(counts[2] / counts[3]);
  const half = z95 * Math.sqrt(counts.reduce((sum, count) => sum + 1 / count, 0));
  return { low: Math.exp(middle - half), high: Math.exp(middle + half) };
}

const standing = (q: number, above: boolean): Standing => (q > mostFalse ? 'expected' : above ? 'high' : 'low');

/**
 * Which regions do better or worse than all others together, in growth and in returns: beyond chance, after Benjamini and
 * Hochberg over all that were compared, so that neither few orders nor many regions make one.
 */
export function standings<Region extends RegionCount>(regions: readonly Region[]): (Region & RegionStanding)[] {
  const sum = (pick: (one: Region) => number): number => regions.reduce((all, one) => all + pick(one), 0);
  const total = { orders: sum((one) => one.orders), before: sum((one) => one.ordersBefore), returned: sum((one) => one.returned) };
  const compared = regions.map((one) => {
    const others = { orders: total.orders - one.orders, before: total.before - one.ordersBefore, returned: total.returned - one.returned };
    return {
      one, others, growth: growthOf(one.orders, one.ordersBefore, others.orders, others.before),
      // the share of the region in the orders of then and of now
      sales: sameShare(one.orders, total.orders, one.ordersBefore, total.before), returns: sameShare(one.returned, one.orders, others.returned, others.orders),
    };
  });
  const [sales, returns] = [falseDiscoveryRates(compared.map((one) => one.sales)), falseDiscoveryRates(compared.map((one) => one.returns))];
  return compared.map(({ one, others, growth }, at) => ({
    ...one, growth, sales: standing(sales[at] ?? 1, growth.low * growth.high > 1),
    returnRate: wilson(one.returned, one.orders), returns: standing(returns[at] ?? 1, one.returned * others.orders > others.returned * one.orders),
  }));
}
