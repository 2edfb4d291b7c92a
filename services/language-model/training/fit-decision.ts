import { decide } from '../src/model/decision.ts';
import { random, shuffled } from './fit-sentiment.ts';

export interface DecisionExample {
  readonly features: readonly number[];
  readonly label: 0 | 1 | 2;
}

/** Multinomial logistic regression by plain gradient steps; small enough to need nothing better. */
export function fitDecision(examples: readonly DecisionExample[], seed: number, epochs = 30): number[][] {
  const width = examples[0]?.features.length ?? 0;
  const weights = [0, 1, 2].map(() => new Array<number>(width).fill(0));
  const next = random(seed);
  for (let epoch = 0; epoch < epochs; epoch += 1) {
    const rate = 0.3 / (1 + epoch / 3);
    for (const { features, label } of shuffled(examples, next)) {
      const guess = decide(weights, features);
      weights.forEach((row, of) => {
        const error = (guess[of] ?? 0) - Number(of === label);
        features.forEach((value, at) => {
          row[at] = (row[at] ?? 0) - rate * (error * value + 1e-4 * (row[at] ?? 0));
        });
      });
    }
  }
  return weights.map((row) => row.map((weight) => Number(weight.toFixed(4))));
}
