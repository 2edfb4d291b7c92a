import type { LanguageModel } from '@orderflow/shared/model';
import { accuracy, calibrationError, macroF1, type Answered } from './measures.ts';
import type { Comment } from './read.ts';
import { readAll } from './returns.ts';

/** Good or Bad, as for any comment. Shares 0 … 1. */
export async function measureComments(model: LanguageModel, comments: readonly Comment[], progress?: (done: number) => void) {
  const said = await readAll(model, comments.map(({ text }) => ({ text: text.slice(0, 10_000) })), progress);
  const answers = comments.map(({ sentiment: truth, kind }, at): Answered & { kind: string } => {
    const { label = 'BAD', score = 0 } = said[at]?.sentiment ?? {};
    return { truth, answer: label, probability: label === 'GOOD' ? score : 1 - score, kind };
  });
  const kinds = Object.fromEntries([...Map.groupBy(answers, ({ kind }) => kind)].map(([kind, part]) => [kind, accuracy(part)]));
  return { comments: comments.length, accuracy: accuracy(answers), macroF1: macroF1(answers), ece: calibrationError(answers), ...(Object.keys(kinds).length > 1 ? { byKind: kinds } : {}) };
}
