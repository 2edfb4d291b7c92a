import { createHash, randomBytes } from 'node:crypto';
import { returnFacts, type Instance } from '../contract.ts';
// beside the code, because the training recipe (services/language-model/training/lora) reads the same file
import words from './prompt.json' with { type: 'json' };

export interface Message {
  readonly role: 'system' | 'user';
  readonly content: string;
}

/** Names the prompt and the answer's schema in the audit: another prompt is another model. */
export const promptVersion = createHash('sha256').update(JSON.stringify([words.system, words.schema, words.decision])).digest('hex').slice(0, 8);

/** A mark that a customer cannot know. */
export const newMark = (): string => randomBytes(8).toString('hex');

const swaps: Readonly<Record<string, string>> = { '<': '‹', '>': '›', '|': '¦', '[': '(', ']': ')' };

/**
 * Foreign words as one JSON string. A server reads its control tokens (`<|im_end|>`, `[INST]`, `</s>`) also in what a user
 * sent, so the brackets that all of them need are swapped for look-alikes; a JSON string has no line of its own to begin.
 */
export const quoted = (text: string): string => JSON.stringify(text.replaceAll(/[<>|[\]]/g, (sign) => swaps[sign] ?? sign));

const round = (value: number): number => Math.round(value * 1000) / 1000;

function factsLine(facts: NonNullable<Instance['facts']>): string {
  const known = Object.keys(returnFacts.shape).flatMap((name) => {
    const value = facts[name as keyof typeof facts];
    return value === undefined ? [] : [[name, round(value)] as const];
  });
  return `facts: ${JSON.stringify(Object.fromEntries(known))}`;
}

const fenced = (name: string, text: string, mark: string): string[] => [`BEGIN ${name} ${mark}`, quoted(text), `END ${name} ${mark}`];

/**
 * The question about one text: the task and its rules as the system's part; as the user's part facts as numbers
 * (MODEL.md, rule 2), and the customer's words between lines that carry a random mark, declared to be data.
 */
export function promptOf(instance: Instance, mark: string): readonly Message[] {
  const user = [
    `mark: ${mark}`,
    ...(instance.facts ? [factsLine(instance.facts)] : []),
    ...(instance.reason === undefined ? [] : fenced('reason', instance.reason, mark)),
    ...fenced('text', instance.text, mark),
  ];
  return [{ role: 'system', content: words.system.join('\n') }, { role: 'user', content: user.join('\n') }];
}

/** What vLLM holds the answer to. https://docs.vllm.ai/en/latest/features/structured_outputs/ */
export function responseFormat(instance: Instance): object {
  const { schema, decision } = words;
  const asked = instance.facts === undefined
    ? schema
    : { ...schema, required: [...schema.required, 'decision'], properties: { ...schema.properties, decision } };
  return { type: 'json_schema', json_schema: { name: instance.facts === undefined ? 'comment' : 'return', strict: true, schema: asked } };
}

/** Most tokens that the messages can be: tokenizers work on bytes and none makes two tokens of one; some for the chat template. */
export const mostPromptTokens = (messages: readonly Message[]): number =>
  messages.reduce((sum, { content }) => sum + Buffer.byteLength(content) + 16, 32);
