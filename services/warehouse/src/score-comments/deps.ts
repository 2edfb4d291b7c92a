import { redshiftDataClient, sageMakerClient, sageMakerClientOnce } from '@orderflow/shared/aws';
import type { Tools } from '@orderflow/shared/lambda';
import { chosenModel } from '@orderflow/shared/model';
import { factsOf } from '@orderflow/shared/workflow';
import type * as z from 'zod/mini';
import { dataApi } from '@orderflow/shared/aws';
import type { env } from './env.ts';
import type { ScoreComments } from './handle.ts';

export const deps = (variables: z.output<typeof env>, tools: Tools): ScoreComments => ({
  ...tools,
  warehouse: dataApi(redshiftDataClient(), { workgroup: variables.WORKGROUP, database: variables.DATABASE }),
  // within the function's 120 s
  model: chosenModel(variables, tools, { encoder: sageMakerClient, llm: sageMakerClientOnce }, { deadlineMs: 75_000 }),
  facts: factsOf({ stream: variables.FACTS_STREAM, staging: variables.STAGING_BUCKET }),
});
