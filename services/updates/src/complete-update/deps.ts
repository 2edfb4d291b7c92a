import type * as z from 'zod/mini';
import type { Tools } from '@orderflow/shared/lambda';
import { stepDeps } from '@orderflow/shared/workflow';
import type { env } from './env.ts';
import type { Deps } from './handle.ts';

export const deps = (variables: z.output<typeof env>, tools: Tools): Deps => stepDeps(variables, tools);
