import * as z from 'zod/mini';
import { factsEnv, storeEnv } from '../wiring.ts';

export const env = z.object({ ...storeEnv, ...factsEnv });
