import * as z from 'zod/mini';
import { mailEnv, storeEnv } from '../wiring.ts';

export const env = z.object({ REVIEW_TOPIC: z.string(), ESCALATION_TOPIC: z.string(), ...storeEnv, ...mailEnv });
