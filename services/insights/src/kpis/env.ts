import * as z from 'zod/mini';
import { refreshEnv } from '../results/deps.ts';

export const env = z.extend(refreshEnv, { STAGE: z.string(), ALERTS_TOPIC: z.string() });
