import * as z from 'zod/mini';
import { storeEnv } from '../wiring.ts';

export const env = z.object({ MODEL_ENDPOINT: z.string(), ...storeEnv });
