/** Neighbouring buckets differ by this factor: what is read back is right to one per cent. */
const step = Math.log(1.02);
const bucketOf = (value: number): number => (value <= 0 ? -Infinity : Math.round(Math.log(value) / step));
const valueOf = (bucket: number): number => Number(Math.exp(bucket * step).toPrecision(4));

/** Observations of one figure, in memory that does not grow with their number. */
export interface Distribution {
  add(value: number): void;
  /**
   * At most `most` values that stand for all: all of them while they are few, else as many of equal weight, smallest
   * and largest among them as they were. Percentiles of these are those of all, to one per cent of `most`.
   */
  values(most: number): number[];
}

export function distribution(): Distribution {
  const buckets = new Map<number, number>();
  let total = 0;
  let least = Infinity;
  let largest = -Infinity;
  return {
    add(value) {
      const bucket = bucketOf(value);
      buckets.set(bucket, (buckets.get(bucket) ?? 0) + 1);
      total++;
      least = Math.min(least, value);
      largest = Math.max(largest, value);
    },
    values(most) {
      const sorted = [...buckets].sort(([a], [b]) => a - b);
      const count = Math.min(most, total);
      const found: number[] = [];
      let before = 0;
      let at = 0;
      for (let n = 0; n < count; n++) {
        const rank = Math.floor(((n + 0.5) * total) / count);
        while (before + (sorted[at]?.[1] ?? Infinity) <= rank) before += sorted[at++]?.[1] ?? 0;
        found.push(Math.min(largest, Math.max(least, valueOf(sorted[at]?.[0] ?? 0))));
      }
      if (found.length > 0) found[found.length - 1] = largest;
      if (found.length > 1) found[0] = least;
      return found;
    },
  };
}
