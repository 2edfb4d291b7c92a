import * as z from 'zod/mini';
import { quarantineEnv, storeEnv } from '../wiring.ts';

export const env = z.object({ ...storeEnv, ...quarantineEnv });
