import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { decisionFeatureNames } from './decision.ts';
import { buckets } from './features.ts';

const header = z.object({
  version: z.string(),
  buckets: z.literal(buckets),
  /** int8 × scale = weight. */
  scale: z.number(),
  bias: z.number(),
  /** Platt scaling: probability = σ(a × score + b). */
  platt: z.object({ a: z.number(), b: z.number() }),
  /** approve, reject, review: one row of weights each. */
  decision: z.array(z.array(z.number()).check(z.length(decisionFeatureNames.length))),
});

export interface Weights extends z.infer<typeof header> {
  readonly sha256: string;
  readonly sentiment: Int8Array;
}

/** One file: a line of JSON, then one signed byte a bucket. */
export const writeWeights = (about: z.infer<typeof header>, sentiment: Int8Array): Buffer =>
  Buffer.concat([Buffer.from(`${JSON.stringify(about)}\n`), Buffer.from(sentiment.buffer)]);

/** @throws Error in one line when the file is not a model of this version */
export function readWeights(bytes: Buffer): Weights {
  const end = bytes.indexOf(10);
  const read = end < 0 ? undefined : z.safeParse(header, JSON.parse(bytes.subarray(0, end).toString('utf8')));
  if (!read?.success || bytes.length !== end + 1 + buckets) throw new Error('the weights are not a model of this program: train again');
  return {
    ...read.data,
    sha256: createHash('sha256').update(bytes).digest('hex'),
    sentiment: new Int8Array(bytes.buffer, bytes.byteOffset + end + 1, buckets),
  };
}
