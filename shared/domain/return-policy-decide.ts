import type { PolicyVerdict } from './return-policy-facts.ts';
import type { ReturnPolicy } from './return-policy-schema.ts';

/** What of a model's answer the decision reads. Probabilities 0 … 1. */
export interface ModelOpinion {
  readonly approve: number;
  readonly injection: number;
  readonly injectionFlagged: boolean;
}

export interface ReturnDecided {
  readonly outcome: 'APPROVED' | 'PARTIAL' | 'REJECTED' | 'NEEDS_REVIEW';
  readonly by: 'policy' | 'model';
  /** Rule of the policy, or why a person is asked: `model-none`, `model-unsure`, `model-injection`, `text-empty`, `text-cut`. */
  readonly rule: string;
}

const sure = (value: number): boolean => Number.isFinite(value) && value >= 0 && value <= 1;

/**
 * Policy first, then the model (MODEL.md, rules 1–4). A hard rule stands, whatever the model says; the model alone never
 * rejects; anything that is not a clear yes goes to a person.
 * @param opinion absent: the model was not asked or gave no usable answer
 * @param text what the model was given: without words, or cut, nobody has read what the customer wrote
 */
export function decideReturn(
  policy: ReturnPolicy, verdict: PolicyVerdict, opinion: ModelOpinion | undefined, text: { readonly empty: boolean; readonly cut: boolean },
): ReturnDecided {
  if (verdict.verdict === 'REJECT') return { outcome: 'REJECTED', by: 'policy', rule: verdict.rule };
  const review = (by: 'policy' | 'model', rule: string): ReturnDecided => ({ outcome: 'NEEDS_REVIEW', by, rule });
  if (verdict.verdict === 'REVIEW') return review('policy', verdict.rule);
  if (text.empty) return review('policy', 'text-empty');
  if (text.cut) return review('policy', 'text-cut');
  if (opinion === undefined || !sure(opinion.approve) || !sure(opinion.injection)) return review('model', 'model-none');
  if (opinion.injectionFlagged || opinion.injection >= policy.model.injectionAt) return review('model', 'model-injection');
  if (opinion.approve < policy.model.approveAt) return review('model', 'model-unsure');
  return { outcome: verdict.partial ? 'PARTIAL' : 'APPROVED', by: 'model', rule: verdict.rule };
}
