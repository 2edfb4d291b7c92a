import * as z from 'zod/mini';
import { reply, type Instance, type Reply } from './contract.ts';

/** No usable answer: down, slow, not JSON, not of the contract, not finite. A person decides (MODEL.md, rule 3). */
export class ModelUnusable extends Error {
  /** `over-budget`: a cap on money is reached; `too-long`: of a text that would cost too much. */
  readonly code: 'none' | 'unreachable' | 'timeout' | 'refused' | 'bad-answer' | 'over-budget' | 'too-long';
  constructor(code: ModelUnusable['code'], options?: ErrorOptions) {
    super(`the language model gave no usable answer: ${code}`, options);
    this.name = 'ModelUnusable';
    this.code = code;
  }
}

/** Reads many texts in one call; the predictions stand in the order of the instances. @throws ModelUnusable */
export interface LanguageModel {
  predict(instances: readonly Instance[]): Promise<Reply>;
}

/** Reads an answer: JSON, of the contract, one prediction an instance, every number finite. @throws ModelUnusable */
export function readReply(body: Uint8Array, instances: readonly Instance[]): Reply {
  let value: unknown;
  try {
    value = JSON.parse(Buffer.from(body).toString('utf8'));
  } catch (cause) {
    throw new ModelUnusable('bad-answer', { cause });
  }
  // the contract's numbers are bounded, so NaN and infinity (which JSON cannot hold: null) fail here
  const read = z.safeParse(reply, value);
  if (!read.success || read.data.predictions.length !== instances.length) throw new ModelUnusable('bad-answer');
  const undecided = instances.some((one, at) => one.facts !== undefined && read.data.predictions[at]?.decision === undefined);
  if (undecided) throw new ModelUnusable('bad-answer');
  return read.data;
}
