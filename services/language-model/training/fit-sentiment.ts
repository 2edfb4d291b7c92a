import { buckets } from '../src/model/features.ts';
import type { Example } from './read-examples.ts';

export interface Linear {
  readonly weights: Float64Array;
  readonly bias: number;
}

export const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

/** Sum of weights over the features, scaled so that long texts are not automatically sure. */
export const scoreOf = ({ weights, bias }: { weights: ArrayLike<number>; bias: number }, features: Uint32Array): number => {
  let sum = 0;
  for (const at of features) sum += weights[at] as number;
  return bias + sum / Math.sqrt(Math.max(1, features.length));
};

/** A small generator with a seed (mulberry32): the same data and seed give the same model. */
export const random = (seed: number) => (): number => {
  seed = (seed + 0x6d2b79f5) | 0;
  let t = Math.imul(seed ^ (seed >>> 15), 1 | seed);
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
  return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
};

export const shuffled = <T>(items: readonly T[], next: () => number): T[] => {
  const all = [...items];
  for (let at = all.length - 1; at > 0; at -= 1) {
    const other = Math.floor(next() * (at + 1));
    [all[at], all[other]] = [all[other] as T, all[at] as T];
  }
  return all;
};

/** log ratio of how much likelier a feature is in good than in bad texts (Wang & Manning 2012, NBSVM). */
function ratios(examples: readonly Example[], smoothing: number): Float64Array {
  const good = new Float64Array(buckets).fill(smoothing);
  const bad = new Float64Array(buckets).fill(smoothing);
  for (const { features, label } of examples) {
    const counts = label === 1 ? good : bad;
    for (const at of features) counts[at] = (counts[at] ?? 0) + 1;
  }
  const sum = (all: Float64Array): number => all.reduce((a, b) => a + b, 0);
  const goods = sum(good);
  const bads = sum(bad);
  return good.map((count, at) => Math.log(count / goods / ((bad[at] as number) / bads)));
}

/** Logistic regression over NB ratios, Adagrad, L2 on the multipliers; deterministic for a seed. */
export function fit(examples: readonly Example[], options: { l2: number; rate: number; epochs: number; smoothing: number; seed: number }): Linear {
  const ratio = ratios(examples, options.smoothing);
  const multiplier = new Float64Array(buckets).fill(1);
  const squares = new Float64Array(buckets).fill(1e-3);
  let bias = 0;
  const next = random(options.seed);
  for (let epoch = 0; epoch < options.epochs; epoch += 1) {
    for (const { features, label } of shuffled(examples, next)) {
      const norm = Math.sqrt(Math.max(1, features.length));
      let sum = 0;
      for (const at of features) sum += (ratio[at] as number) * (multiplier[at] as number);
      const error = sigmoid(bias + sum / norm) - label;
      bias -= 0.01 * error;
      for (const at of features) {
        const slope = (error * (ratio[at] as number)) / norm + options.l2 * ((multiplier[at] as number) - 1);
        const square = (squares[at] as number) + slope * slope;
        squares[at] = square;
        multiplier[at] = (multiplier[at] as number) - (options.rate * slope) / Math.sqrt(square);
      }
    }
  }
  return { weights: multiplier.map((value, at) => value * (ratio[at] as number)), bias };
}

export const accuracy = (model: { weights: ArrayLike<number>; bias: number }, examples: readonly Example[]): number =>
  examples.filter(({ features, label }) => scoreOf(model, features) > 0 === (label === 1)).length / examples.length;
