import type { SageMakerRuntimeClient } from '@aws-sdk/client-sagemaker-runtime';
import type { Tools } from '@orderflow/shared/lambda';
import * as z from 'zod/mini';
import type { LanguageModel } from '../port.ts';
import { noModel, sageMakerModel } from '../sagemaker-model.ts';
import { Budget } from './budget.ts';
import { sageMakerInvoke } from './invoke.ts';
import { messagesModel, type MessagesModel, type MessagesSettings } from './messages-model.ts';

const money = () => z.coerce.number().check(z.gt(0));

/** Environment of a function that asks the model: services/language-model/README.md names the parameters behind it. */
export const modelEnv = {
  /** Name of the endpoint, or `none`. */
  MODEL_ENDPOINT: z.string(),
  /** What stands behind it, and so the form of a request. */
  MODEL_KIND: z._default(z.enum(['encoder', 'llm']), 'encoder'),
  /** Of an llm: the name that it is served by. */
  MODEL_VERSION: z._default(z.string().check(z.minLength(1)), 'none'),
  /** Of an llm: hash of its weights. */
  MODEL_SHA256: z._default(z.string().check(z.regex(/^[0-9a-f]{64}$/)), '0'.repeat(64)),
  /** Prices of a million tokens and caps on what is spent, all in one currency. */
  MODEL_PROMPT_PRICE: z._default(money(), 1),
  MODEL_COMPLETION_PRICE: z._default(money(), 1),
  MODEL_DAY_CAP: z._default(money(), 10),
  MODEL_BATCH_CAP: z._default(money(), 1),
};

type Variables = { readonly [Name in keyof typeof modelEnv]: z.output<(typeof modelEnv)[Name]> };

/**
 * The model that a stage has deployed.
 * @param settings `deadlineMs`: until the whole answer must be here, of either kind
 * @param client makes the SDK client; for an llm one that tries once, as the adapter tries again itself
 */
export function chosenModel(
  variables: Variables, { log, meter, clock }: Pick<Tools, 'log' | 'meter' | 'clock'>,
  client: Readonly<Record<Variables['MODEL_KIND'], () => Pick<SageMakerRuntimeClient, 'send'>>>, settings: Pick<MessagesSettings, 'deadlineMs' | 'concurrency'> = {},
): LanguageModel | MessagesModel {
  const { MODEL_ENDPOINT: endpoint, MODEL_KIND: kind } = variables;
  // a stage without an endpoint sends what the policy leaves open to people
  if (endpoint === 'none') return noModel;
  if (kind === 'encoder') return sageMakerModel(client.encoder(), endpoint, settings.deadlineMs);
  return messagesModel(sageMakerInvoke(client.llm(), endpoint), {
    ...settings, log, meter, model: { version: variables.MODEL_VERSION, sha256: variables.MODEL_SHA256 },
    budget: new Budget(
      { promptPrice: variables.MODEL_PROMPT_PRICE, completionPrice: variables.MODEL_COMPLETION_PRICE },
      { perDay: variables.MODEL_DAY_CAP, perBatch: variables.MODEL_BATCH_CAP }, clock,
    ),
  });
}
