import { setTimeout as pause } from 'node:timers/promises';
import type { Log, Meter } from '@orderflow/shared/lambda';
import type { Instance, Prediction, Reply } from '../contract.ts';
import { ModelUnusable, type LanguageModel } from '../port.ts';
import { ask, type AskLimits } from './ask.ts';
import type { Budget } from './budget.ts';
import type { Invoke } from './invoke.ts';
import { newMark, promptVersion } from './prompt.ts';

export interface MessagesSettings extends Partial<AskLimits> {
  /** What answers: the name that the endpoint serves it by, and the hash of its weights, which no endpoint tells. */
  readonly model: Reply['model'];
  readonly budget: Budget;
  /** Milliseconds for a whole batch, every attempt and pause included. */
  readonly deadlineMs?: number;
  /** Requests under way at once. */
  readonly concurrency?: number;
  readonly log?: Pick<Log, 'warn'>;
  readonly meter?: Pick<Meter, 'count'>;
  readonly newMark?: () => string;
  readonly pause?: (milliseconds: number, signal: AbortSignal) => Promise<unknown>;
}

/** Answers text by text: where one has none, the others still have theirs. */
export interface MessagesModel extends LanguageModel {
  /**
   * In the order of the instances; `undefined` where the model gave no usable answer about this one, or where the
   * endpoint, the time or the money ended before it was asked.
   * @throws ModelUnusable why not one is answered
   */
  predictEach(instances: readonly Instance[]): Promise<{ readonly model: Reply['model']; readonly predictions: readonly (Prediction | undefined)[] }>;
}

const usual = { maxTokens: 200, maxPromptTokens: 16_000, attempts: 3, badAnswers: 1, backoffMs: 200, deadlineMs: 12_000, concurrency: 8 };
/** Failures of one text, which say nothing about the next. */
const ofOneText: readonly ModelUnusable['code'][] = ['bad-answer', 'too-long'];

interface Readings {
  readonly predictions: readonly (Prediction | undefined)[];
  /** What ended the batch, else why a text has no answer. */
  readonly failure: ModelUnusable | undefined;
}

/**
 * The port over an endpoint of the messages form (vLLM's, LMI's, or any that speaks it), one request a text. Whatever
 * is not an answer of the contract is a ModelUnusable, and then people decide (MODEL.md, rule 3).
 */
export function messagesModel(invoke: Invoke, settings: MessagesSettings): MessagesModel {
  const { model, budget, deadlineMs, concurrency, log, meter, ...limits } = { ...usual, ...settings };
  const answering = { version: `${model.version.slice(0, 100)}/prompt-${promptVersion}`, sha256: model.sha256 };

  const readAll = async (instances: readonly Instance[], forgives: readonly ModelUnusable['code'][]): Promise<Readings> => {
    const ended = new AbortController();
    const late = setTimeout(() => ended.abort(), deadlineMs);
    const asking = {
      invoke, model: model.version, limits, account: budget.batch(), signal: ended.signal, newMark: settings.newMark ?? newMark,
      pause: settings.pause ?? ((milliseconds: number, signal: AbortSignal) => pause(milliseconds, undefined, { signal })),
      spent: ({ promptTokens, completionTokens }: { promptTokens: number; completionTokens: number }) => {
        meter?.count('ModelPromptTokens', promptTokens);
        meter?.count('ModelCompletionTokens', completionTokens);
      },
    };
    const predictions = Array.from<Prediction | undefined>({ length: instances.length });
    const waiting = instances.entries();
    let failure: Error | undefined;
    let forgiven: ModelUnusable | undefined;
    const work = async (): Promise<void> => {
      for (const [at, instance] of waiting) {
        try {
          predictions[at] = await ask(instance, asking);
        } catch (error) {
          if (error instanceof ModelUnusable && forgives.includes(error.code)) forgiven ??= error;
          else {
            failure ??= error as Error;
            ended.abort();
          }
        }
      }
    };
    try {
      await Promise.all(Array.from({ length: Math.min(concurrency, instances.length) }, work));
    } finally {
      clearTimeout(late);
    }
    if (failure && !(failure instanceof ModelUnusable)) throw failure;
    if (failure?.code === 'over-budget') {
      log?.warn('MODEL_CAPPED', { texts: instances.length });
      meter?.count('ModelCapped');
    }
    return { predictions, failure: failure ?? forgiven };
  };

  return {
    async predictEach(instances) {
      const { predictions, failure } = await readAll(instances, ofOneText);
      const answered = predictions.filter((one) => one !== undefined).length;
      if (failure && answered === 0) throw failure;
      if (failure) log?.warn('MODEL_FAILED', { reason: failure.code, texts: instances.length, answered });
      return { model: answering, predictions };
    },
    async predict(instances) {
      const { predictions, failure } = await readAll(instances, []);
      if (failure) throw failure;
      return { model: answering, predictions: predictions.filter((one) => one !== undefined) };
    },
  };
}
