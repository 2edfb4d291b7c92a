/** Numbers between 0 and 1, the same for the same seed (mulberry32). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

export interface Clusters {
  /** k × dimensions, row by row. */
  readonly centroids: Float64Array;
  /** Of each point: the number of its centroid. */
  readonly labels: Uint8Array;
  /** Sum of squared distances. */
  readonly inertia: number;
}

const squared = (points: Float64Array, at: number, centroids: Float64Array, c: number, d: number): number => {
  let sum = 0;
  for (let i = 0; i < d; i++) sum += ((points[at * d + i] ?? 0) - (centroids[c * d + i] ?? 0)) ** 2;
  return sum;
};

/** First centroids, far from each other (k-means++: D. Arthur and S. Vassilvitskii, 2007). Fewer where points coincide. */
function begin(points: Float64Array, n: number, d: number, k: number, random: () => number): Float64Array {
  const chosen: number[] = [Math.floor(random() * n)];
  const nearest = new Float64Array(n).fill(Infinity);
  const centroids = new Float64Array(k * d);
  centroids.set(points.subarray((chosen[0] ?? 0) * d, ((chosen[0] ?? 0) + 1) * d));
  while (chosen.length < k) {
    let total = 0;
    for (let at = 0; at < n; at++) total += nearest[at] = Math.min(nearest[at] ?? Infinity, squared(points, at, centroids, chosen.length - 1, d));
    if (total === 0) return centroids.slice(0, chosen.length * d);
    let left = random() * total;
    let next = 0;
    while (next < n - 1 && (left -= nearest[next] ?? 0) > 0) next++;
    centroids.set(points.subarray(next * d, (next + 1) * d), chosen.length * d);
    chosen.push(next);
  }
  return centroids;
}

/** Lloyd's iterations until no point moves. */
function settle(points: Float64Array, n: number, d: number, centroids: Float64Array): Clusters {
  const k = centroids.length / d;
  const labels = new Uint8Array(n).fill(255);
  const [sums, counts] = [new Float64Array(k * d), new Uint32Array(k)];
  for (let round = 0; ; round++) {
    let [moved, inertia] = [0, 0];
    sums.fill(0);
    counts.fill(0);
    for (let at = 0; at < n; at++) {
      let [best, least] = [0, Infinity];
      for (let c = 0; c < k; c++) {
        const distance = squared(points, at, centroids, c, d);
        if (distance < least) [best, least] = [c, distance];
      }
      if (labels[at] !== best) moved++;
      labels[at] = best;
      inertia += least;
      counts[best] = (counts[best] ?? 0) + 1;
      for (let i = 0; i < d; i++) sums[best * d + i] = (sums[best * d + i] ?? 0) + (points[at * d + i] ?? 0);
    }
    if (moved === 0 || round === 300) return { centroids, labels, inertia };
    for (let c = 0; c < k; c++) if ((counts[c] ?? 0) > 0) for (let i = 0; i < d; i++) centroids[c * d + i] = (sums[c * d + i] ?? 0) / (counts[c] ?? 1);
  }
}

/**
 * k-means: the best of several starts with a fixed seed, so that the same points give the same clusters.
 * @param points n × dimensions, row by row
 */
export function kMeans(points: Float64Array, dimensions: number, k: number, { starts = 10, seed = 1 } = {}): Clusters {
  const n = points.length / dimensions;
  if (n < 1 || k < 1) throw new Error('k-means needs points, and at least one cluster');
  const random = seeded(seed);
  let best: Clusters | undefined;
  for (let start = 0; start < starts; start++) {
    const found = settle(points, n, dimensions, begin(points, n, dimensions, Math.min(k, n), random));
    if (best === undefined || found.inertia < best.inertia - 1e-9) best = found;
  }
  return best as Clusters;
}
