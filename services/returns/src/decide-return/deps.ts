import { sageMakerClient, sageMakerClientOnce } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { chosenModel, sageMakerModel } from '@orderflow/shared/model';
import { storeOf } from '@orderflow/shared/workflow';
import type * as z from 'zod/mini';
import { returnPolicy } from '../policy.ts';
import type { env } from './env.ts';
import type { Deps } from './handle.ts';

export const deps = (variables: z.output<typeof env>, tools: Tools): Deps => ({
  ...tools,
  store: storeOf(variables, tools),
  // within the function's 30 s
  model: chosenModel(variables, tools, { encoder: sageMakerClient, llm: sageMakerClientOnce }, { deadlineMs: 15_000 }),
  // asked beside the first one, and not waited for longer than a customer would notice
  ...(variables.SHADOW_ENDPOINT === 'none' ? {} : { shadow: sageMakerModel(sageMakerClientOnce(), variables.SHADOW_ENDPOINT, 3_000) }),
  policy: returnPolicy(),
});
