import { falseDiscoveryRates, sameShare, wilson } from '../statistics/proportion.ts';

export interface FeatureCount {
  readonly feature: string;
  readonly value: string;
  readonly orders: number;
  readonly returned: number;
}

export interface Difference extends FeatureCount {
  readonly rate: number;
  /** 95 %, Wilson. */
  readonly low: number;
  readonly high: number;
  /** Rate by the rate of all other values of the feature; null: none of those came back. */
  readonly lift: number | null;
  readonly q: number;
}

/** What distinguishes the orders that came back, the least likely to be chance first. A feature with one value tells nothing. */
export function differencesOf(counts: readonly FeatureCount[]): Difference[] {
  const compared = [...Map.groupBy(counts, ({ feature }) => feature).values()].filter((of) => of.length > 1).flatMap((of) => {
    const all = of.reduce((sum, one) => ({ orders: sum.orders + one.orders, returned: sum.returned + one.returned }), { orders: 0, returned: 0 });
    return of.filter(({ orders }) => orders > 0).map((one) => {
      const others = { orders: all.orders - one.orders, returned: all.returned - one.returned };
      const rate = one.returned / one.orders;
      return { ...one, rate, ...wilson(one.returned, one.orders), lift: others.returned > 0 ? rate / (others.returned / others.orders) : null, p: sameShare(one.returned, one.orders, others.returned, others.orders) };
    });
  });
  const rates = falseDiscoveryRates(compared.map(({ p }) => p));
  return compared.map(({ p, ...one }, at) => ({ ...one, p, q: rates[at] ?? 1 })).sort((a, b) => a.p - b.p || b.orders - a.orders).map(({ p: _, ...one }) => one);
}
