import { cleanText, type Instance, type Prediction } from '@orderflow/shared/model';
import { decide, decisionFeatures } from './decision.ts';
import { featuresOf } from './features.ts';
import { signalsOf } from './signals.ts';
import type { Weights } from './weights-file.ts';

const sigmoid = (x: number): number => 1 / (1 + Math.exp(-x));
const injectionThreshold = 0.5;

/** Calibrated probability that a text is good; a text without a word is undecided. */
export function goodness(weights: Weights, text: string): number {
  const features = featuresOf(text);
  if (features.length === 0) return 0.5;
  let sum = 0;
  for (const at of features) sum += weights.sentiment[at] ?? 0;
  const score = weights.bias + (sum * weights.scale) / Math.sqrt(features.length);
  return sigmoid(weights.platt.a * score + weights.platt.b);
}

/** The first model: n-gram sentiment, patterns for reason and attack, a small learned rule over facts and signals. */
export function predict(weights: Weights, instance: Instance): Prediction {
  const { text } = cleanText(instance.text);
  const good = goodness(weights, text);
  const signals = signalsOf(text, cleanText(instance.reason ?? '').text);
  const [approve = 0, reject = 0, review = 1] =
    instance.facts === undefined ? [] : decide(weights.decision, decisionFeatures(signals, good, instance.facts));
  return {
    ...(instance.facts === undefined ? {} : { decision: { approve, reject, review } }),
    reason: { label: signals.reason, score: signals.reasons[signals.reason] },
    sentiment: { label: good >= 0.5 ? 'GOOD' : 'BAD', score: good },
    injection: { flagged: signals.injection >= injectionThreshold, score: signals.injection },
  };
}
