import * as z from 'zod/mini';
import { factsEnv, quarantineEnv, storeEnv } from '../wiring.ts';

export const env = z.object({ ...storeEnv, ...factsEnv, ...quarantineEnv });
