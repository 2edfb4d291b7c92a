import { reasonCategories, type Prediction } from '@orderflow/shared/model';
import type { Said } from './probabilities.ts';

export interface Part {
  readonly said: Said;
  /** Tokens of the text in this window. */
  readonly textTokens: number;
}

const mean = (parts: readonly Part[], of: (said: Said) => number, weight: (part: Part) => number): number => {
  const total = parts.reduce((sum, part) => sum + weight(part), 0);
  return parts.reduce((sum, part) => sum + (of(part.said) * weight(part)) / total, 0);
};

/** As sure as the window that likes it least; what is taken from approval goes to people. */
function decisionOf(parts: readonly Part[]): NonNullable<Prediction['decision']> {
  const approve = Math.min(...parts.map(({ said }) => said.decision[0]));
  const reject = mean(parts, ({ decision }) => decision[1], () => 1);
  return { approve, reject, review: Math.max(0, 1 - approve - reject) };
}

const other = reasonCategories.indexOf('other');
const largest = (values: readonly number[]): number => values.reduce((best, value, at) => (value > (values[best] ?? 0) ? at : best), 0);
const surestOfAGround = ({ said }: Part): number => Math.max(...said.reason.filter((_, at) => at !== other));

/** Of the window that is surest of a ground other than `other`: most of a long text says nothing about it. */
function reasonOf(parts: readonly Part[]): Prediction['reason'] {
  const scores = parts.map(surestOfAGround);
  const reason = parts[largest(scores)]?.said.reason ?? [];
  const at = largest(reason);
  return { label: reasonCategories[at] ?? 'other', score: reason[at] ?? 0 };
}

/**
 * One prediction of all windows of a text, so that nothing can be hidden behind length: the least approval, the greatest
 * suspicion, the mean of the mood.
 * @param parts at least one
 * @param asked what else is known: a decision is asked for, the text went on beyond what was read, a mark of an attack stands in it
 */
export function combine(parts: readonly Part[], { decide, cut, marked, injectionAt }: { readonly decide: boolean; readonly cut: boolean; readonly marked: boolean; readonly injectionAt: number }): Prediction {
  const good = mean(parts, ({ sentiment }) => sentiment, ({ textTokens }) => Math.max(1, textTokens));
  const injection = Math.max(...parts.map(({ said }) => said.injection));
  const { approve, reject, review } = decisionOf(parts);
  return {
    // what was not read to its end is not approved
    ...(decide ? { decision: cut ? { approve: 0, reject, review: review + approve } : { approve, reject, review } } : {}),
    reason: reasonOf(parts),
    sentiment: { label: good >= 0.5 ? 'GOOD' : 'BAD', score: good },
    injection: { flagged: marked || injection >= injectionAt, score: injection },
  };
}
