import type { Tools } from '@orderflow/shared/lambda';
import { storeOf } from '@orderflow/shared/workflow';
import type * as z from 'zod/mini';
import { instructionsOf } from '../returned.ts';
import { customerMailer } from '../wiring.ts';
import type { env } from './env.ts';
import type { Deps } from './handle.ts';

export const deps = (variables: z.output<typeof env>, tools: Tools): Deps => ({
  ...tools,
  store: storeOf(variables, tools),
  mailer: customerMailer(variables),
  instructions: instructionsOf(variables.STAGE),
});
