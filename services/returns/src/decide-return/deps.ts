import { sageMakerClient } from '@orderflow/shared/aws';
import { shippedReturnPolicy } from '@orderflow/shared/domain';
import type { Tools } from '@orderflow/shared/lambda';
import { noModel, sageMakerModel } from '@orderflow/shared/model';
import { storeOf } from '@orderflow/shared/workflow';
import type * as z from 'zod/mini';
import type { env } from './env.ts';
import type { Deps } from './handle.ts';

export const deps = (variables: z.output<typeof env>, tools: Tools): Deps => ({
  ...tools,
  store: storeOf(variables, tools),
  // a stage without an endpoint sends what the policy leaves open to people
  model: variables.MODEL_ENDPOINT === 'none' ? noModel : sageMakerModel(sageMakerClient(), variables.MODEL_ENDPOINT),
  policy: shippedReturnPolicy(),
});
