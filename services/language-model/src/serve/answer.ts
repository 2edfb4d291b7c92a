import { mostBodyBytes, request, type LanguageModel } from '@orderflow/shared/model';
import * as z from 'zod/mini';
import { NotFinite, TooMuchText } from '../model/refusals.ts';
import { Busy, type Queue } from './queue.ts';

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
 * POST /invocations: JSON in, JSON out. 400 what is not of the contract, 413 what is too large, 503 when too much waits, 500
 * if a number that is none came out of the model; so NaN never leaves.
 */
export async function answer(model: LanguageModel, queue: Queue, body: Buffer): Promise<Answer> {
  if (body.length > mostBodyBytes) return refuse(413, `a request holds at most ${mostBodyBytes} bytes`);
  let value: unknown;
  try {
    value = JSON.parse(body.toString('utf8'));
  } catch {
    return refuse(400, 'the body is not JSON');
  }
  const read = z.safeParse(request, value);
  if (!read.success) return refuse(400, faultOf(read.error));
  try {
    const reply = await queue.run(read.data.instances.length, () => model.predict(read.data.instances));
    if (!finite(reply)) throw new NotFinite();
    return { status: 200, body: JSON.stringify(reply) };
  } catch (error) {
    if (error instanceof Busy) return refuse(503, error.message);
    if (error instanceof TooMuchText) return refuse(413, error.message);
    if (error instanceof NotFinite) return refuse(500, error.message);
    throw error;
  }
}
