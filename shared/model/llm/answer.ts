import * as z from 'zod/mini';
import { reasonCategories, type Instance, type Prediction } from '../contract.ts';
import { ModelUnusable } from '../port.ts';
import { bearsAttackMarks } from '../attack-marks.ts';

/** Bytes of a reply beyond which it is none; a good one has some 700. */
export const mostReplyBytes = 64_000;
/** How far the three probabilities of a decision may be from 1 together: models count in hundredths. */
const slack = 0.02;

const count = z.int().check(z.gte(0));
const usage = z.object({ prompt_tokens: count, completion_tokens: count });

/** Of https://docs.vllm.ai/en/latest/serving/openai_compatible_server/ what is read; a server may say more. */
const completion = z.object({
  model: z.string(),
  choices: z.tuple([z.object({
    finish_reason: z.literal('stop'),
    message: z.object({
      role: z.literal('assistant'),
      content: z.string(),
      refusal: z.optional(z.nullable(z.literal(''))),
      tool_calls: z.optional(z.nullable(z.tuple([]))),
    }),
  })]),
});

const probability = z.number().check(z.gte(0), z.lte(1));
const labelled = <const Labels extends readonly string[]>(labels: Labels) => z.strictObject({ label: z.enum(labels), score: probability });
const comment = {
  reason: labelled(reasonCategories),
  sentiment: labelled(['GOOD', 'BAD']).check(z.refine(({ label, score }) => (label === 'GOOD') === score >= 0.5)),
  injection: z.strictObject({ flagged: z.boolean(), score: probability }),
};
const decision = z.strictObject({ approve: probability, reject: probability, review: probability })
  .check(z.refine(({ approve, reject, review }) => Math.abs(approve + reject + review - 1) <= slack));
const ofComment = z.strictObject(comment);
const ofReturn = z.strictObject({ ...comment, decision });

export interface Usage {
  readonly promptTokens: number;
  readonly completionTokens: number;
}

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new ModelUnusable('bad-answer', { cause });
  }
};

const read = <Schema extends z.ZodMiniType>(schema: Schema, value: unknown): z.output<Schema> => {
  const result = z.safeParse(schema, value);
  if (!result.success) throw new ModelUnusable('bad-answer');
  return result.data;
};

/** What a reply says it cost, also where its answer is of no use; undefined where it does not say. */
export function usageOf(body: Uint8Array): Usage | undefined {
  if (body.length > mostReplyBytes) return undefined;
  try {
    const said = z.safeParse(z.object({ usage }), JSON.parse(Buffer.from(body).toString('utf8')));
    return said.success ? { promptTokens: said.data.usage.prompt_tokens, completionTokens: said.data.usage.completion_tokens } : undefined;
  } catch {
    return undefined;
  }
}

/**
 * Reads the reply to {@link promptOf}: one choice, ended by itself, whose content is nothing but the JSON that was asked
 * for. Prose, fences, half an answer, a sum that is not 1, a label against its score: nothing is guessed at.
 * An attack is flagged by the model's flag, by its score or by marks in the words.
 * @param model the name that the endpoint must answer by
 * @throws ModelUnusable bad-answer
 */
export function readAnswer(body: Uint8Array, instance: Instance, model: string): Prediction {
  if (body.length > mostReplyBytes) throw new ModelUnusable('bad-answer');
  const { model: answered, choices: [{ message }] } = read(completion, parsed(Buffer.from(body).toString('utf8')));
  if (answered !== model) throw new ModelUnusable('bad-answer');
  const said = read(instance.facts === undefined ? ofComment : ofReturn, parsed(message.content));
  const flagged = said.injection.flagged || said.injection.score >= 0.5 || bearsAttackMarks(instance.text, instance.reason);
  return { ...said, injection: { flagged, score: said.injection.score } };
}
