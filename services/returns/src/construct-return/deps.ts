import type { Tools } from '@orderflow/shared/lambda';
import { storeOf } from '@orderflow/shared/workflow';
import type * as z from 'zod/mini';
import { returnPolicy } from '../policy.ts';
import { mailRuleOf } from '../returned.ts';
import { archive, customerMailer } from '../wiring.ts';
import type { env } from './env.ts';
import type { Deps } from './handle.ts';

export const deps = (variables: z.output<typeof env>, tools: Tools): Deps => ({
  ...tools,
  store: storeOf(variables, tools),
  archive: archive(variables),
  mailer: customerMailer(variables),
  mayWrite: mailRuleOf(variables.STAGE),
  policy: returnPolicy(),
});
