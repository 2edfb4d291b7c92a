import type { Tools } from '@orderflow/shared/lambda';
import type * as z from 'zod/mini';
import { refreshDeps } from '../results/deps.ts';
import type { env } from './env.ts';
import type { Forecasts } from './handle.ts';

export const deps = (variables: z.output<typeof env>, { log }: Tools): Forecasts => ({ ...refreshDeps(variables), log });
