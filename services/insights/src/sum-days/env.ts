import * as z from 'zod/mini';
import { refreshEnv } from '../results/deps.ts';

export const env = z.extend(refreshEnv, { LAMBDA_TASK_ROOT: z.optional(z.string()) });
