import { mostBodyBytes, request, type Prediction, type Reply } from '@orderflow/shared/model';
import * as z from 'zod/mini';
import { predict } from '../model/model.ts';
import type { Weights } from '../model/weights-file.ts';

export interface Answer {
  readonly status: number;
  readonly body: string;
}

const refuse = (status: number, error: string): Answer => ({ status, body: JSON.stringify({ error }) });

const finite = (value: unknown): boolean =>
  typeof value === 'number' ? Number.isFinite(value)
    : typeof value !== 'object' || value === null || Object.values(value).every(finite);

/** One line that names the field at fault, never its content: a comment is personal. */
const faultOf = (error: z.core.$ZodError): string => {
  const issue = error.issues[0];
  return issue ? `${issue.path.map(String).join('.') || 'body'}: ${issue.code}` : 'malformed';
};

/**
 * POST /invocations: JSON in, JSON out. 400 what is not of the contract, 413 what is too large, 500 if a number that is
 * none came out of the model; so NaN never leaves.
 */
export function answer(weights: Weights, body: Buffer, model: (weights: Weights, instance: z.infer<typeof request>['instances'][number]) => Prediction = predict): Answer {
  if (body.length > mostBodyBytes) return refuse(413, `a request holds at most ${mostBodyBytes} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return refuse(400, 'the body is not JSON');
  }
  const read = z.safeParse(request, value);
  if (!read.success) return refuse(400, faultOf(read.error));
  const predictions = read.data.instances.map((one) => model(weights, one));
  if (!finite(predictions)) return refuse(500, 'the model answered with a number that is none');
  const reply: Reply = { model: { version: weights.version, sha256: weights.sha256 }, predictions };
  return { status: 200, body: JSON.stringify(reply) };
}
