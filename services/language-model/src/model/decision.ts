import { reasonCategories, type ReturnFacts } from '@orderflow/shared/model';
import type { Signals } from './signals.ts';

export const decisionFeatureNames = [
  'bias', ...reasonCategories.map((name) => `reason:${name}`), 'selfInflicted', 'neverArrivedYetDelivered', 'empty',
  'sentiment', 'windowUsed', 'deliveryUnknown', 'amountShare', 'capShare', 'quantityShare', 'damagedInTransit', 'late', 'injection',
] as const;

const within = (value: number | undefined, most: number): number =>
  value === undefined || !Number.isFinite(value) ? 0 : Math.min(Math.max(value, 0), most);

/** The vector that the decision reads: signals of the text beside the facts, all between 0 and 2. */
export function decisionFeatures(signals: Signals, good: number, facts: ReturnFacts): number[] {
  const delivered = facts.daysSinceDelivery !== undefined;
  return [
    1,
    ...reasonCategories.map((name) => signals.reasons[name]),
    Number(signals.selfInflicted),
    Number(signals.neverArrived && delivered),
    Number(signals.empty),
    good,
    delivered && facts.windowDays ? within((facts.daysSinceDelivery ?? 0) / facts.windowDays, 2) : 0,
    Number(!delivered),
    within(facts.amountShare, 1),
    within(facts.capShare, 2),
    within(facts.quantityShare, 1),
    within(facts.damagedInTransit, 1),
    Number(within(facts.daysLate, 365) > 0),
    signals.injection,
  ];
}

/** Softmax, in the order approve, reject, review, over one row of weights a label. */
export function decide(weights: readonly (readonly number[])[], features: readonly number[]): number[] {
  const scores = weights.map((row) => row.reduce((sum, weight, at) => sum + weight * (features[at] ?? 0), 0));
  const top = Math.max(...scores);
  const powers = scores.map((score) => Math.exp(score - top));
  const total = powers.reduce((a, b) => a + b, 0);
  return powers.map((power) => power / total);
}
