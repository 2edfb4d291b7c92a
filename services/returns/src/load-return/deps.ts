import type { Tools } from '@orderflow/shared/lambda';
import { factsOf, storeOf } from '@orderflow/shared/workflow';
import type * as z from 'zod/mini';
import { mailRuleOf } from '../returned.ts';
import type { env } from './env.ts';
import type { Deps } from './handle.ts';

export const deps = (variables: z.output<typeof env>, tools: Tools): Deps => ({
  ...tools,
  store: storeOf(variables, tools),
  facts: factsOf({ stream: variables.FACTS_STREAM, staging: variables.STAGING_BUCKET }),
  mayWrite: mailRuleOf(variables.STAGE),
});
