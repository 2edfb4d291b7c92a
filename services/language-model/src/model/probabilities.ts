import type { About } from './encoder-file.ts';
import type { Logits } from './heads.ts';
import { NotFinite } from './refusals.ts';

/** What one window says, as calibrated probabilities. */
export interface Said {
  /** approve, reject, review; together 1. */
  readonly decision: readonly [number, number, number];
  /** In the order of `reasonCategories`; together 1. */
  readonly reason: readonly number[];
  /** GOOD. */
  readonly sentiment: number;
  readonly injection: number;
}

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));

function softmax(logits: readonly number[], temperature: number): number[] {
  const top = Math.max(...logits);
  const powers = logits.map((logit) => Math.exp((logit - top) / temperature));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}

/** Logits → probabilities, as fitted on held-out examples. @throws NotFinite */
export function probabilitiesOf({ decision, reason, sentiment, injection }: Logits, calibration: About['calibration']): Said {
  if (![...decision, ...reason, sentiment, injection].every(Number.isFinite)) throw new NotFinite();
  const [approve = 0, reject = 0, review = 1] = softmax(decision, calibration.decision.temperature);
  return {
    decision: [approve, reject, review],
    reason: softmax(reason, calibration.reason.temperature),
    sentiment: sigmoid(calibration.sentiment.a * sentiment + calibration.sentiment.b),
    injection: sigmoid(calibration.injection.a * injection + calibration.injection.b),
  };
}
