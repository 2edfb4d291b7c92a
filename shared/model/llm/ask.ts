import type { Instance, Prediction } from '../contract.ts';
import { ModelUnusable } from '../port.ts';
import { readAnswer, usageOf, type Usage } from './answer.ts';
import type { BatchAccount } from './budget.ts';
import { InvokeFailed, type Invoke } from './invoke.ts';
import { mostPromptTokens, promptOf, responseFormat } from './prompt.ts';

export interface AskLimits {
  /** Tokens of an answer; one of this form has about 90. */
  readonly maxTokens: number;
  /** Tokens of a prompt at most, counted by bytes: a text that may be more is not asked about. */
  readonly maxPromptTokens: number;
  /** Attempts in all where the endpoint does not answer. */
  readonly attempts: number;
  /** Further attempts after an answer that is of no use. */
  readonly badAnswers: number;
  /** Milliseconds before the second attempt; each further one waits four times as long. */
  readonly backoffMs: number;
}

export interface Asking {
  readonly invoke: Invoke;
  readonly model: string;
  readonly limits: AskLimits;
  readonly account: BatchAccount;
  readonly newMark: () => string;
  readonly pause: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
  /** Ends everything: the deadline, or a batch given up. */
  readonly signal: AbortSignal;
  readonly spent: (usage: Usage) => void;
}

/** A seed makes equal requests equal; a further attempt has another one and another mark, or it would bring the same. */
const firstSeed = 20_261_123;

/**
 * Asks about one text until there is an answer of the contract, within the limits.
 * @throws ModelUnusable why there is none
 */
export async function ask(instance: Instance, { invoke, model, limits, account, newMark, pause, signal, spent }: Asking): Promise<Prediction> {
  const once = async (attempt: number): Promise<Prediction> => {
    const messages = promptOf(instance, newMark());
    const most = { promptTokens: mostPromptTokens(messages), completionTokens: limits.maxTokens };
    if (most.promptTokens > limits.maxPromptTokens) throw new ModelUnusable('too-long');
    const settle = account.reserve(most);
    const request = { model, messages, max_tokens: limits.maxTokens, temperature: 0, seed: firstSeed + attempt, n: 1, stream: false, response_format: responseFormat(instance) };
    let body: Uint8Array;
    try {
      body = await invoke(Buffer.from(JSON.stringify(request)), signal);
    } catch (error) {
      // what was refused was not computed; what broke off may have been
      if (error instanceof InvokeFailed && !error.passing) settle({ promptTokens: 0, completionTokens: 0 });
      throw error;
    }
    const usage = usageOf(body) ?? most;
    settle(usage);
    spent(usage);
    return readAnswer(body, instance, model);
  };
  let failed = 0;
  let bad = 0;
  for (;;) {
    if (signal.aborted) throw new ModelUnusable('timeout');
    try {
      return await once(failed + bad);
    } catch (error) {
      if (!(error instanceof ModelUnusable)) throw error;
      if (error instanceof InvokeFailed && error.passing && failed + 1 < limits.attempts) {
        await pause(limits.backoffMs * 4 ** failed, signal).catch(() => undefined);
        failed += 1;
      } else if (error.code === 'bad-answer' && bad < limits.badAnswers) {
        bad += 1;
      } else throw error;
    }
  }
}
