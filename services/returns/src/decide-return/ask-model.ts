import type { ModelOpinion, ReturnDecided } from '@orderflow/shared/domain';
import { ModelUnusable, type LanguageModel, type Prediction, type Reply } from '@orderflow/shared/model';
import type { Decision } from '../progress.ts';
import type { Deps } from './handle.ts';
import type { Question } from './question.ts';

/** What the model read, and what of it goes into the audit row. */
export interface Reading {
  readonly text: Question['text'];
  /** Absent: not asked, or no usable answer. */
  readonly opinion?: ModelOpinion;
  readonly audit: Pick<Decision, 'textSha256' | 'modelVersion' | 'modelSha256' | 'probabilities' | 'reasonCategory' | 'sentiment' | 'shadow'>;
}

interface Answer {
  readonly by: Reply['model'];
  readonly prediction: Prediction;
  readonly opinion: ModelOpinion;
  readonly probabilities: Record<string, number>;
}

/** @throws ModelUnusable */
async function answerOf(model: LanguageModel, { instance }: Question): Promise<Answer> {
  const reply = await model.predict([instance]);
  const prediction = reply.predictions[0];
  if (prediction?.decision === undefined) throw new ModelUnusable('bad-answer');
  const { decision: { approve, reject, review }, injection, reason, sentiment } = prediction;
  return {
    by: reply.model, prediction, opinion: { approve, injection: injection.score, injectionFlagged: injection.flagged },
    probabilities: { approve, reject, review, injection: injection.score, reason: reason.score, good: sentiment.score },
  };
}

/**
 * Asks the model, and beside it the shadow model where a stage has one. Whatever goes wrong — down, slow, not of the
 * contract — leaves no opinion, and then a person decides. What the shadow says is written down and never used; its
 * failure is only logged.
 * @param outcomeOf what the product would decide on an opinion
 */
export async function askModel(
  question: Question, eventId: string, { model, shadow, log }: Pick<Deps, 'model' | 'shadow' | 'log'>, outcomeOf: (opinion: ModelOpinion) => ReturnDecided['outcome'],
): Promise<Reading> {
  const { text, textSha256, hasComment } = question;
  if (text.empty) return { text, audit: {} };
  const failed = (code: 'MODEL_FAILED' | 'SHADOW_FAILED') => (error: unknown) => {
    if (!(error instanceof ModelUnusable)) throw error;
    log.warn(code, { eventId, reason: error.code });
    return undefined;
  };
  const [answer, second] = await Promise.all([
    answerOf(model, question).catch(failed('MODEL_FAILED')),
    shadow && answerOf(shadow, question).catch(failed('SHADOW_FAILED')),
  ]);
  const told = second && { shadow: { modelVersion: second.by.version, modelSha256: second.by.sha256, outcome: outcomeOf(second.opinion), probabilities: second.probabilities } };
  if (answer === undefined) return { text, audit: { textSha256, ...told } };
  const { by, prediction, opinion, probabilities } = answer;
  return {
    text, opinion,
    audit: {
      textSha256, modelVersion: by.version, modelSha256: by.sha256, probabilities, reasonCategory: prediction.reason.label,
      ...(hasComment ? { sentiment: { ...prediction.sentiment, modelVersion: by.version } } : {}),
      ...told,
    },
  };
}
