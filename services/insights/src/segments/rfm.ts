import { kMeans } from './k-means.ts';

/** What a customer has done: recency, frequency, monetary value. */
export interface CustomerSums {
  /** Days since the last order. */
  readonly recency: number;
  readonly orders: number;
  /** Net of what came back, in major units. */
  readonly value: number;
}

export const segmentNames = ['champions', 'loyal', 'promising', 'at risk', 'lost'] as const;
export type SegmentName = (typeof segmentNames)[number];

/** How customers of one currency are told apart: log1p, less the mean, by the deviation; then the nearest centroid. */
export interface Segmentation {
  readonly means: readonly number[];
  readonly deviations: readonly number[];
  readonly segments: readonly { readonly name: SegmentName; readonly centroid: readonly [number, number, number] }[];
}

/**
 * Four: silhouettes prefer two, which only says that some buy often and most do not. Four part those by when they were last
 * seen, which is what a merchant can act on: thank, welcome, win back, let go.
 */
const segmentCount = 4;
/** With fewer customers clusters are accidents. */
export const leastCustomers = 20;

const logs = ({ recency, orders, value }: CustomerSums): readonly [number, number, number] => [Math.log1p(Math.max(0, recency)), Math.log1p(Math.max(0, orders)), Math.log1p(Math.max(0, value))];

/** How good a customer in the middle of it is: bought lately, often, for much. */
const standing = ([recency, frequency, value]: readonly [number, number, number]): number => frequency + value - recency;

/**
 * Names by what a centroid is, never by its number: the best are champions, the worst lost; of those between, the ones seen
 * last are promising and the others at risk. So a segment keeps its name from run to run.
 */
function named(centroids: readonly (readonly [number, number, number])[]): Segmentation['segments'] {
  const ranked = [...centroids].sort((a, b) => standing(b) - standing(a));
  const [best, worst] = [ranked[0], ranked.length > 1 ? ranked.at(-1) : undefined];
  const between = ranked.filter((one) => one !== best && one !== worst).sort((a, b) => a[0] - b[0]);
  const names: readonly SegmentName[] = between.length === 1 ? ['loyal'] : ['promising', 'at risk'];
  return [
    ...(best === undefined ? [] : [{ name: 'champions' as const, centroid: best }]), ...between.map((centroid, at) => ({ name: names[at] ?? 'loyal', centroid })),
    ...(worst === undefined ? [] : [{ name: 'lost' as const, centroid: worst }]),
  ];
}

/** Segments of customers, or undefined where there are too few. The same customers in any order give the same segments. */
export function segmentsOf(customers: readonly CustomerSums[], seed = 1): Segmentation | undefined {
  if (customers.length < leastCustomers) return undefined;
  const features = customers.map(logs).sort((a, b) => a[0] - b[0] || a[1] - b[1] || a[2] - b[2]);
  const means = [0, 1, 2].map((at) => features.reduce((sum, row) => sum + (row[at] ?? 0), 0) / features.length);
  // all alike in one respect: it tells nobody apart
  const deviations = means.map((mean, at) => Math.sqrt(features.reduce((sum, row) => sum + ((row[at] ?? 0) - mean) ** 2, 0) / features.length) || 1);
  const points = Float64Array.from(features.flatMap((row) => row.map((value, at) => (value - (means[at] ?? 0)) / (deviations[at] ?? 1))));
  const { centroids } = kMeans(points, 3, segmentCount, { seed });
  const rows = Array.from({ length: centroids.length / 3 }, (_, c) => [centroids[3 * c] ?? 0, centroids[3 * c + 1] ?? 0, centroids[3 * c + 2] ?? 0] as const);
  return { means, deviations, segments: named(rows) };
}

/** The segment that a customer is nearest to. */
export function segmentOf(customer: CustomerSums, { means, deviations, segments }: Segmentation): SegmentName {
  const z = logs(customer).map((value, at) => (value - (means[at] ?? 0)) / (deviations[at] ?? 1));
  const distance = (centroid: readonly number[]): number => centroid.reduce((sum, value, at) => sum + (value - (z[at] ?? 0)) ** 2, 0);
  const [first, ...others] = segments;
  if (first === undefined) throw new Error('a segmentation has segments');
  return others.reduce((best, one) => (distance(one.centroid) < distance(best.centroid) ? one : best), first).name;
}
