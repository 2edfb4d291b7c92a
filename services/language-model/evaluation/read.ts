import { readFileSync } from 'node:fs';
import { reasonCategories, returnFacts } from '@orderflow/shared/model';
import * as z from 'zod/mini';

const sentiment = z.enum(['GOOD', 'BAD']);
const returnCase = z.strictObject({
  id: z.string(),
  text: z.string(),
  reason: z.optional(z.string()),
  facts: returnFacts,
  category: z.string(),
  country: z.string(),
  expect: z.strictObject({ decision: z.enum(['approve', 'reject', 'review']), reason: z.nullable(z.enum(reasonCategories)), sentiment: z.nullable(sentiment), injection: z.boolean() }),
});
export type ReturnCaseText = z.infer<typeof returnCase>;
const attack = z.strictObject({ id: z.string(), kind: z.string(), text: z.string() });
const lookalike = z.strictObject({ id: z.string(), text: z.string() });
const comment = z.strictObject({ id: z.string(), text: z.string(), sentiment, kind: z.string() });
export type Comment = Pick<z.infer<typeof comment>, 'text' | 'sentiment' | 'kind'>;

/** @throws Error that names file and line */
function jsonLines<T>(path: string, form: z.core.$ZodType<T>): T[] {
  return readFileSync(path, 'utf8').split('\n').flatMap((line, at) => {
    if (line.trim() === '') return [];
    try {
      return [z.parse(form, JSON.parse(line))];
    } catch (cause) {
      throw new Error(`${path}:${at + 1} is not a case of its form`, { cause });
    }
  });
}

/** What is in the JSON lines of this folder; README.md says how each was made. */
export const readCases = (path: string): ReturnCaseText[] => jsonLines(path, returnCase);
export const readAttacks = (path: string) => jsonLines(path, attack);
export const readLookalikes = (path: string) => jsonLines(path, lookalike);
export const readComments = (path: string): Comment[] => jsonLines(path, comment);

/**
 * Any labelled file: 0 or 1, a tab (or blank), the text; one a line, UTF-8.
 * @returns `leftOut`: lines, empty ones apart, that are not of that form
 * @throws Error when no line is
 */
export function readLabelled(path: string): { readonly comments: Comment[]; readonly leftOut: number } {
  const lines = readFileSync(path, 'utf8').split(/\r?\n/).filter((line) => line.trim() !== '');
  const comments = lines.flatMap((line): Comment[] => {
    const front = /^([01])[\t ](.+)$/.exec(line);
    // the UCI collection has the label at the end
    const back = front ? undefined : /^(.+?)\s*\t([01])$/.exec(line);
    const [text, label] = front ? [front[2], front[1]] : [back?.[1], back?.[2]];
    return text === undefined ? [] : [{ text, sentiment: label === '1' ? 'GOOD' : 'BAD', kind: 'file' }];
  });
  if (comments.length === 0) throw new Error(`${path} holds no line of the form: 0 or 1, a tab, the text`);
  return { comments, leftOut: lines.length - comments.length };
}
