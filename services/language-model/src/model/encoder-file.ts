import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { returnFacts } from '@orderflow/shared/model';
import * as z from 'zod/mini';

const factNames = Object.keys(returnFacts.shape);
const positive = z.number().check(z.gt(0));
const temperature = z.object({ temperature: positive });
/** Platt scaling: probability = σ(a·x + b). */
const platt = z.object({ a: z.number(), b: z.number() });

const about = z.object({
  version: z.string().check(z.regex(/^[\w.-]{1,128}$/)),
  /** Length of the window in tokens, the special ones included. */
  maxTokens: z.int().check(z.gte(48), z.lte(512)),
  /** How each fact becomes a number that the network learned from, in the order of the contract. */
  facts: z.array(z.object({ name: z.string(), scale: positive, most: positive })).check(
    z.refine((facts) => facts.map(({ name }) => name).join() === factNames.join(), 'the facts must be those of the contract, in its order'),
  ),
  /** How logits become probabilities: softmax(x / temperature), or Platt scaling. */
  calibration: z.object({ decision: temperature, reason: temperature, sentiment: platt, injection: platt }),
  /** From which probability a text is taken for an attack. */
  injectionAt: z.number().check(z.gt(0), z.lt(1)),
  /** SHA-256 of the files beside this one. */
  files: z.record(z.enum(['encoder.onnx', 'tokenizer.json']), z.string().check(z.regex(/^[0-9a-f]{64}$/))),
});
export type About = z.infer<typeof about>;

export interface EncoderFile extends About {
  /** Of encoder.json, which names the hashes of the others. */
  readonly sha256: string;
  readonly onnxFile: string;
  readonly tokenizer: object;
}

const hashOf = (bytes: Buffer): string => createHash('sha256').update(bytes).digest('hex');

function parse(bytes: Buffer): About {
  let value: unknown;
  try {
    value = JSON.parse(bytes.toString('utf8'));
  } catch {
    throw new Error('encoder.json is not JSON');
  }
  const read = z.safeParse(about, value);
  if (read.success) return read.data;
  const issue = read.error.issues[0];
  throw new Error(`encoder.json is not of this program: ${issue?.path.map(String).join('.') ?? ''}: ${issue?.message ?? 'malformed'}`);
}

/**
 * Reads `encoder.json` and makes sure that `encoder.onnx` and `tokenizer.json` beside it are the files that it names.
 * @throws Error in one line when a file is missing, not of this program, or another than its hash says
 */
export function readEncoder(folder: string): EncoderFile {
  const bytes = readFileSync(join(folder, 'encoder.json'));
  const read = parse(bytes);
  const checked = (name: keyof About['files']): Buffer => {
    const content = readFileSync(join(folder, name));
    if (hashOf(content) !== read.files[name]) throw new Error(`${name} is not the file that encoder.json names (SHA-256 ${hashOf(content)})`);
    return content;
  };
  checked('encoder.onnx');
  return { ...read, sha256: hashOf(bytes), onnxFile: join(folder, 'encoder.onnx'), tokenizer: JSON.parse(checked('tokenizer.json').toString('utf8')) as object };
}
