import { createHash } from 'node:crypto';
import type { ModelOpinion, PolicyVerdict } from '@orderflow/shared/domain';
import { cleanText, ModelUnusable, redact, returnFacts, type ReturnFacts } from '@orderflow/shared/model';
import type { InFlightItem } from '@orderflow/shared/store';
import { progressOf, type Decision } from '../progress.ts';
import type { Returned } from '../returned.ts';
import type { Deps } from './handle.ts';

/** What the model read, and what of it goes into the audit row. */
export interface Reading {
  readonly text: { readonly empty: boolean; readonly cut: boolean };
  /** Absent: not asked, or no usable answer. */
  readonly opinion?: ModelOpinion;
  readonly audit: Pick<Decision, 'textSha256' | 'modelVersion' | 'modelSha256' | 'probabilities' | 'reasonCategory' | 'sentiment'>;
}

const hasWords = (text: string): boolean => /\p{L}{2}/u.test(text);

const factsOf = ({ features }: PolicyVerdict): ReturnFacts =>
  Object.fromEntries(Object.keys(returnFacts.shape).flatMap((name) => (features[name] === undefined ? [] : [[name, features[name]]])));

/**
 * Asks the model about the redacted text (MODEL.md, rule 5). Whatever goes wrong — down, slow, not of the contract —
 * leaves no opinion, and then a person decides.
 */
export async function askModel(item: InFlightItem, returned: Returned, verdict: PolicyVerdict, { model, log }: Deps): Promise<Reading> {
  const contact = progressOf(item).order?.contact;
  const known = [contact?.name, contact?.place];
  const comment = cleanText(returned.comment ?? '');
  const reason = cleanText(returned.reason ?? '');
  const text = redact(comment.text, known);
  const why = redact(reason.text, known).slice(0, 512);
  const reading = { empty: !hasWords(comment.text) && !hasWords(reason.text), cut: comment.cut || reason.cut };
  const textSha256 = createHash('sha256').update(`${why}\n${text}`).digest('hex');
  if (reading.empty) return { text: reading, audit: {} };
  try {
    const reply = await model.predict([{ text, ...(why === '' ? {} : { reason: why }), facts: factsOf(verdict) }]);
    const prediction = reply.predictions[0];
    if (prediction?.decision === undefined) throw new ModelUnusable('bad-answer');
    const { approve, reject, review } = prediction.decision;
    return {
      text: reading,
      opinion: { approve, injection: prediction.injection.score, injectionFlagged: prediction.injection.flagged },
      audit: {
        textSha256,
        modelVersion: reply.model.version,
        modelSha256: reply.model.sha256,
        probabilities: { approve, reject, review, injection: prediction.injection.score, reason: prediction.reason.score, good: prediction.sentiment.score },
        reasonCategory: prediction.reason.label,
        ...(hasWords(comment.text) ? { sentiment: { ...prediction.sentiment, modelVersion: reply.model.version } } : {}),
      },
    };
  } catch (error) {
    if (!(error instanceof ModelUnusable)) throw error;
    log.warn('MODEL_FAILED', { eventId: item.event.id, reason: error.code });
    return { text: reading, audit: { textSha256 } };
  }
}
