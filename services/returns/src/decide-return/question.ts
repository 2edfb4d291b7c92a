import { createHash } from 'node:crypto';
import type { PolicyVerdict } from '@orderflow/shared/domain';
import { cleanText, redact, returnFacts, type Instance, type ReturnFacts } from '@orderflow/shared/model';
import type { InFlightItem } from '@orderflow/shared/store';
import { progressOf } from '../progress.ts';
import type { Returned } from '../returned.ts';

/** What a model is asked about a return: its redacted words, and the facts as numbers (MODEL.md, rules 2, 4 and 5). */
export interface Question {
  readonly instance: Instance;
  readonly text: { readonly empty: boolean; readonly cut: boolean };
  /** Of the redacted text, for the audit. */
  readonly textSha256: string;
  /** The customer's own words, not only a code. */
  readonly hasComment: boolean;
}

const hasWords = (text: string): boolean => /\p{L}{2}/u.test(text);

const factsOf = ({ features }: PolicyVerdict): ReturnFacts =>
  Object.fromEntries(Object.keys(returnFacts.shape).flatMap((name) => (features[name] === undefined ? [] : [[name, features[name]]])));

export function questionOf(item: InFlightItem, returned: Returned, verdict: PolicyVerdict): Question {
  const contact = progressOf(item).order?.contact;
  const known = [contact?.name, contact?.place];
  const comment = cleanText(returned.comment ?? '');
  const reason = cleanText(returned.reason ?? '');
  const text = redact(comment.text, known);
  const why = redact(reason.text, known).slice(0, 512);
  return {
    instance: { text, ...(why === '' ? {} : { reason: why }), facts: factsOf(verdict) },
    text: { empty: !hasWords(comment.text) && !hasWords(reason.text), cut: comment.cut || reason.cut },
    textSha256: createHash('sha256').update(`${why}\n${text}`).digest('hex'),
    hasComment: hasWords(comment.text),
  };
}
