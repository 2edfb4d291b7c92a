import * as z from 'zod/mini';
import { factsEnv, quarantineEnv, storeEnv } from '@orderflow/shared/workflow';

export const env = z.object({ ...storeEnv, ...factsEnv, ...quarantineEnv });
