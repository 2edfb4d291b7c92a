import type * as z from 'zod/mini';
import { placeOf } from '../geography/place-of.ts';
import { refreshDeps } from '../results/deps.ts';
import type { env } from './env.ts';
import type { SumDays } from './handle.ts';

export const deps = (variables: z.output<typeof env>): SumDays => ({ ...refreshDeps(variables), placeOf });
